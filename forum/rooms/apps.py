from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "forum.rooms"
    label = "rooms"
