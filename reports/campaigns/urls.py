"""Addresses of a campaign's time."""

from django.urls import path

from reports.campaigns import views

app_name = "campaigns"
urlpatterns = [path("", views.period_list, name="period-list")]
