"""The kinds of unit that a municipal education bureau begins with; they are the bureau's data from then on."""

from django.db import migrations

KINDS = [
    # code, Chinese, English, files weekly reports
    ("bureau", "教育局", "Education bureau", False),
    ("office", "局机关处室", "Office of the bureau", False),
    ("affiliated", "直属单位", "Directly affiliated unit", True),
    ("school", "局直属学校", "Directly affiliated school", True),
    ("university", "公办高校", "Public university", True),
    ("private_university", "民办高校", "Private university", True),
    ("international_college", "国际联合学院", "International college", True),
    ("other", "其他", "Other body", True),
]


def add(apps, schema_editor):
    kind = apps.get_model("units", "UnitKind")
    for position, (code, name, name_en, is_reporting) in enumerate(KINDS):
        defaults = {"name": name, "name_en": name_en, "is_reporting": is_reporting, "position": position}
        kind.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
