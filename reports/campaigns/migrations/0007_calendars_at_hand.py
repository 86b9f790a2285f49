"""Load the years of the working-day calendar that come with the portal."""

import datetime as dt
import json
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent.parent / "holidays"


def load(apps, schema_editor):
    """Store each year whose file lies beside the app."""
    years, days = (apps.get_model("campaigns", name) for name in ("CalendarYear", "SpecialDay"))
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        year, _is_new = years.objects.get_or_create(year=told["year"], defaults={"sources": told["papers"]})
        days.objects.bulk_create(
            days(year=year, day=dt.date.fromisoformat(one["date"]), name=one["name"], is_off=one["isOffDay"])
            for one in told["days"]
        )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_calendar_and_cadence")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
