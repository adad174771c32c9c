"""Nodes to gather from, and who is at work on them."""

import aether.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0001_places_groups_objects'),
    ]

    operations = [
        migrations.CreateModel(
            name='Gathering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(unique=True, verbose_name='character')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('node_id', models.CharField(max_length=64, verbose_name='node')),
                ('began_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='began')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
            ],
            options={
                'verbose_name': 'gathering',
                'verbose_name_plural': 'gatherings',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['instance', 'ends_at'], name='gathering_due')],
            },
        ),
        migrations.CreateModel(
            name='ResourceNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('node_id', models.CharField(max_length=64, verbose_name='node')),
                ('definition', models.CharField(max_length=64, verbose_name='kind')),
                ('charges', models.IntegerField(verbose_name='charges')),
                ('respawn_at', models.DateTimeField(blank=True, null=True, verbose_name='comes back')),
            ],
            options={
                'verbose_name': 'resource node',
                'verbose_name_plural': 'resource nodes',
                'permissions': (('restore_node', 'Can make a node whole again'),),
                'indexes': [models.Index(models.F('respawn_at'), condition=models.Q(('respawn_at__isnull', False)), name='node_due')],
                'constraints': [models.UniqueConstraint(fields=('instance', 'node_id'), name='node_once'), models.CheckConstraint(condition=models.Q(('charges__gte', 0)), name='node_charges_not_negative')],
            },
        ),
    ]
