"""Units as rows of a spreadsheet, under headings that the import knows: an export can come back unchanged."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import get_language
from import_export.resources import ModelResource

from units.cells import Cell, safe
from units.importing.table import HEADINGS
from units.importing.values import FACTS
from units.models import Unit, UnitKind

# The order of the file; the first is what a person looks for, the second what the import goes by.
COLUMNS = ("code", "name", "kind", "parent", *FACTS[1:])


def headings() -> list[str]:
    """Return the headings of COLUMNS in the person's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return [HEADINGS[name][0 if is_chinese else -1] for name in COLUMNS]


def kind_labels() -> dict[int, str]:
    """Return what each kind is called in a file: its name, or its code where two share a name.

    Queries: one.
    """
    kinds = list(UnitKind.objects.all())
    names = Counter(name for kind in kinds for name in {kind.code, kind.name, kind.name_en})
    return {kind.pk: str(kind) if names[str(kind)] == 1 else kind.code for kind in kinds}


class UnitResource(ModelResource):  # type: ignore[misc]
    """The rows of an export; units come in through units/importing alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds = kind_labels()

    class Meta:
        model = Unit
        fields = ()

    def get_import_fields(self) -> list[Any]:
        """Return none: see units/importing."""
        return []

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return headings()

    def export_resource(self, instance: Unit, selected_fields: Any = None, **kwargs: Any) -> list[Cell]:
        """Return one row; every text in it is safe, whatever the format."""
        parent = instance.parent.code if instance.parent else ""
        first = [instance.code, instance.name, self.kinds[instance.kind_id], parent]
        return [safe(value) for value in (*first, *(getattr(instance, name) for name in FACTS[1:]))]
