"""Order books, orders and what was filled."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0010_trade'),
    ]

    operations = [
        migrations.CreateModel(
            name='Book',
            fields=[
                ('item', models.CharField(max_length=48, primary_key=True, serialize=False, verbose_name='item')),
                ('is_halted', models.BooleanField(default=False, verbose_name='is halted')),
                ('last_price', models.BigIntegerField(null=True, verbose_name='last price')),
            ],
            options={
                'verbose_name': 'order book',
                'verbose_name_plural': 'order books',
                'ordering': ['item'],
                'permissions': (('halt_book', 'Can halt an order book and cancel orders'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('side', models.CharField(choices=[('buy', 'buys'), ('sell', 'sells')], max_length=4, verbose_name='side')),
                ('price', models.BigIntegerField(verbose_name='price of one')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('remaining', models.IntegerField(verbose_name='remaining')),
                ('proceeds', models.BigIntegerField(default=0, verbose_name='proceeds')),
                ('state', models.CharField(choices=[('open', 'open'), ('filled', 'filled'), ('cancelled', 'cancelled'), ('expired', 'expired')], default='open', max_length=10, verbose_name='state')),
                ('idempotency_key', models.CharField(max_length=200, verbose_name='idempotency key')),
                ('placed_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='placed at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='economy.book', verbose_name='item')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
                'ordering': ['-id'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Fill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.BigIntegerField(verbose_name='price of one')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('tax', models.BigIntegerField(verbose_name='tax')),
                ('at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='at')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fills', to='economy.book', verbose_name='item')),
                ('buy_order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bought', to='economy.order', verbose_name='order that buys')),
                ('sell_order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sold', to='economy.order', verbose_name='order that sells')),
            ],
            options={
                'verbose_name': 'fill',
                'verbose_name_plural': 'fills',
                'ordering': ['-id'],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('side', 'sell'), ('state', 'open')), fields=['book', 'price', 'id'], name='order_asks'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('side', 'buy'), ('state', 'open')), fields=['book', '-price', 'id'], name='order_bids'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['character_id', '-id'], name='order_of_character'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='order_due'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('idempotency_key',), name='order_once'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 1), ('price__lte', 1000000000)), name='order_price'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 1000000)), name='order_quantity'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('quantity'))), name='order_remaining'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('remaining__gt', 0), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='order_open_remains'),
        ),
        migrations.AddIndex(
            model_name='fill',
            index=models.Index(fields=['book', 'at'], name='fill_by_moment'),
        ),
    ]
