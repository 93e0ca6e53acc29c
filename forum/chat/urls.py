from django.urls import path

from forum.chat import views

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
    path(ONE, views.message, name="message"),
    path(ONE + "edit/", views.edit, name="edit"),
    path(ONE + "delete/", views.delete, name="delete"),
    path(ONE + "report/", views.report, name="report"),
    path(ONE + "react/", views.react, name="react"),
    path(ONE + "mute/", views.mute, name="mute"),
    path("notices/", views.notices_page, name="notices"),
    path("notices/<int:pk>/appeal/", views.appeal, name="appeal"),
]
