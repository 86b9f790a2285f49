"""What every page's frame shows."""

from __future__ import annotations

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the names that the frame needs."""
    return {}
