"""Entries that undo others, cases and their steps, debts, alarms, and what happens to unique items."""

import aether.kernel.clock
import django.db.models.deletion
from django.db import migrations, models

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"

# The function that posts is changed in the one place that writes entries, whatever else it has become.
COLUMNS = (
    "INSERT INTO economy_entry (kind, idempotency_key, cause, actor_id, at)",
    "INSERT INTO economy_entry (kind, idempotency_key, cause, actor_id, at, reverses_id)",
)
VALUES = (
    "(entry ->> 'actor')::bigint, moment\n",
    "(entry ->> 'actor')::bigint, moment,\n"
    "                (entry ->> 'reverses')::bigint\n",
)

ITEM_EVENTS_ARE_HISTORY = """
CREATE TRIGGER itemevent_append_only BEFORE UPDATE OR DELETE ON economy_itemevent
    FOR EACH ROW EXECUTE FUNCTION economy_refuse_change();
"""


def post_reversals(apps, schema_editor):
    _rewrite(schema_editor, [COLUMNS, VALUES])


def post_no_reversals(apps, schema_editor):
    _rewrite(schema_editor, [(after, before) for before, after in (COLUMNS, VALUES)])


def _rewrite(schema_editor, changes):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('economy_post(jsonb, timestamptz)'::regprocedure)")
        text = cursor.fetchone()[0]
        for before, after in changes:
            if text.count(before) != 1:
                raise RuntimeError(f"economy_post is not as expected: {before!r}")
            text = text.replace(before, after)
        # Without parameters a percent sign is what it is.
        cursor.execute(text)


class Migration(migrations.Migration):

    dependencies = [
        ('economy', '0013_daily_sales'),
    ]

    operations = [
        migrations.RunSQL(BRIEFLY, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('law', 'a law of the ledger is broken'), ('issuance', 'unusual issuance'), ('faucet_share', 'one account draws much of a faucet'), ('supply', 'supply of a unique item is not one'), ('balance', 'a balance that cannot be')], max_length=16, verbose_name='kind')),
                ('what', models.CharField(max_length=300, verbose_name='what')),
                ('details', models.JSONField(default=dict, verbose_name='details')),
                ('raised_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='raised')),
                ('seen_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='last seen')),
                ('cleared_at', models.DateTimeField(null=True, verbose_name='cleared')),
            ],
            options={
                'verbose_name': 'economy alarm',
                'verbose_name_plural': 'economy alarms',
                'ordering': ['-id'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('asset', models.CharField(max_length=64, verbose_name='asset')),
                ('share_pct', models.PositiveSmallIntegerField(verbose_name='share of income, %')),
                ('seen_to', models.BigIntegerField(verbose_name='seen to line')),
                ('due', models.BigIntegerField(default=0, verbose_name='due')),
                ('payments', models.PositiveIntegerField(default=0, verbose_name='payments')),
                ('opened_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='opened')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
            ],
            options={
                'verbose_name': 'debt',
                'verbose_name_plural': 'debts',
                'ordering': ['-id'],
                'permissions': (('waive_debt', 'Can waive what a character owes'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ItemEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32, verbose_name='kind')),
                ('facts', models.JSONField(default=dict, verbose_name='facts')),
                ('at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='at')),
            ],
            options={
                'verbose_name': 'item event',
                'verbose_name_plural': 'item events',
                'ordering': ['id'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='RollbackCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('scope', models.JSONField(verbose_name='scope')),
                ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                ('income_share_pct', models.PositiveSmallIntegerField(default=20, verbose_name='share of income, %')),
                ('state', models.CharField(choices=[('open', 'open'), ('planned', 'planned'), ('running', 'running'), ('done', 'done'), ('stale', 'needs a new dry run'), ('withdrawn', 'withdrawn')], default='open', max_length=12, verbose_name='state')),
                ('opened_by', models.BigIntegerField(verbose_name='opened by')),
                ('opened_name', models.CharField(max_length=150, verbose_name='opened by')),
                ('opened_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='opened')),
                ('approved_by', models.BigIntegerField(null=True, verbose_name='approved by')),
                ('approved_name', models.CharField(blank=True, max_length=150, verbose_name='approved by')),
                ('planned_at', models.DateTimeField(null=True, verbose_name='planned')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('fingerprint', models.CharField(blank=True, max_length=64, verbose_name='fingerprint')),
                ('summary', models.JSONField(default=dict, verbose_name='dry run')),
            ],
            options={
                'verbose_name': 'rollback case',
                'verbose_name_plural': 'rollback cases',
                'ordering': ['-id'],
                'permissions': (('run_rollback', 'Can open, plan and approve rollbacks'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='RollbackStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('kind', models.CharField(max_length=16, verbose_name='kind')),
                ('content', models.JSONField(verbose_name='content')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'rollback step',
                'verbose_name_plural': 'rollback steps',
                'ordering': ['case_id', 'number'],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='reverses',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='economy.entry', verbose_name='reverses'),
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(condition=models.Q(('cleared_at__isnull', True)), fields=('kind', 'what'), name='alarm_once'),
        ),
        migrations.AddField(
            model_name='itemevent',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='economy.entry', verbose_name='entry'),
        ),
        migrations.AddField(
            model_name='itemevent',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='economy.iteminstance', verbose_name='item'),
        ),
        migrations.AddField(
            model_name='rollbackcase',
            name='undoes',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='economy.rollbackcase', verbose_name='undoes'),
        ),
        migrations.AddField(
            model_name='debt',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='economy.rollbackcase', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='rollbackstep',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='economy.rollbackcase', verbose_name='case'),
        ),
        migrations.AddConstraint(
            model_name='rollbackcase',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('opened_by')), _negated=True), _connector='OR'), name='rollback_by_two'),
        ),
        migrations.AddConstraint(
            model_name='rollbackcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['running', 'done']), _negated=True), ('approved_by__isnull', False), _connector='OR'), name='rollback_runs_approved'),
        ),
        migrations.AddConstraint(
            model_name='rollbackcase',
            constraint=models.CheckConstraint(condition=models.Q(('income_share_pct__gte', 1), ('income_share_pct__lte', 100)), name='rollback_share'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('character_id', 'asset'), name='debt_once'),
        ),
        migrations.AddConstraint(
            model_name='rollbackstep',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='rollback_step_once'),
        ),
        migrations.RunSQL(ITEM_EVENTS_ARE_HISTORY, "DROP TRIGGER itemevent_append_only ON economy_itemevent;"),
        migrations.RunPython(post_reversals, post_no_reversals),
        migrations.RunSQL(migrations.RunSQL.noop, BRIEFLY),
    ]
