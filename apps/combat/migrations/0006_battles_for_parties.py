"""Battles that only the parties of who fights may watch: another choice, no change of the table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('combat', '0005_battles_of_parties'),
    ]

    operations = [
        migrations.AlterField(
            model_name='battlerecord',
            name='spectating',
            field=models.CharField(choices=[('none', 'nobody'), ('party', "by the fighters' parties"), ('delayed', 'late'), ('live', 'live')], db_default='none', max_length=8, verbose_name='may be watched'),
        ),
    ]
