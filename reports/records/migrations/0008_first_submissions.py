"""Write down when each stored record was submitted for the first time; those of a ledger never were."""

from django.db import migrations
from django.db.models import Min, OuterRef, Subquery

BATCH = 10_000


def write_down(apps, schema_editor):
    Record = apps.get_model("records", "ActivityRecord")
    steps = apps.get_model("records", "Transition").objects.filter(record=OuterRef("pk"), verb="submit")
    first = steps.order_by().values("record").annotate(at=Min("at")).values("at")
    rows = Record.objects.filter(submitted_at__isnull=False, source="").order_by("pk")
    last = 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        Record.objects.filter(pk__in=ids).update(first_submitted_at=Subquery(first))
        last = ids[-1]


class Migration(migrations.Migration):
    dependencies = [("records", "0007_return_reasons")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
