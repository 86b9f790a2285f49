"""The addresses of mergers and splits, inside the administration."""

from django.contrib import admin
from django.urls import path

from reports.reorganisation import views

app_name = "reorganisation"

wrap = admin.site.admin_view

urlpatterns = [
    path("units/<int:pk>/merge/", wrap(views.merge), name="unit-merge"),
    path("units/<int:pk>/split/", wrap(views.split), name="unit-split"),
]
