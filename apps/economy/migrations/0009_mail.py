"""Letters with attachments."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0008_holds_and_switches'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient_id', models.BigIntegerField(verbose_name='recipient')),
                ('sender_id', models.BigIntegerField(null=True, verbose_name='sender')),
                ('source', models.CharField(choices=[('player', 'a player'), ('overflow', 'what found no room'), ('market', 'the market'), ('auction_won', 'an auction won'), ('auction_sold', 'an auction sold'), ('auction_unsold', 'an auction without a sale')], max_length=16, verbose_name='source')),
                ('subject', models.CharField(blank=True, max_length=64, verbose_name='subject')),
                ('body', models.CharField(blank=True, max_length=1000, verbose_name='text')),
                ('cause', models.CharField(max_length=200, verbose_name='cause')),
                ('cod', models.BigIntegerField(default=0, verbose_name='to pay')),
                ('is_paid', models.BooleanField(default=False, verbose_name='is paid')),
                ('is_returned', models.BooleanField(default=False, verbose_name='came back')),
                ('sent_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='sent at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read at')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='gone at')),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['recipient_id', '-id'], name='letter_of_recipient'), models.Index(models.F('expires_at'), condition=models.Q(('closed_at__isnull', True)), name='letter_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('cod__gte', 0), ('cod__lte', 1000000000000)), name='letter_cod_bounds'), models.CheckConstraint(condition=models.Q(('cod', 0), ('sender_id__isnull', False), _connector='OR'), name='letter_cod_has_payee')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asset', models.CharField(max_length=64, verbose_name='asset')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='taken at')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='economy.letter', verbose_name='letter')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('letter', 'asset'), name='attachment_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', 1000000000000)), name='attachment_bounds')],
            },
        ),
    ]
