"""The addresses of the units' pages."""

from django.urls import path

from units import views

app_name = "units"

urlpatterns = [
    path("", views.unit_list, name="unit-list"),
    path("<int:pk>/", views.unit_detail, name="unit-detail"),
    path("<int:pk>/children/", views.unit_children, name="unit-children"),
]
