"""The address of the digests."""

from django.urls import path

from reports.digests import views

app_name = "digests"
urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
