"""Insert thousands of new rows at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

Django's bulk_create builds the SQL and adapts each value anew for every row, which takes most of the time
of an import. For new rows whose fields are all set: nothing that a field computes at saving is computed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connection, models, transaction

Prepare = Callable[[Any], Any]
# What both drivers take as it is.
PLAIN = (
    models.AutoField,
    models.BigIntegerField,
    models.BooleanField,
    models.CharField,
    models.GenericIPAddressField,
    models.IntegerField,
    models.TextField,
)


def insert(rows: Sequence[models.Model]) -> None:
    """Store unsaved rows of one model whose key is `id`, and give each its number. Queries: two.

    Raises: IntegrityError as a saving does.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    with transaction.atomic(savepoint=False):
        for row, number in zip(rows, _numbers(model, len(rows)), strict=True):
            row.pk = number
        prepared = [(field.attname, _prepare(field)) for field in fields]
        values = [tuple([prepare(getattr(row, name)) for name, prepare in prepared]) for row in rows]
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        _write(connection.ops.quote_name(model._meta.db_table), columns, len(fields), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _numbers(model: type[models.Model], count: int) -> list[int]:
    """Take numbers from the table's own sequence; on SQLite the transaction has locked out every writer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), "id", count],
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return list(range(first, first + count))


def _write(table: str, columns: str, n_columns: int, values: list[tuple[Any, ...]]) -> None:
    """Send the rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
            ):
                for row in values:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * n_columns)
        # Names of our own models alone; the values are bound.
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608


def _prepare(field: models.Field[Any, Any]) -> Prepare:
    """Return what brings a value of this field into the form that the driver takes."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, PLAIN):
        return _as_it_is
    if isinstance(target, models.JSONField):
        return _json(target)
    if connection.vendor == "postgresql":
        return _as_it_is
    return _remembered(lambda value: field.get_db_prep_save(value, connection))


def _as_it_is(value: Any) -> Any:
    """Return the value."""
    return value


def _json(field: models.JSONField[Any, Any]) -> Prepare:
    """Return what writes a value as JSON; both databases read it from a text."""
    write = json.JSONEncoder().encode if field.encoder is None else partial(json.dumps, cls=field.encoder)
    return lambda value: None if value is None else write(value)


def _remembered(prepare: Prepare) -> Prepare:
    """Return a function that prepares each value once: one import stamps its rows with few moments."""
    known: dict[Any, Any] = {}

    def look(value: Any) -> Any:
        if value not in known:
            known[value] = prepare(value)
        return known[value]

    return look
