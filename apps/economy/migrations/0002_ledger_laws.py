"""The laws of the ledger, kept by the database itself."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION economy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON economy_entry
    FOR EACH ROW EXECUTE FUNCTION economy_refuse_change();
CREATE TRIGGER line_append_only BEFORE UPDATE OR DELETE ON economy_line
    FOR EACH ROW EXECUTE FUNCTION economy_refuse_change();
CREATE TRIGGER iteminstance_append_only BEFORE UPDATE OR DELETE ON economy_iteminstance
    FOR EACH ROW EXECUTE FUNCTION economy_refuse_change();
CREATE TRIGGER account_keeps_its_name BEFORE UPDATE OR DELETE ON economy_account
    FOR EACH ROW EXECUTE FUNCTION economy_refuse_change();
"""

LINES_SUM_TO_ZERO = """
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
"""

BALANCES_FOLLOW_LINES = """
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

CREATE FUNCTION economy_guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance moves with a ledger line only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_follows_lines BEFORE INSERT OR UPDATE OR DELETE ON economy_balance
    FOR EACH ROW EXECUTE FUNCTION economy_guard_balance();
"""

ONE_HOLDER = """
ALTER TABLE economy_balance ADD CONSTRAINT instance_has_one_holder
    EXCLUDE USING btree (asset WITH =) WHERE (asset LIKE 'item:%' AND posted > 0)
    DEFERRABLE INITIALLY DEFERRED;
"""

UNDO = """
ALTER TABLE economy_balance DROP CONSTRAINT instance_has_one_holder;
DROP FUNCTION economy_guard_balance() CASCADE;
DROP FUNCTION economy_post_line() CASCADE;
DROP FUNCTION economy_check_sum() CASCADE;
DROP FUNCTION economy_refuse_change() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("economy", "0001_ledger")]

    operations = [
        migrations.RunSQL(
            sql=APPEND_ONLY + LINES_SUM_TO_ZERO + BALANCES_FOLLOW_LINES + ONE_HOLDER, reverse_sql=UNDO
        )
    ]
