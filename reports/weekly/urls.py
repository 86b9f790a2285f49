"""Addresses of the weekly reports."""

from django.urls import path

from reports.weekly import list_views, views

app_name = "weekly"
urlpatterns = [
    path("", list_views.report_list, name="report-list"),
    path("<int:pk>/", views.report_detail, name="report-detail"),
    path("<int:pk>/sheet/", views.report_sheet, name="report-sheet"),
    path("<int:pk>/file/", views.report_file, name="report-file"),
    path("<int:pk>/zero/", views.report_zero, name="report-zero"),
    path("<int:pk>/typed/", views.report_typed, name="report-typed"),
    path("<int:pk>/drop/", views.report_drop, name="report-drop"),
    path("<int:pk>/sign/", views.report_sign, name="report-sign"),
    path("<int:pk>/ask/", views.report_ask, name="report-ask"),
]
