"""Give the units that are stored already their initials, 1,000 at a time."""

from django.db import migrations

from units.pinyin import initials

BATCH = 1000


def fill(apps, schema_editor):
    """Derive the initials from the names, in the order of the keys."""
    Unit = apps.get_model("units", "Unit")
    last = 0
    while batch := list(Unit.objects.filter(pk__gt=last).order_by("pk").only("pk", "name")[:BATCH]):
        for unit in batch:
            unit.initials = initials(unit.name)
        Unit.objects.bulk_update(batch, ["initials"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("units", "0011_unit_initials")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
