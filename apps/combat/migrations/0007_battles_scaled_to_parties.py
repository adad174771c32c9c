"""How many players may come to a battle: it may be as strong as fewer than four."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('combat', '0006_battles_for_parties'),
    ]

    operations = [
        migrations.AddField(
            model_name='battlerecord',
            name='team_max',
            field=models.SmallIntegerField(db_default=4, default=4, verbose_name='players at most'),
        ),
    ]
