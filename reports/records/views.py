"""Pages of activity records."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def record_list(request: HttpRequest) -> HttpResponse:
    """List the records that the person may see."""
    return render(request, "records/list.html")


def record_new(request: HttpRequest) -> HttpResponse:
    """Offer the types of activity to choose from."""
    return render(request, "records/new.html")
