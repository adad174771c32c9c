"""Room for nodes among what remembers how it stands: a mark, and when a node is whole again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0008_things_of_guilds'),
    ]

    operations = [
        migrations.AddField(
            model_name='objectsnapshot',
            name='whole_at',
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddField(
            model_name='worldobject',
            name='is_node',
            field=models.BooleanField(db_default=False, default=False, verbose_name='can be gathered from'),
        ),
        migrations.RemoveConstraint(
            model_name='worldobject',
            name='object_once_in_a_copy',
        ),
        migrations.AddConstraint(
            model_name='worldobject',
            constraint=models.UniqueConstraint(fields=('instance', 'object_id', 'is_node'), name='object_once_in_a_copy'),
        ),
        migrations.AddConstraint(
            model_name='worldobject',
            constraint=models.CheckConstraint(condition=models.Q(('is_node', False), ('state__regex', '^(whole|[0-9]{1,3})$'), _connector='OR'), name='node_charges_not_negative'),
        ),
    ]
