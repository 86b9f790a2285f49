"""Units can be found by the initials of their names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0010_trail_guard")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="initials",
            field=models.CharField(
                blank=True,
                db_index=True,
                default="",
                editable=False,
                max_length=200,
                verbose_name="pinyin initials",
            ),
        ),
        migrations.AddIndex(
            model_name="unit", index=models.Index(fields=["parent", "path"], name="unit_by_parent")
        ),
    ]
