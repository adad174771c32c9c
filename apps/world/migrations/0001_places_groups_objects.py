"""Places of characters, monster groups, uses of objects."""

import aether.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CharacterPlace',
            fields=[
                ('character_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='character')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('x', models.PositiveSmallIntegerField()),
                ('y', models.PositiveSmallIntegerField()),
                ('bind_zone', models.CharField(max_length=64, verbose_name='bound to')),
                ('is_present', models.BooleanField(default=False, verbose_name='in the world')),
                ('battle', models.BigIntegerField(blank=True, null=True, verbose_name='battle')),
                ('kept_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='kept')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'permissions': (('unstick_character', 'Can bring a character home'),),
                'indexes': [models.Index(condition=models.Q(('is_present', True)), fields=['instance'], name='place_present'), models.Index(condition=models.Q(('battle__isnull', False)), fields=['battle'], name='place_battle')],
                'constraints': [models.CheckConstraint(condition=models.Q(('x__lt', 128), ('y__lt', 128)), name='place_on_a_map')],
            },
        ),
        migrations.CreateModel(
            name='MonsterGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('rule', models.CharField(max_length=64, verbose_name='spawn rule')),
                ('slot', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('roaming', 'roaming'), ('engaging', 'engaging'), ('in_battle', 'in battle'), ('cooldown', 'cooling down')], default='cooldown', max_length=16, verbose_name='state')),
                ('monsters', models.JSONField(default=list, verbose_name='monsters')),
                ('x', models.PositiveSmallIntegerField(default=0)),
                ('y', models.PositiveSmallIntegerField(default=0)),
                ('path', models.JSONField(default=list)),
                ('started_at', models.FloatField(default=0)),
                ('step_ms', models.PositiveIntegerField(default=0)),
                ('roams_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='walks on')),
                ('respawn_at', models.DateTimeField(blank=True, null=True, verbose_name='comes back')),
                ('engaged_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed')),
                ('engaged_by', models.BigIntegerField(blank=True, null=True, verbose_name='claimed by')),
                ('battle', models.BigIntegerField(blank=True, null=True, verbose_name='battle')),
            ],
            options={
                'verbose_name': 'monster group',
                'verbose_name_plural': 'monster groups',
                'indexes': [models.Index(condition=models.Q(('battle__isnull', False)), fields=['battle'], name='group_battle')],
                'constraints': [models.UniqueConstraint(fields=('instance', 'rule', 'slot'), name='group_slot_once'), models.CheckConstraint(condition=models.Q(('battle__isnull', True), ('state', 'in_battle'), _connector='OR'), name='group_battle_only_in_battle'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cooldown'), _negated=True), ('respawn_at__isnull', False), _connector='OR'), name='group_cooldown_ends')],
            },
        ),
        migrations.CreateModel(
            name='ObjectUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('object_id', models.CharField(max_length=64, verbose_name='object')),
                ('used_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='used')),
            ],
            options={
                'verbose_name': 'use of an object',
                'verbose_name_plural': 'uses of objects',
                'constraints': [models.UniqueConstraint(fields=('character_id', 'zone', 'object_id'), name='object_used_once')],
            },
        ),
    ]
