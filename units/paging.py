"""Pages of a list that may be as long as it likes: counted up to a limit that nobody leafs beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

if TYPE_CHECKING:
    Pages = Paginator[Any]
else:
    Pages = Paginator

# Counting millions of rows takes seconds and tells nobody anything.
MOST = 10_000


class CappedPaginator(Pages):
    """Pages through the first 10,000 rows that fit; to later ones leads a filter or a search."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are to page through."""
        return min(self._n_found, MOST)

    @property
    def is_capped(self) -> bool:
        """Say whether more rows fit than are paged through."""
        return self._n_found > MOST

    @cached_property
    def _n_found(self) -> int:
        """Return how many rows fit, as far as that matters. Queries: one."""
        rows = self.object_list
        return rows.order_by()[: MOST + 1].count() if isinstance(rows, QuerySet) else len(rows)
