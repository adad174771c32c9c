"""Who deals is locked, and asked whether it may, in one statement."""

from django.db import migrations

# Each statement of a function sees what was committed before it began: whoever was frozen while this waited
# for the locks is found.
LOCK_DEALERS = """
CREATE FUNCTION economy_lock_dealers(characters bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    PERFORM economy_lock_holders(characters);
    RETURN ARRAY(SELECT character_id FROM economy_freeze WHERE character_id = ANY (characters) AND is_frozen);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("economy", "0031_repairs_of_balances")]

    operations = [
        migrations.RunSQL(LOCK_DEALERS, "DROP FUNCTION economy_lock_dealers(bigint[])"),
    ]
