"""Auctions and bids."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0011_market'),
    ]

    operations = [
        migrations.CreateModel(
            name='Auction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seller_id', models.BigIntegerField(verbose_name='seller')),
                ('instance_id', models.UUIDField(verbose_name='item instance')),
                ('item', models.CharField(max_length=48, verbose_name='item')),
                ('start_bid', models.BigIntegerField(verbose_name='first bid')),
                ('buyout', models.BigIntegerField(null=True, verbose_name='buyout')),
                ('deposit', models.BigIntegerField(verbose_name='deposit')),
                ('bid', models.BigIntegerField(null=True, verbose_name='highest bid')),
                ('bidder_id', models.BigIntegerField(null=True, verbose_name='highest bidder')),
                ('bids', models.IntegerField(default=0, verbose_name='bids')),
                ('extensions', models.SmallIntegerField(default=0, verbose_name='extensions')),
                ('state', models.CharField(choices=[('open', 'open'), ('sold', 'sold'), ('unsold', 'unsold'), ('cancelled', 'cancelled')], default='open', max_length=10, verbose_name='state')),
                ('idempotency_key', models.CharField(max_length=200, verbose_name='idempotency key')),
                ('opened_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='opened at')),
                ('ends_at', models.DateTimeField(verbose_name='ends at')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
            ],
            options={
                'verbose_name': 'auction',
                'verbose_name_plural': 'auctions',
                'ordering': ['-id'],
                'permissions': (('cancel_auction', 'Can cancel an auction'),),
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['ends_at', 'id'], name='auction_due'), models.Index(condition=models.Q(('state', 'open')), fields=['item', 'id'], name='auction_of_item'), models.Index(fields=['seller_id', '-id'], name='auction_of_seller'), models.Index(fields=['bidder_id', '-id'], name='auction_of_bidder')],
                'constraints': [models.UniqueConstraint(fields=('idempotency_key',), name='auction_once'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('instance_id',), name='auction_of_instance_once'), models.CheckConstraint(condition=models.Q(('start_bid__gte', 1), ('start_bid__lte', 1000000000)), name='auction_start'), models.CheckConstraint(condition=models.Q(models.Q(('bid__isnull', True), ('bidder_id__isnull', True)), models.Q(('bid__isnull', False), ('bidder_id__isnull', False)), _connector='OR'), name='auction_bid_has_bidder'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='auction_closed_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder_id', models.BigIntegerField(verbose_name='bidder')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='at')),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bid_rows', to='economy.auction', verbose_name='auction')),
            ],
            options={
                'verbose_name': 'bid',
                'verbose_name_plural': 'bids',
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
    ]
