"""Postings that wait for nobody: credits beside a busy balance, folded totals of system accounts.

The locks on the ledger's tables are taken for a moment only; whoever cannot have one gives up after two
seconds, and the migration may be run again.
"""

import django.db.models.deletion
from django.db import migrations, models

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"

# Plans are made once for each connection: they go by index, however small the tables were at that moment
# and however many lines the planner guesses a posting to have.
BY_INDEX = """SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off"""

NO_FOREIGN_KEYS = """
ALTER TABLE economy_line DROP CONSTRAINT economy_line_account_id_1543f200_fk_economy_account_id;
ALTER TABLE economy_line DROP CONSTRAINT economy_line_entry_id_1b03f874_fk_economy_entry_id;
ALTER TABLE economy_balance DROP CONSTRAINT economy_balance_account_id_d357a9e4_fk_economy_account_id;
"""
FOREIGN_KEYS = """
ALTER TABLE economy_line ADD CONSTRAINT economy_line_account_id_1543f200_fk_economy_account_id
    FOREIGN KEY (account_id) REFERENCES economy_account (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE economy_line ADD CONSTRAINT economy_line_entry_id_1b03f874_fk_economy_entry_id
    FOREIGN KEY (entry_id) REFERENCES economy_entry (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE economy_balance ADD CONSTRAINT economy_balance_account_id_d357a9e4_fk_economy_account_id
    FOREIGN KEY (account_id) REFERENCES economy_account (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""

# A credit that finds the row taken must not be refused later, so the bound of a balance is the bound
# of numbers that every client can read; what a service lets anybody hold is far below.
BOUNDS = """
ALTER TABLE economy_balance DROP CONSTRAINT balance_within_bounds;
ALTER TABLE economy_balance ADD CONSTRAINT balance_within_bounds
    CHECK (posted >= 0 AND posted <= {most}) NOT VALID;
"""

HOLDINGS = """
ALTER TABLE economy_unfoldedcredit SET
    (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE VIEW economy_holding AS
    SELECT account_id, asset, posted AS amount FROM economy_balance WHERE posted > 0
    UNION ALL
    SELECT account_id, asset, amount FROM economy_unfoldedcredit;
"""

CREDITS_COME_HOME = """
CREATE FUNCTION economy_fold_credits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE economy_balance AS balance SET posted = balance.posted + credit.amount
    FROM (SELECT account_id, asset, sum(amount) AS amount FROM gone GROUP BY account_id, asset) AS credit
    WHERE balance.account_id = credit.account_id AND balance.asset = credit.asset;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_comes_home AFTER DELETE ON economy_unfoldedcredit
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION economy_fold_credits();
CREATE TRIGGER credit_comes_with_a_line BEFORE INSERT OR UPDATE ON economy_unfoldedcredit
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION economy_guard_balance();
"""

CREDITS_ARE_HOME = """
LOCK TABLE economy_line IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM economy_unfoldedcredit;
DROP FUNCTION economy_fold_credits() CASCADE;
DROP TRIGGER credit_comes_with_a_line ON economy_unfoldedcredit;
"""

LINES_KEEP_THE_LAWS = """
DROP TRIGGER line_sums_to_zero ON economy_line;
DROP TRIGGER line_moves_balance ON economy_line;
DROP FUNCTION economy_check_sum();
DROP FUNCTION economy_post_line();

CREATE FUNCTION economy_begin_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A transaction has its number before its lines have theirs: the fold of system accounts needs that.
    PERFORM pg_current_xact_id();
    RETURN NULL;
END $$;
CREATE TRIGGER lines_are_of_a_transaction BEFORE INSERT ON economy_line
    FOR EACH STATEMENT EXECUTE FUNCTION economy_begin_lines();

CREATE FUNCTION economy_post_lines() RETURNS trigger LANGUAGE plpgsql
    """ + BY_INDEX + """ AS $$
DECLARE
    cell record;
BEGIN
    SELECT entry_id, asset, sum(amount) <> 0 AS is_unequal INTO cell FROM new_lines
        GROUP BY entry_id, asset
        HAVING sum(amount) <> 0 OR (SELECT id FROM economy_entry WHERE id = entry_id) IS NULL LIMIT 1;
    IF cell.is_unequal THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero in %', cell.entry_id, cell.asset
            USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'there is no ledger entry %', cell.entry_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    FOR cell IN
        SELECT line.*, owner_type, amount > 0 AND asset NOT LIKE 'item:%' AS is_credit,
            owner_type <> 'system' AND EXISTS (
                SELECT FROM economy_unfoldedcredit AS credit
                WHERE credit.account_id = line.account_id AND credit.asset = line.asset
            ) AS has_credits
        FROM (
            SELECT account_id, asset, sum(amount) AS amount FROM new_lines GROUP BY account_id, asset
        ) AS line LEFT JOIN economy_account ON economy_account.id = account_id
        ORDER BY account_id, asset
    LOOP
        -- Accounts and entries are never deleted, so there is nothing that a lock on them would keep.
        IF cell.owner_type IS NULL THEN
            RAISE EXCEPTION 'there is no ledger account %', cell.account_id
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        CONTINUE WHEN cell.owner_type = 'system' OR cell.amount = 0;
        IF cell.has_credits AND NOT cell.is_credit THEN
            PERFORM FROM economy_balance WHERE account_id = cell.account_id AND asset = cell.asset
                FOR NO KEY UPDATE;
            DELETE FROM economy_unfoldedcredit WHERE account_id = cell.account_id AND asset = cell.asset;
        END IF;
        IF cell.is_credit THEN
            UPDATE economy_balance SET posted = posted + cell.amount
                WHERE (account_id, asset) = (
                    SELECT account_id, asset FROM economy_balance
                    WHERE account_id = cell.account_id AND asset = cell.asset
                    FOR NO KEY UPDATE SKIP LOCKED
                );
        ELSE
            UPDATE economy_balance SET posted = posted + cell.amount
                WHERE account_id = cell.account_id AND asset = cell.asset;
        END IF;
        IF FOUND THEN
            -- Who has the row brings home what others had to leave beside it.
            IF cell.has_credits AND cell.is_credit THEN
                DELETE FROM economy_unfoldedcredit
                    WHERE account_id = cell.account_id AND asset = cell.asset;
            END IF;
        ELSIF cell.is_credit AND EXISTS (
            SELECT FROM economy_balance WHERE account_id = cell.account_id AND asset = cell.asset
        ) THEN
            INSERT INTO economy_unfoldedcredit (account_id, asset, amount)
                VALUES (cell.account_id, cell.asset, cell.amount);
        ELSE
            INSERT INTO economy_balance AS balance (account_id, asset, posted)
                VALUES (cell.account_id, cell.asset, cell.amount)
                ON CONFLICT (account_id, asset) DO UPDATE SET posted = balance.posted + excluded.posted;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_keep_the_laws AFTER INSERT ON economy_line
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION economy_post_lines();

DROP TRIGGER balance_follows_lines ON economy_balance;
CREATE TRIGGER balance_follows_lines BEFORE INSERT OR UPDATE OR DELETE ON economy_balance
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION economy_guard_balance();
CREATE OR REPLACE FUNCTION economy_guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a balance moves with a ledger line only' USING ERRCODE = 'restrict_violation';
END $$;
"""
LINES_KEPT_THE_LAWS_ONE_BY_ONE = """
DROP TRIGGER lines_keep_the_laws ON economy_line;
DROP TRIGGER lines_are_of_a_transaction ON economy_line;
DROP TRIGGER balance_follows_lines ON economy_balance;
DROP FUNCTION economy_post_lines();
DROP FUNCTION economy_begin_lines();
CREATE FUNCTION economy_check_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM economy_line WHERE entry_id = NEW.entry_id AND asset = NEW.asset) <> 0 THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero in %', NEW.entry_id, NEW.asset
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER line_sums_to_zero AFTER INSERT ON economy_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION economy_check_sum();
CREATE FUNCTION economy_post_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM economy_account WHERE id = NEW.account_id AND owner_type = 'system') THEN
        RETURN NULL;
    END IF;
    UPDATE economy_balance SET posted = posted + NEW.amount
        WHERE account_id = NEW.account_id AND asset = NEW.asset;
    IF NOT FOUND THEN
        INSERT INTO economy_balance (account_id, asset, posted)
            VALUES (NEW.account_id, NEW.asset, NEW.amount)
            ON CONFLICT (account_id, asset) DO UPDATE SET posted = economy_balance.posted + NEW.amount;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER line_moves_balance AFTER INSERT ON economy_line
    FOR EACH ROW EXECUTE FUNCTION economy_post_line();
CREATE OR REPLACE FUNCTION economy_guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance moves with a ledger line only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_follows_lines BEFORE INSERT OR UPDATE OR DELETE ON economy_balance
    FOR EACH ROW EXECUTE FUNCTION economy_guard_balance();
"""

POST = """
CREATE FUNCTION economy_post(postings jsonb, moment timestamptz)
    -- Returns the entries that were written, or the one refusal. Keys that are missing were used before.
    RETURNS TABLE (entry_id bigint, key text, refusal text, refused_asset text)
    LANGUAGE plpgsql """ + BY_INDEX + """ AS $$
#variable_conflict use_column
DECLARE
    of_entry int[]; accounts bigint[]; of_player boolean[]; assets text[]; amounts bigint[];
    is_missing boolean; has_debit boolean; fresh int[]; short record;
BEGIN
    LOOP
        SELECT array_agg(entry), array_agg(account), array_agg(is_player), array_agg(asset),
            array_agg(amount), bool_or(account IS NULL), bool_or(is_player AND amount < 0)
        INTO of_entry, accounts, of_player, assets, amounts, is_missing, has_debit
        FROM (
            SELECT entry, asset, amount, owner_type <> 'system' AS is_player, (
                SELECT id FROM economy_account AS account
                WHERE account.owner_type = line.owner_type AND account.owner_id = line.owner_id
                    AND account.bucket = line.bucket
            ) AS account
            FROM ROWS FROM (
                jsonb_to_recordset(postings -> 'lines')
                AS (entry int, owner_type text, owner_id bigint, bucket text, asset text, amount bigint)
            ) WITH ORDINALITY AS line (entry, owner_type, owner_id, bucket, asset, amount, n)
            ORDER BY n
        ) AS line;
        EXIT WHEN is_missing IS NOT TRUE;
        INSERT INTO economy_account (owner_type, owner_id, bucket)
            SELECT DISTINCT owner_type, owner_id, bucket FROM jsonb_to_recordset(postings -> 'lines')
                AS line (owner_type text, owner_id bigint, bucket text) ORDER BY 1, 2, 3
            ON CONFLICT DO NOTHING;
    END LOOP;

    -- What is taken from is locked, always in this order. What is given to is not: see the trigger.
    IF has_debit THEN
        PERFORM FROM economy_balance AS balance
            JOIN (
                SELECT DISTINCT account, asset FROM unnest(accounts, assets, amounts, of_player)
                    AS line (account, asset, amount, is_player) WHERE amount < 0 AND is_player
            ) AS debit ON debit.account = balance.account_id AND debit.asset = balance.asset
            ORDER BY balance.account_id, balance.asset FOR NO KEY UPDATE OF balance;
    END IF;

    fresh := ARRAY(
        SELECT n::int FROM jsonb_array_elements(postings -> 'entries') WITH ORDINALITY AS given (entry, n)
        WHERE (SELECT id FROM economy_entry WHERE idempotency_key = given.entry ->> 'key') IS NULL
    );

    SELECT asset, held + lowest < 0 AS is_insufficient INTO short FROM (
        SELECT account, asset, min(running) AS lowest, max(running) AS highest, (
            SELECT coalesce(sum(amount), 0) FROM economy_holding AS holding
            WHERE holding.account_id = account AND holding.asset = step.asset
        ) AS held
        FROM (
            SELECT account, asset, sum(amount) OVER (PARTITION BY account, asset ORDER BY entry) AS running
            FROM unnest(of_entry, accounts, assets, amounts, of_player)
                AS line (entry, account, asset, amount, is_player)
            WHERE is_player AND entry = ANY (fresh)
        ) AS step GROUP BY account, asset
    ) AS cell
    WHERE held + lowest < 0 OR (highest > 0 AND held + highest > (postings ->> 'most')::bigint)
    ORDER BY account, asset LIMIT 1;
    IF FOUND THEN
        RETURN QUERY SELECT NULL::bigint, NULL::text,
            CASE WHEN short.is_insufficient THEN 'insufficient' ELSE 'full' END, short.asset;
        RETURN;
    END IF;

    RETURN QUERY WITH written AS (
        INSERT INTO economy_entry (kind, idempotency_key, cause, actor_id, at)
            SELECT entry ->> 'kind', entry ->> 'key', entry ->> 'cause', (entry ->> 'actor')::bigint, moment
            FROM jsonb_array_elements(postings -> 'entries') WITH ORDINALITY AS given (entry, n)
            WHERE n = ANY (fresh) ORDER BY n
            ON CONFLICT (idempotency_key) DO NOTHING RETURNING id, idempotency_key
    ), moved AS (
        INSERT INTO economy_line (entry_id, account_id, asset, amount)
            SELECT written.id, account, asset, amount
            FROM unnest(of_entry, accounts, assets, amounts) WITH ORDINALITY
                AS line (entry, account, asset, amount, n)
            JOIN written ON written.idempotency_key = postings -> 'entries' -> (line.entry - 1) ->> 'key'
            ORDER BY line.n
    ) SELECT id, idempotency_key::text, NULL, NULL FROM written;
END $$;

CREATE FUNCTION economy_lock_holders(characters bigint[]) RETURNS void
    LANGUAGE plpgsql """ + BY_INDEX + """ AS $$
BEGIN
    INSERT INTO economy_account (owner_type, owner_id, bucket)
        SELECT 'character', owner, 'wallet' FROM unnest(characters) AS owner
        WHERE NOT EXISTS (
            SELECT FROM economy_account
            WHERE owner_type = 'character' AND owner_id = owner AND bucket = 'wallet'
        ) ORDER BY owner
        ON CONFLICT DO NOTHING;
    PERFORM FROM economy_account
        WHERE owner_type = 'character' AND owner_id = ANY (characters) AND bucket = 'wallet'
        ORDER BY owner_id FOR NO KEY UPDATE;
END $$;
"""


def _account(related_name="+"):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="economy.account",
        verbose_name="account",
    )


class Migration(migrations.Migration):
    dependencies = [("economy", "0003_longer_causes")]

    operations = [
        migrations.RunSQL(BRIEFLY, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="UnfoldedCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asset", models.CharField(max_length=64, verbose_name="asset")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "account",
                    _account(),
                ),
            ],
            options={
                "verbose_name": "unfolded credit",
                "verbose_name_plural": "unfolded credits",
                "indexes": [models.Index(fields=["account", "asset"], name="unfolded_by_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), models.Q(("asset__startswith", "item:"), _negated=True)),
                        name="unfolded_is_a_credit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemTotal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "asset", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asset", models.CharField(max_length=64, verbose_name="asset")),
                ("total", models.BigIntegerField(verbose_name="amount")),
                (
                    "account",
                    _account(),
                ),
            ],
            options={"verbose_name": "folded total", "verbose_name_plural": "folded totals"},
        ),
        migrations.CreateModel(
            name="FoldMark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("folded_to", models.BigIntegerField(default=0)),
                ("seen_to", models.BigIntegerField(default=0)),
                ("seen_before", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_fold_mark"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "asset", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asset", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="economy.account",
                    ),
                ),
            ],
            options={"db_table": "economy_holding", "managed": False},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(NO_FOREIGN_KEYS, FOREIGN_KEYS),
                migrations.RunSQL(BOUNDS.format(most=2**53 - 1), BOUNDS.format(most=10**12)),
                migrations.RunSQL(HOLDINGS, "DROP VIEW economy_holding;"),
                migrations.RunSQL(LINES_KEEP_THE_LAWS, LINES_KEPT_THE_LAWS_ONE_BY_ONE),
                migrations.RunSQL(CREDITS_COME_HOME, CREDITS_ARE_HOME),
                migrations.RunSQL(
                    POST,
                    "DROP FUNCTION economy_post(jsonb, timestamptz);"
                    "DROP FUNCTION economy_lock_holders(bigint[]);",
                ),
            ],
            state_operations=[
                migrations.AlterField("balance", "account", _account(related_name="balances")),
                migrations.AlterField("line", "account", _account(related_name="lines")),
                migrations.AlterField(
                    "line",
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="economy.entry",
                        verbose_name="entry",
                    ),
                ),
                migrations.RemoveConstraint("balance", "balance_within_bounds"),
                migrations.AddConstraint(
                    "balance",
                    models.CheckConstraint(
                        condition=models.Q(("posted__gte", 0), ("posted__lte", 2**53 - 1)),
                        name="balance_within_bounds",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(migrations.RunSQL.noop, BRIEFLY),
    ]
