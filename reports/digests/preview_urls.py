"""The addresses of the preview, inside the administration."""

from django.contrib import admin
from django.urls import path

from reports.digests import preview_views

app_name = "previews"

wrap = admin.site.admin_view

urlpatterns = [
    path("", wrap(preview_views.preview), name="preview"),
    path("html/", wrap(preview_views.preview_html), name="preview-html"),
    path("send/", wrap(preview_views.preview_send), name="preview-send"),
]
