"""Holds that are resolved once, and the switches that stop a part of the economy."""

import aether.kernel.clock
from django.db import migrations, models


def make_switches(apps, schema_editor):
    """A row for each part, so that staff find it in the console."""
    switch = apps.get_model("economy", "FeatureSwitch")
    for feature in ("trade", "market", "mail", "craft"):
        switch.objects.get_or_create(feature=feature)


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0007_loot_receipts'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeatureSwitch',
            fields=[
                ('feature', models.CharField(choices=[('trade', 'trade'), ('market', 'market'), ('mail', 'mail'), ('craft', 'crafting')], max_length=8, primary_key=True, serialize=False, verbose_name='part')),
                ('is_on', models.BooleanField(default=True, verbose_name='is on')),
                ('changed_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='changed at')),
                ('changed_by', models.CharField(blank=True, max_length=150, verbose_name='changed by')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'switch',
                'verbose_name_plural': 'switches',
                'ordering': ['feature'],
                'permissions': (('switch_feature', 'Can stop a part of the economy and let it go on'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('purpose', models.CharField(max_length=16, verbose_name='purpose')),
                ('cause', models.CharField(max_length=200, verbose_name='cause')),
                ('idempotency_key', models.CharField(max_length=200, verbose_name='idempotency key')),
                ('contents', models.JSONField(verbose_name='contents')),
                ('state', models.CharField(choices=[('pending', 'pending'), ('posted', 'posted'), ('voided', 'voided'), ('expired', 'expired')], default='pending', max_length=8, verbose_name='state')),
                ('placed_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='placed at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('resolved_at', models.DateTimeField(null=True, verbose_name='resolved at')),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(models.F('expires_at'), condition=models.Q(('state', 'pending')), name='hold_due'), models.Index(models.F('character_id'), name='hold_by_character')],
                'constraints': [models.UniqueConstraint(fields=('idempotency_key',), name='hold_once'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='hold_resolved_has_moment')],
            },
        ),
        migrations.RunPython(make_switches, migrations.RunPython.noop),
    ]
