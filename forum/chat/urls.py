from django.urls import path

from forum.chat import message_views, views

app_name = "chat"
ONE = "rooms/<slug:slug>/messages/<uuid:message_id>/"
urlpatterns = [
    path("rooms/<slug:slug>/talk/", views.room, name="room"),
    path("rooms/<slug:slug>/messages/", views.send, name="send"),
    path("rooms/<slug:slug>/read/", views.read, name="read"),
    path("rooms/<slug:slug>/events/", views.events_after, name="events"),
    path("rooms/<slug:slug>/history/", views.older, name="history"),
    path("rooms/<slug:slug>/shares/", views.shares, name="shares"),
    path("rooms/<slug:slug>/shares/new/", views.new_share, name="new_share"),
    path("rooms/<slug:slug>/shares/<uuid:share_id>/", views.share, name="share"),
    path(ONE, message_views.message, name="message"),
    path(ONE + "edit/", message_views.edit, name="edit"),
    path(ONE + "delete/", message_views.delete, name="delete"),
    path(ONE + "report/", message_views.report, name="report"),
    path(ONE + "react/", message_views.react, name="react"),
    path(ONE + "mute/", message_views.mute, name="mute"),
    path("notices/", message_views.notices_page, name="notices"),
    path("notices/<int:pk>/appeal/", message_views.appeal, name="appeal"),
]
