"""Wiring of the pages."""

from django.urls import include, path

from forum import health, views
from forum.accounts.urls import allauth_patterns

urlpatterns = [
    path("", views.home, name="home"),
    path("exit/", views.quick_exit, name="quick_exit"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("forum.care.urls")),
    path("", include("forum.accounts.urls")),
    path("", include(allauth_patterns)),
    path("", include("forum.rooms.urls")),
    path("", include("forum.chat.urls")),
    path("desk/", include("moderation.desk.urls")),
]
