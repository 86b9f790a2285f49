"""Search boxes for rows, and the view behind them, which answer nonsense as they answer nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey
from django.http import HttpRequest

# A number with more digits is that of no row, and the database refuses to look for it.
MOST_DIGITS = 18


def is_key(value: object) -> bool:
    """Say whether a value could be the number of a row."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


class RowSearch(AutocompleteSelect):
    """Searches for a row; what is no number names none, over which Django's own widget stumbles."""

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        """Show the chosen row, without asking the database for nonsense."""
        return super().optgroups(name, [one for one in value if not one or is_key(one)], attr)


class RowSearchView(AutocompleteJsonView):
    """Answers the search boxes; a relation that no form can hold is refused like one that there is not."""

    def process_request(self, request: HttpRequest) -> Any:
        """Find what is searched for. Raises: PermissionDenied for what is no column of a form."""
        term, model_admin, source_field, to_field_name = super().process_request(request)
        if not isinstance(source_field, ForeignKey):
            raise PermissionDenied
        return term.replace("\x00", ""), model_admin, source_field, to_field_name
