import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        ('units', '0020_deeds_of_reports'),
        ('weekly', '0004_deadlines_are_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadyReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('zero', 'zero report'), ('return', 'return')], max_length=8, verbose_name='offered for')),
                ('text', models.CharField(max_length=120, verbose_name='reason')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_retired', models.BooleanField(default=False, help_text='No longer offered; what was written keeps its wording.', verbose_name='retired')),
            ],
            options={
                'verbose_name': 'ready-made reason',
                'verbose_name_plural': 'ready-made reasons of reports',
                'ordering': ['purpose', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReportDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fields', models.JSONField(default=dict, verbose_name='typed')),
                ('sequence', models.PositiveBigIntegerField(default=0, verbose_name='sequence')),
                ('saved_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='saved at')),
            ],
            options={
                'verbose_name': 'unfiled report',
                'verbose_name_plural': 'unfiled reports',
                'ordering': ['-saved_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='ask_note',
            field=models.CharField(blank=True, max_length=500, verbose_name='why more time is needed'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='asked_at',
            field=models.DateTimeField(null=True, verbose_name='asked at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at', None), models.Q(('excused_at', None), ('filed_at', None)), _connector='OR'), name='weekly_report_asked_is_owed', violation_error_message='More time is asked for while the report is owed.'),
        ),
        migrations.AddConstraint(
            model_name='readyreason',
            constraint=models.UniqueConstraint(fields=('purpose', 'text'), name='ready_reason_once', violation_error_message='This reason is in the list already.'),
        ),
        migrations.AddField(
            model_name='reportdraft',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='reportdraft',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='weekly.weeklyreport', verbose_name='weekly report'),
        ),
        migrations.AddConstraint(
            model_name='reportdraft',
            constraint=models.UniqueConstraint(fields=('person', 'report'), name='report_draft_once', violation_error_message='This person has kept this report already.'),
        ),
    ]
