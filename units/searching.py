"""Search boxes for rows, and the view behind them, which answer nonsense as they answer nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest

# A number with more digits is that of no row, and the database refuses to look for it.
MOST_DIGITS = 18


def is_key(value: object) -> bool:
    """Say whether a value could be the number of a row."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


class Numbers:
    """Shows the chosen rows, without asking the database for what is no number."""

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        """Leave nonsense out, over which Django's own widget stumbles."""
        kept = [one for one in value if not one or is_key(one)]
        return super().optgroups(name, kept, attr)  # type: ignore[misc]


class RowSearch(Numbers, AutocompleteSelect):
    """Searches for a row."""


class RowsSearch(Numbers, AutocompleteSelectMultiple):
    """Searches for rows, one after the other."""


class RowSearchView(AutocompleteJsonView):
    """Answers the search boxes; a relation that no form can hold is refused like one that there is not."""

    def process_request(self, request: HttpRequest) -> Any:
        """Find what is searched for. Raises: PermissionDenied for what is no column of a form."""
        term, model_admin, source_field, to_field_name = super().process_request(request)
        if not isinstance(source_field, ForeignKey | ManyToManyField):
            raise PermissionDenied
        return term.replace("\x00", ""), model_admin, source_field, to_field_name
