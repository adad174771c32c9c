"""What was sold of each item in each day, so that the usual price is read in no time."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0012_auctions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailySales',
            fields=[
                ('pk', models.CompositePrimaryKey('book_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='economy.book')),
                ('day', models.DateField()),
                ('turnover', models.BigIntegerField()),
                ('quantity', models.BigIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='fill',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='fill_lately', pages_per_range=16),
        ),
    ]
