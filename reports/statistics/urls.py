"""Addresses of the statistics."""

from django.urls import path

from reports.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.show, name="overview"),
]
