
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        ('units', '0020_deeds_of_reports'),
        ('weekly', '0003_deadlines_of_stored_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='weeklyreport',
            name='weekly_report_zero_is_filed',
        ),
        migrations.AlterField(
            model_name='weeklyreport',
            name='close_at',
            field=models.DateTimeField(verbose_name='closes at'),
        ),
        migrations.AlterField(
            model_name='weeklyreport',
            name='due_at',
            field=models.DateTimeField(verbose_name='due at'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('is_zero', False), ('filed_at__isnull', False), ('returned_at__isnull', False), _connector='OR'), name='weekly_report_zero_is_filed', violation_error_message='A zero report is a filed report.'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('close_at__gte', models.F('due_at'))), name='weekly_report_closes_after_due', violation_error_message='A report closes at or after its due moment.'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('returned_at', None), models.Q(('filed_at', None), models.Q(('return_reason', ''), _negated=True)), _connector='OR'), name='weekly_report_returned_is_owed', violation_error_message='A returned report is owed again, and says why.'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('filed_at__isnull', False), _connector='OR'), name='weekly_report_accepted_is_filed', violation_error_message='Only a filed report can be accepted.'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('signed_at', None), ('filed_at__isnull', False), _connector='OR'), name='weekly_report_signed_is_filed', violation_error_message='Only a filed report can be signed.'),
        ),
        migrations.AddConstraint(
            model_name='weeklyreport',
            constraint=models.CheckConstraint(condition=models.Q(('excused_at', None), models.Q(('filed_at', None), models.Q(('excuse', ''), _negated=True)), _connector='OR'), name='weekly_report_excused_is_open', violation_error_message='A report is excused while it is owed, and with a reason.'),
        ),
    ]
