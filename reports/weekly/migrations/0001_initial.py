
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WeeklyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_zero', models.BooleanField(default=False, verbose_name='zero report')),
                ('progress', models.TextField(blank=True, max_length=5000, verbose_name='progress')),
                ('plan', models.TextField(blank=True, max_length=5000, verbose_name="next week's plan")),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('filed_at', models.DateTimeField(null=True, verbose_name='filed at')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at')),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='filed by')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='campaigns.period', verbose_name='period')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='units.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'weekly report',
                'verbose_name_plural': 'weekly reports',
                'ordering': ['period', 'unit'],
                'indexes': [models.Index(fields=['period', 'filed_at'], name='weekly_by_period')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'period'), name='weekly_report_once', violation_error_message='The unit owes one report per period.'), models.CheckConstraint(condition=models.Q(('is_zero', False), ('filed_at__isnull', False), _connector='OR'), name='weekly_report_zero_is_filed', violation_error_message='A zero report is a filed report.'), models.CheckConstraint(condition=models.Q(('is_zero', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='weekly_report_zero_has_reason', violation_error_message='A zero report gives a reason.')],
            },
        ),
    ]
