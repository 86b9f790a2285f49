
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0019_download_deed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='deed',
            field=models.CharField(choices=[('sign_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('sign_out', 'signed out'), ('session_end', 'ended a session'), ('password_ask', 'asked for a new password'), ('password_change', 'changed a password'), ('factor', 'changed a second factor'), ('create', 'created'), ('change', 'changed'), ('submit', 'submitted'), ('endorse', 'endorsed'), ('approve', 'approved'), ('return', 'returned'), ('reopen', 'reopened'), ('void', 'declared void'), ('assign', 'assigned'), ('file', 'filed'), ('accept', 'accepted'), ('sign', 'signed'), ('excuse', 'excused'), ('extend', 'extended a deadline'), ('ask', 'asked for more time'), ('refuse', 'declined a request'), ('urge', 'urged'), ('grant', 'granted'), ('revoke', 'revoked'), ('hand_over', 'handed over'), ('disable', 'disabled'), ('enable', 'enabled'), ('import', 'imported'), ('export', 'exported'), ('download', 'downloaded'), ('repair', 'repaired'), ('merge', 'merged'), ('split', 'split'), ('refused', 'was refused'), ('alert', 'raised an alarm'), ('purge', 'purged old rows'), ('command', 'ran a command at the server')], max_length=16, verbose_name='deed'),
        ),
    ]
