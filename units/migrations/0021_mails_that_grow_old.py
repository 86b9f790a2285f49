"""A mail may have a moment after which it is of no use, as a reminder after its deadline."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0020_deeds_of_reports")]
    operations = [
        migrations.AddField(
            model_name="mail",
            name="good_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="good until"),
        ),
        migrations.AlterField(
            model_name="mail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("sending", "being sent"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("dropped", "not sent: too late"),
                ],
                default="waiting",
                max_length=8,
                verbose_name="state",
            ),
        ),
    ]
