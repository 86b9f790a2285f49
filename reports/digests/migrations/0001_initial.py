
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0005_how_reports_are_asked'),
        ('units', '0021_mails_that_grow_old'),
    ]

    operations = [
        migrations.CreateModel(
            name='Robot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu')], max_length=8, verbose_name='program')),
                ('address', models.CharField(editable=False, max_length=400, verbose_name='webhook address')),
                ('secret', models.CharField(blank=True, editable=False, max_length=200, verbose_name='signing secret')),
                ('ending', models.CharField(editable=False, max_length=4, verbose_name='ends in')),
                ('language', models.CharField(choices=[('zh-hans', '简体中文'), ('en', 'English')], default='zh-hans', max_length=8, verbose_name='language')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='robots', to='units.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'group robot',
                'verbose_name_plural': 'group robots',
                'ordering': ['team', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RobotMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True, verbose_name='key')),
                ('text', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'failed')], default='waiting', max_length=8, verbose_name='state')),
                ('n_attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try at')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('robot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='digests.robot', verbose_name='group robot')),
            ],
            options={
                'verbose_name': 'message to a group',
                'verbose_name_plural': 'messages to groups',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OutsideRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('address', models.EmailField(max_length=254, verbose_name='address')),
                ('language', models.CharField(choices=[('zh-hans', '简体中文'), ('en', 'English')], default='zh-hans', max_length=8, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='receives the weekly report')),
                ('wants_digest', models.BooleanField(default=True, editable=False, verbose_name='has not unsubscribed')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'outside recipient',
                'verbose_name_plural': 'outside recipients',
                'ordering': ['campaign', 'name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('campaign'), django.db.models.functions.text.Lower('address'), name='outside_recipient_once', violation_error_message='This address receives the campaign’s weekly report already.'), models.CheckConstraint(condition=models.Q(('address', ''), _negated=True), name='outside_recipient_has_address', violation_error_message='An outside recipient has an address.')],
            },
        ),
        migrations.AddConstraint(
            model_name='robot',
            constraint=models.UniqueConstraint(fields=('address',), name='robot_address_once', violation_error_message='This robot is known already.'),
        ),
        migrations.AddConstraint(
            model_name='robot',
            constraint=models.CheckConstraint(condition=models.Q(('address__startswith', 'https://')), name='robot_address_is_https', violation_error_message='A webhook address begins with https://.'),
        ),
        migrations.AddIndex(
            model_name='robotmessage',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['next_try_at'], name='robot_message_unsent'),
        ),
        migrations.AddConstraint(
            model_name='robotmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='robot_message_sent_has_moment', violation_error_message='A sent message knows when it was sent.'),
        ),
    ]
