"""Addresses of activity records."""

from django.urls import path

from reports.records import form_views, list_views, views

app_name = "records"

urlpatterns = [
    path("", list_views.record_list, name="record-list"),
    path("export/", list_views.record_export, name="record-export"),
    path("filters/keep/", list_views.filter_keep, name="filter-keep"),
    path("filters/<int:pk>/drop/", list_views.filter_drop, name="filter-drop"),
    path("new/", form_views.record_new, name="record-new"),
    path("new/<slug:type_code>/", form_views.record_create, name="record-create"),
    path("<int:pk>/", views.record_detail, name="record-detail"),
    path("<int:pk>/edit/", form_views.record_edit, name="record-edit"),
    path("<int:pk>/submit/", views.record_submit, name="record-submit"),
    path("<int:pk>/void/", views.record_void, name="record-void"),
]
