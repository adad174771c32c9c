"""Trades between two characters."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0009_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Trade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inviter_id', models.BigIntegerField(verbose_name='inviter')),
                ('invitee_id', models.BigIntegerField(verbose_name='invitee')),
                ('state', models.CharField(choices=[('invited', 'invited'), ('open', 'open'), ('locked', 'locked'), ('confirming', 'confirmed by one'), ('committed', 'committed'), ('cancelled', 'cancelled'), ('expired', 'expired')], default='invited', max_length=10, verbose_name='state')),
                ('rev', models.IntegerField(default=0, verbose_name='revision')),
                ('offers', models.JSONField(default=dict, verbose_name='offers')),
                ('locks', models.JSONField(default=dict, verbose_name='locks')),
                ('seen', models.JSONField(default=dict, verbose_name='seen when locking')),
                ('confirmed', models.JSONField(default=list, verbose_name='confirmed')),
                ('confirm_from', models.DateTimeField(null=True, verbose_name='may be confirmed from')),
                ('created_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='begun')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'trade',
                'verbose_name_plural': 'trades',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(models.F('expires_at'), condition=models.Q(('ended_at__isnull', True)), name='trade_due'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['invitee_id'], name='trade_invitations')],
                'constraints': [models.CheckConstraint(condition=models.Q(('inviter_id', models.F('invitee_id')), _negated=True), name='trade_between_two'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['committed', 'cancelled', 'expired'])), models.Q(('ended_at__isnull', True), ('state__in', ['invited', 'open', 'locked', 'confirming'])), _connector='OR'), name='trade_ended_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='TradeSeat',
            fields=[
                ('character_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('trade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='economy.trade')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
