"""Runs of dungeons, who is in them, and the loot locks of a week."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0004_objects_that_remember'),
    ]

    operations = [
        migrations.CreateModel(
            name='DungeonLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dungeon', models.CharField(max_length=64, verbose_name='dungeon')),
                ('week', models.DateField(verbose_name='week')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('battle', models.BigIntegerField(verbose_name='battle')),
                ('at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='when')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
            ],
            options={
                'verbose_name': 'loot lock',
                'verbose_name_plural': 'loot locks',
                'permissions': (('lift_lock', 'Can lift a loot lock'),),
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('character_id', 'dungeon', 'week'), name='loot_once_a_week')],
            },
        ),
        migrations.CreateModel(
            name='DungeonRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dungeon', models.CharField(max_length=64, verbose_name='dungeon')),
                ('week', models.DateField(verbose_name='week')),
                ('state', models.CharField(choices=[('open', 'under way'), ('done', 'done'), ('abandoned', 'abandoned'), ('over', 'over with its week')], default='open', max_length=16, verbose_name='state')),
                ('leader_id', models.BigIntegerField(verbose_name='opened by')),
                ('instance', models.CharField(blank=True, max_length=80, null=True, verbose_name='zone copy')),
                ('room', models.PositiveSmallIntegerField(default=0, verbose_name='rooms done')),
                ('beaten', models.JSONField(default=list, verbose_name='beaten')),
                ('pulled', models.JSONField(default=list, verbose_name='levers pulled')),
                ('clues', models.JSONField(default=list, verbose_name='inscriptions read')),
                ('seed', models.BinaryField()),
                ('opened_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='opened')),
                ('moved_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='last progress')),
                ('emptied_at', models.DateTimeField(blank=True, null=True, verbose_name='empty since')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'dungeon run',
                'verbose_name_plural': 'dungeon runs',
                'permissions': (('end_run', 'Can end a dungeon run'), ('open_room', 'Can open a room of a dungeon run')),
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['week'], name='run_open')],
                'constraints': [models.UniqueConstraint(fields=('instance',), name='run_of_a_copy'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='run_done_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='DungeonMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dungeon', models.CharField(max_length=64, verbose_name='dungeon')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('is_live', models.BooleanField(default=True, verbose_name='under way')),
                ('joined_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='joined')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='world.dungeonrun')),
            ],
            options={
                'verbose_name': 'member of a run',
                'verbose_name_plural': 'members of runs',
                'ordering': ['joined_at', 'pk'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('run', 'character_id'), name='run_member_once'), models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('character_id', 'dungeon'), name='character_in_one_run')],
            },
        ),
    ]
