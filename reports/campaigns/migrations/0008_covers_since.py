
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_calendars_at_hand'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='covers_since',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='so covered since'),
        ),
    ]
