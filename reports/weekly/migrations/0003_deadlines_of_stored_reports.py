"""Give each stored report the deadlines of its period."""

from django.db import migrations


def copy_deadlines(apps, schema_editor):
    """Copy due and close of the period, by one statement for each period."""
    report = apps.get_model("weekly", "WeeklyReport")
    for period in apps.get_model("campaigns", "Period").objects.filter(number__gt=0).iterator():
        report.objects.filter(period=period, due_at=None).update(due_at=period.due_at, close_at=period.close_at)


class Migration(migrations.Migration):
    dependencies = [("weekly", "0002_steps_and_own_deadlines")]

    operations = [migrations.RunPython(copy_deadlines, migrations.RunPython.noop)]
