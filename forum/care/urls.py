from django.urls import path

from forum.care import views

app_name = "care"
urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/country/", views.choose_country, name="choose_country"),
    path("help/broken/", views.report_line, name="report_line"),
]
