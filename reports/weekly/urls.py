"""Addresses of the weekly reports."""

from django.urls import path

from reports.weekly import views

app_name = "weekly"
urlpatterns = [
    path("", views.report_list, name="report-list"),
    path("<int:pk>/", views.report_detail, name="report-detail"),
    path("<int:pk>/file/", views.report_file, name="report-file"),
    path("<int:pk>/zero/", views.report_zero, name="report-zero"),
]
