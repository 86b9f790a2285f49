"""Index the parts of names where PostgreSQL can; without the extension the search reads every name."""

from django.db import Error, migrations, transaction

STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS units_unit_name_parts ON units_unit USING gin (upper(name) gin_trgm_ops)",
)


def add(apps, schema_editor):
    """Try it; a server that does not have or allow the extension goes on without."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            for statement in STATEMENTS:
                cursor.execute(statement)
    except Error as refused:
        print(f"\n  The search for parts of unit names has no index here: {str(refused).splitlines()[0]}")


def remove(apps, schema_editor):
    """Take the index off; the extension may serve others."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS units_unit_name_parts")


class Migration(migrations.Migration):
    dependencies = [("units", "0012_initials_of_stored_units")]

    operations = [migrations.RunPython(add, remove)]
