"""Let the sessions of a joint event count once, wherever a type asks for them."""

from django.db import migrations


def share_sessions(apps, schema_editor):
    apps.get_model("campaigns", "Indicator").objects.filter(code="sessions").update(is_shared=True)


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0003_heads_of_attendances"),
    ]

    # Backwards nothing is taken back: the flag was there before and meant nothing yet.
    operations = [migrations.RunPython(share_sessions, migrations.RunPython.noop)]
