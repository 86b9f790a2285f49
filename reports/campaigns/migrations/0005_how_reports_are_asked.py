
import datetime
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_sessions_count_once'),
        ('units', '0020_deeds_of_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='asks_signature',
            field=models.BooleanField(default=False, verbose_name='the unit head signs the report'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='cadence',
            field=models.CharField(choices=[('weekly', 'every week'), ('fortnightly', 'every two weeks'), ('monthly', 'every month'), ('typed', 'dates typed in')], default='weekly', max_length=12, verbose_name='cadence'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='covered_kinds',
            field=models.ManyToManyField(blank=True, to='units.unitkind', verbose_name='kinds that take part'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='covered_units',
            field=models.ManyToManyField(blank=True, to='units.unit', verbose_name='units that take part'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='filing',
            field=models.CharField(choices=[('report', 'a report or a zero report'), ('records', 'records alone')], default='report', max_length=8, verbose_name='units file'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='n_reminder_days',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(14)], verbose_name='days from the reminder to the deadline'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='n_return_days',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='days to correct a returned report'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='reminder_time',
            field=models.TimeField(default=datetime.time(9, 0), verbose_name='reminder goes out at'),
        ),
    ]
