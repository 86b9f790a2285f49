"""The person behind a request that LoginRequiredMiddleware has let through."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from units.models import Account


def person(request: HttpRequest) -> Account:
    """Return the account that is signed in. Raises: PermissionDenied for nobody."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user
