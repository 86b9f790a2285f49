
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        ('units', '0020_deeds_of_reports'),
        ('weekly', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('file', 'filed'), ('zero', 'filed as a zero report'), ('return', 'returned'), ('accept', 'accepted'), ('reopen', 'reopened'), ('sign', 'signed'), ('extend', 'extended'), ('excuse', 'excused'), ('ask', 'more time asked for'), ('refuse', 'request declined')], max_length=8, verbose_name='step')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('content', models.JSONField(blank=True, default=dict, verbose_name='content')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
            ],
            options={
                'verbose_name': 'step of a report',
                'verbose_name_plural': 'steps of reports',
                'ordering': ['report', 'id'],
            },
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='accepted_at',
            field=models.DateTimeField(null=True, verbose_name='accepted at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='accepted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='close_at',
            field=models.DateTimeField(null=True, verbose_name='closes at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='due_at',
            field=models.DateTimeField(null=True, verbose_name='due at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='excuse',
            field=models.CharField(blank=True, max_length=500, verbose_name='excuse'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='excused_at',
            field=models.DateTimeField(null=True, verbose_name='excused at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='excused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='excused by'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='highlights',
            field=models.TextField(blank=True, max_length=5000, verbose_name='highlights'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='n_returns',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='times returned'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='problems',
            field=models.TextField(blank=True, max_length=5000, verbose_name='problems'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='return_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='reason of the return'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='returned_at',
            field=models.DateTimeField(null=True, verbose_name='returned at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='returned_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='returned by'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='signed_at',
            field=models.DateTimeField(null=True, verbose_name='signed at'),
        ),
        migrations.AddField(
            model_name='weeklyreport',
            name='signed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by'),
        ),
        migrations.AddIndex(
            model_name='weeklyreport',
            index=models.Index(condition=models.Q(('excused_at__isnull', True), ('filed_at__isnull', True)), fields=['due_at'], name='weekly_owed_by_due'),
        ),
        migrations.AddField(
            model_name='reportstep',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='reportstep',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='weekly.weeklyreport', verbose_name='weekly report'),
        ),
        migrations.AddConstraint(
            model_name='reportstep',
            constraint=models.UniqueConstraint(fields=('report', 'version'), name='report_step_version_once', violation_error_message='This version of the report has its step already.'),
        ),
    ]
