"""A unit knows the one that it merged into, and the audit trail knows mergers and splits."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0004_tree_changes")]
    operations = [
        migrations.AddField(
            model_name="unit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="units.unit",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='deed',
            field=models.CharField(choices=[('sign_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('sign_out', 'signed out'), ('create', 'created'), ('change', 'changed'), ('submit', 'submitted'), ('approve', 'approved'), ('return', 'returned'), ('reopen', 'reopened'), ('void', 'declared void'), ('file', 'filed'), ('grant', 'granted'), ('revoke', 'revoked'), ('import', 'imported'), ('export', 'exported'), ('repair', 'repaired'), ('merge', 'merged'), ('split', 'split')], max_length=16, verbose_name='deed'),
        ),
    ]
