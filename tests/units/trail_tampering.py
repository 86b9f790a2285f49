"""What somebody with the database's own password could do to the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from units.models import AuditEntry, AuditSeal


@contextmanager
def unguarded() -> Iterator[None]:
    """Take PostgreSQL's guard off the tables, as their owner can."""
    tables = (AuditEntry._meta.db_table, AuditSeal._meta.db_table)
    switch("DISABLE", tables)
    try:
        yield
    finally:
        switch("ENABLE", tables)


def switch(how: str, tables: tuple[str, ...]) -> None:
    """Switch the guard of each table on or off; SQLite has none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A table with foreign keys yet to be checked cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} {how} TRIGGER portal_guard_audit")
