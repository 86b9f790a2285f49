"""Index the pairs of neighbouring characters of what is searched in records, on PostgreSQL."""

from django.db import migrations

SEARCHED = "title || ' ' || place || ' ' || speaker || ' ' || topic || ' ' || text"
FUNCTION = """
CREATE OR REPLACE FUNCTION portal_pairs(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(words), n, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS n
$$
"""
INDEX = f"CREATE INDEX record_words ON records_activityrecord USING gin (portal_pairs({SEARCHED}))"


def add(apps, schema_editor):
    """Make the function and its index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(INDEX)


def remove(apps, schema_editor):
    """Take both off."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS record_words")
        schema_editor.execute("DROP FUNCTION IF EXISTS portal_pairs(text)")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_saved_filters")]

    operations = [migrations.RunPython(add, remove)]
