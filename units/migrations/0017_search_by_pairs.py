"""Index the parts of names of one and two characters, and the days on which units open and close."""

from django.db import migrations, models
from django.db.models import Q

# The signs of a text, and its neighbours two by two; what units/lookups.py asks for.
STATEMENTS = (
    """
    CREATE OR REPLACE FUNCTION units_pairs(whole text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT part), '{}') FROM generate_series(1, length(whole)) AS place,
            unnest(ARRAY[substr(upper(whole), place, 1), substr(upper(whole), place, 2)]) AS part
    $$
    """,
    "CREATE INDEX IF NOT EXISTS units_unit_name_pairs ON units_unit USING gin (units_pairs(name))",
    "CREATE INDEX IF NOT EXISTS units_account_name_pairs ON units_account USING gin (units_pairs(name))",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS units_unit_name_pairs")
        schema_editor.execute("DROP INDEX IF EXISTS units_account_name_pairs")
        schema_editor.execute("DROP FUNCTION IF EXISTS units_pairs(text)")


class Migration(migrations.Migration):
    dependencies = [("units", "0016_audit_review_deeds")]

    operations = [
        migrations.RunPython(add, remove),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(
                fields=["closed_on"], name="unit_by_closing", condition=Q(closed_on__isnull=False)
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(
                fields=["opened_on"], name="unit_by_opening", condition=Q(opened_on__isnull=False)
            ),
        ),
    ]
