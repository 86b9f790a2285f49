"""A mail that a person may unsubscribe from carries the address for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0005_mergers")]
    operations = [
        migrations.AddField(
            model_name="mail",
            name="unsubscribe_url",
            field=models.URLField(blank=True, max_length=400, verbose_name="address to unsubscribe"),
        ),
    ]
