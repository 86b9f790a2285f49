"""Addresses of activity records."""

from django.urls import path

from reports.records import views

app_name = "records"

urlpatterns = [
    path("", views.record_list, name="record-list"),
    path("new/", views.record_new, name="record-new"),
]
