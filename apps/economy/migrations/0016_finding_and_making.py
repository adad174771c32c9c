"""What characters learn, gather, make, use and wear out; simulations of drops."""

import aether.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0015_reversal_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='DropSimulation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=48, verbose_name='loot table')),
                ('content_hash', models.CharField(max_length=64, verbose_name='content')),
                ('luck_pct', models.PositiveSmallIntegerField(default=0, verbose_name='luck, %')),
                ('wanted', models.PositiveIntegerField(verbose_name='throws wanted')),
                ('thrown', models.PositiveIntegerField(default=0, verbose_name='throws')),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done')], default='running', max_length=8, verbose_name='state')),
                ('tally', models.JSONField(default=dict, verbose_name='counts')),
                ('asked_by', models.CharField(max_length=150, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='asked at')),
            ],
            options={
                'verbose_name': 'drop simulation',
                'verbose_name_plural': 'drop simulations',
                'ordering': ['-id'],
                'permissions': (('simulate_drops', 'Can throw a loot table many times'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='iteminstance',
            name='crafted_by',
            field=models.BigIntegerField(null=True, verbose_name='crafted by'),
        ),
        migrations.AddField(
            model_name='iteminstance',
            name='is_fine',
            field=models.BooleanField(db_default=False, default=False, verbose_name='fine work'),
        ),
        migrations.CreateModel(
            name='CraftJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('recipe', models.CharField(max_length=48, verbose_name='recipe')),
                ('count', models.PositiveSmallIntegerField(verbose_name='how many')),
                ('hold_id', models.BigIntegerField(unique=True, verbose_name='hold')),
                ('idempotency_key', models.CharField(max_length=200, verbose_name='idempotency key')),
                ('state', models.CharField(choices=[('running', 'running'), ('ready', 'waits for room'), ('done', 'done'), ('cancelled', 'cancelled')], default='running', max_length=9, verbose_name='state')),
                ('started_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='started')),
                ('finishes_at', models.DateTimeField(verbose_name='finishes')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'craft',
                'verbose_name_plural': 'crafts',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(models.F('finishes_at'), condition=models.Q(('state__in', ['running', 'ready'])), name='craft_due')],
                'constraints': [models.UniqueConstraint(fields=('idempotency_key',), name='craft_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'ready'])), fields=('character_id',), name='craft_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['running', 'ready'])), models.Q(('state__in', ['done', 'cancelled']), ('ended_at__isnull', False)), _connector='OR'), name='craft_ended_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='GatherTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('day', models.DateField(verbose_name='day')),
                ('gathered', models.PositiveIntegerField(default=0, verbose_name='gathered')),
            ],
            options={
                'verbose_name': 'gatherings of a day',
                'verbose_name_plural': 'gatherings by day',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('character_id', 'day'), name='gather_tally_once')],
            },
        ),
        migrations.CreateModel(
            name='Prepared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('item', models.CharField(max_length=48, verbose_name='item')),
                ('stats', models.JSONField(verbose_name='stats')),
                ('used_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='used')),
            ],
            options={
                'verbose_name': 'preparation',
                'verbose_name_plural': 'preparations',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('character_id', 'item'), name='prepared_once')],
            },
        ),
        migrations.CreateModel(
            name='Profession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('profession', models.CharField(max_length=48, verbose_name='profession')),
                ('xp', models.PositiveIntegerField(default=0, verbose_name='experience')),
            ],
            options={
                'verbose_name': 'profession',
                'verbose_name_plural': 'professions',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('character_id', 'profession'), name='profession_once')],
            },
        ),
        migrations.CreateModel(
            name='ShopDrift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.CharField(max_length=48, verbose_name='shop')),
                ('item', models.CharField(max_length=48, verbose_name='item')),
                ('pressure', models.IntegerField(default=0, verbose_name='demand')),
                ('at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='at')),
            ],
            options={
                'verbose_name': 'shop price',
                'verbose_name_plural': 'shop prices',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('shop', 'item'), name='shop_drift_once')],
            },
        ),
    ]
