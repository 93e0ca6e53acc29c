from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "forum.care"
    label = "care"
