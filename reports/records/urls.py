"""Addresses of activity records."""

from django.urls import path

from reports.records import file_views, form_views, joint_views, list_views, typed_views, views
from reports.records.ledgers import views as ledgers

app_name = "records"

urlpatterns = [
    path("", list_views.record_list, name="record-list"),
    path("export/", list_views.record_export, name="record-export"),
    path("filters/keep/", list_views.filter_keep, name="filter-keep"),
    path("filters/<int:pk>/drop/", list_views.filter_drop, name="filter-drop"),
    path("new/", form_views.record_new, name="record-new"),
    path("new/<slug:type_code>/", form_views.record_create, name="record-create"),
    path("ledger/", ledgers.ledger, name="ledger"),
    path("ledger/template/", ledgers.ledger_template, name="ledger-template"),
    path("ledger/paste/", ledgers.ledger_paste, name="ledger-paste"),
    path("ledger/<uuid:key>/", ledgers.ledger_preview, name="ledger-preview"),
    path("ledger/<uuid:key>/confirm/", ledgers.ledger_confirm, name="ledger-confirm"),
    path("ledger/<uuid:key>/errors/", ledgers.ledger_problems, name="ledger-problems"),
    path("typed/", typed_views.typed, name="typed"),
    path("typed/<int:pk>/", typed_views.typed_open, name="typed-open"),
    path("typed/<int:pk>/drop/", typed_views.typed_drop, name="typed-drop"),
    path("join/", joint_views.event_join, name="event-join"),
    path("<int:pk>/share/", joint_views.event_share, name="event-share"),
    path("<int:pk>/leave/", joint_views.event_leave, name="event-leave"),
    path("<int:pk>/", views.record_detail, name="record-detail"),
    path("<int:pk>/edit/", form_views.record_edit, name="record-edit"),
    path("<int:pk>/files/", file_views.file_attach, name="file-attach"),
    path("files/<uuid:key>/", file_views.file_keep, name="file-keep"),
    path("files/<int:pk>/", file_views.file_download, name="file-download"),
    path("files/<int:pk>/small/", file_views.file_thumbnail, name="file-thumbnail"),
    path("files/<int:pk>/remove/", file_views.file_detach, name="file-detach"),
    path("<int:pk>/submit/", views.record_submit, name="record-submit"),
    path("<int:pk>/void/", views.record_void, name="record-void"),
]
