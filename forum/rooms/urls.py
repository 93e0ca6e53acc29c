from django.urls import path

from forum.rooms import views

app_name = "rooms"
urlpatterns = [
    path("rooms/", views.rooms, name="catalogue"),
    path("rooms/<slug:slug>/", views.charter, name="charter"),
    path("rooms/<slug:slug>/join/", views.join, name="join"),
    path("rooms/<slug:slug>/leave/", views.leave, name="leave"),
    path("rooms/<slug:slug>/requests/<int:pk>/", views.answer_request, name="answer_request"),
]
