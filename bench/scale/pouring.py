"""Write hundreds of thousands of rows into a table without the ORM's work for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model


def pour(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store rows of the fields `names`; every other field has its default. COPY on PostgreSQL."""
    given: list[Any] = [model._meta.get_field(name) for name in names]
    others = [field for field in model._meta.concrete_fields if field not in given and not field.primary_key]
    rest = [_stored(field, field.get_default()) for field in others]
    columns = ", ".join(f'"{field.column}"' for field in [*given, *others])
    table = f'"{model._meta.db_table}"'
    whole = (_row(given, row, rest) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in whole:
                    copy.write_row(row)
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
        else:
            marks = ", ".join(["%s"] * (len(given) + len(others)))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(whole))  # noqa: S608 - our own names


def _row(given: list[Any], row: Sequence[Any], rest: list[Any]) -> list[Any]:
    """Return one row as the database takes it."""
    return [*(_stored(field, value) for field, value in zip(given, row, strict=True)), *rest]


def _stored(field: Field[Any, Any], value: Any) -> Any:
    """Return one value as the database takes it."""
    if isinstance(value, dict):
        return json.dumps(value)
    return value if isinstance(value, int | str) else field.get_db_prep_value(value, connection)
