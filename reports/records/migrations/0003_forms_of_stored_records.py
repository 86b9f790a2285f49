"""Point every stored record to the form of its type as it is today."""

import hashlib
import json

from django.db import migrations

BATCH = 10_000
COPIED = (
    "code", "name", "kind", "unit_of_measure", "decimals", "is_required", "minimum", "maximum",
    "soft_minimum", "soft_maximum",
)  # fmt: skip


def design_of(activity_type, indicators):
    asks = [
        {**{name: getattr(indicator, name) for name in COPIED}, "options": [], "is_shared": False}
        for indicator in indicators
    ]
    return {"parts": ["attachments", "place"], "modes": [], "n_attachments": 0, "asks": asks}


def give_forms(apps, schema_editor):
    Record = apps.get_model("records", "ActivityRecord")
    FormVersion = apps.get_model("campaigns", "FormVersion")
    for activity_type in apps.get_model("campaigns", "ActivityType").objects.all():
        rows = Record.objects.filter(activity_type=activity_type, form=None).order_by("pk")
        indicators = activity_type.indicators.filter(is_retired=False).order_by("position", "id")
        design = design_of(activity_type, indicators)
        plain = json.dumps(design, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(plain.encode()).hexdigest()
        form = None
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            form = form or FormVersion.objects.get_or_create(
                activity_type=activity_type, digest=digest, defaults={"content": design}
            )[0]
            Record.objects.filter(pk__in=ids).update(form=form)


def forget_forms(apps, schema_editor):
    apps.get_model("records", "ActivityRecord").objects.exclude(form=None).update(form=None)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_forms_in_versions"), ("campaigns", "0002_forms_in_versions")]

    operations = [migrations.RunPython(give_forms, forget_forms)]
