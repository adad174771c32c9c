"""Things whose changes are events, flags of zone copies, cooldowns, and bind points."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0003_zone_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='characterplace',
            name='bind_arrival',
            field=models.CharField(db_default='start', default='start', max_length=48, verbose_name='bound to the place'),
        ),
        migrations.CreateModel(
            name='Cooldown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('key', models.CharField(max_length=48, verbose_name='cooldown')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('times', models.PositiveIntegerField(default=0, verbose_name='times')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('character_id', 'key'), name='cooldown_once')],
            },
        ),
        migrations.CreateModel(
            name='CopyFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('key', models.CharField(max_length=48, verbose_name='flag')),
                ('value', models.BigIntegerField(verbose_name='value')),
            ],
            options={
                'verbose_name': 'flag of a zone copy',
                'verbose_name_plural': 'flags of zone copies',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('instance', 'key'), name='copy_flag_once')],
            },
        ),
        migrations.CreateModel(
            name='WorldObject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance', models.CharField(max_length=80, verbose_name='zone copy')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('object_id', models.CharField(max_length=64, verbose_name='object')),
                ('definition', models.CharField(max_length=64, verbose_name='kind')),
                ('state', models.CharField(max_length=48, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='version')),
                ('hash', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')),
                ('changed_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='changed')),
                ('returns_at', models.DateTimeField(blank=True, null=True, verbose_name='goes back')),
                ('returns_to', models.CharField(blank=True, default='', max_length=48, verbose_name='goes back to')),
            ],
            options={
                'verbose_name': 'object',
                'verbose_name_plural': 'objects',
                'permissions': (('reset_object', 'Can put an object back'),),
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('returns_at__isnull', False)), fields=['instance', 'returns_at'], name='object_due')],
                'constraints': [models.UniqueConstraint(fields=('instance', 'object_id'), name='object_once_in_a_copy'), models.CheckConstraint(condition=models.Q(('returns_at__isnull', True), models.Q(('returns_to', ''), _negated=True), _connector='OR'), name='object_returns_to_a_state')],
            },
        ),
        migrations.CreateModel(
            name='ObjectSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(max_length=48, verbose_name='state')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='world.worldobject')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('object', 'version'), name='object_snapshot_once')],
            },
        ),
    ]
