
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='period',
            name='cadence',
            field=models.CharField(choices=[('weekly', 'every week'), ('fortnightly', 'every two weeks'), ('monthly', 'every month'), ('typed', 'dates typed in')], default='weekly', editable=False, max_length=12, verbose_name='cadence'),
        ),
        migrations.AddField(
            model_name='period',
            name='is_plain',
            field=models.BooleanField(default=False, editable=False, verbose_name='without a calendar'),
        ),
        migrations.AddField(
            model_name='period',
            name='moved_for',
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name='moved for'),
        ),
        migrations.AddField(
            model_name='period',
            name='planned_due_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='due by the rule on'),
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='year')),
                ('sources', models.JSONField(blank=True, default=list, verbose_name='announced in')),
                ('loaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='loaded at')),
                ('loaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='loaded by')),
            ],
            options={
                'verbose_name': 'year of the calendar',
                'verbose_name_plural': 'working-day calendar',
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('is_off', models.BooleanField(verbose_name='day off')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='campaigns.calendaryear', verbose_name='year')),
            ],
            options={
                'verbose_name': 'special day',
                'verbose_name_plural': 'special days',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='PlannedPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('due_on', models.DateField(help_text="At the campaign's time of day.", verbose_name='due on')),
                ('closes_on', models.DateField(verbose_name='last day to file')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_periods', to='campaigns.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'planned period',
                'verbose_name_plural': 'planned periods',
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'starts_on'), name='planned_period_start_once', violation_error_message='The campaign has a planned period that starts on this day already.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='planned_period_ends_after_start', violation_error_message='A period ends on or after the day on which it starts.'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('starts_on'))), name='planned_period_due_after_start', violation_error_message='A period is due on or after the day on which it starts.'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('due_on'))), name='planned_period_closes_after_due', violation_error_message='The last day to file is the due day or a later one.')],
            },
        ),
    ]
