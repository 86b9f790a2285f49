
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        ('units', '0020_deeds_of_reports'),
        ('weekly', '0006_starting_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='decision')),
                ('owner_name', models.CharField(blank=True, max_length=120, verbose_name='in charge')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='to be done by')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='noted at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('meeting_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='meeting of')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='unit in charge')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='campaigns.period', verbose_name='period')),
            ],
            options={
                'verbose_name': 'decision of a meeting',
                'verbose_name_plural': 'decisions of meetings',
                'ordering': ['period', 'id'],
                'indexes': [models.Index(fields=['period', 'meeting_of'], name='decision_by_meeting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='meeting_decision_says_something', violation_error_message='Say what was decided.'), models.CheckConstraint(condition=models.Q(('owner', None), ('owner_name', ''), _connector='OR'), name='meeting_decision_one_owner', violation_error_message='A unit of the list or a name is in charge, not both.')],
            },
        ),
        migrations.CreateModel(
            name='Urging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n_mailed', models.PositiveSmallIntegerField(default=0, verbose_name='people mailed')),
                ('n_unmailed', models.PositiveSmallIntegerField(default=0, verbose_name='people without an address')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='urged at')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='urgings', to='weekly.weeklyreport', verbose_name='weekly report')),
                ('urged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='urged by')),
            ],
            options={
                'verbose_name': 'urging',
                'verbose_name_plural': 'urgings',
                'ordering': ['report', 'id'],
                'indexes': [models.Index(fields=['report', '-at'], name='urging_by_report')],
            },
        ),
    ]
