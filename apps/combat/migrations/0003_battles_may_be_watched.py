"""Whether a battle may be watched; those that were fought before may not."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('combat', '0002_battles_of_a_character'),
    ]

    operations = [
        migrations.AddField(
            model_name='battlerecord',
            name='spectating',
            field=models.CharField(choices=[('none', 'nobody'), ('delayed', 'late'), ('live', 'live')], db_default='none', max_length=8, verbose_name='may be watched'),
        ),
        migrations.AddIndex(
            model_name='battlerecord',
            index=models.Index('instance', condition=models.Q(('status', 1)), name='battles_live_in'),
        ),
    ]
