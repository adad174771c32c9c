"""Posting many entries at once takes time by their number, and no longer by its square.

Entries have their ids before they are written, so that each line knows its own. Before, each line was held
against each key that had been written, and each entry against a list of numbers.
"""

from django.db import migrations

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"

# The function that posts is changed in these places, whatever else it has become.
CHANGES = [
    ("has_debit boolean; fresh int[]; short record;", "has_debit boolean; ids bigint[]; short record;"),
    (
        """            SELECT DISTINCT owner_type, owner_id, bucket FROM jsonb_to_recordset(postings -> 'lines')
                AS line (owner_type text, owner_id bigint, bucket text) ORDER BY 1, 2, 3
""",
        """            SELECT DISTINCT owner_type, owner_id, bucket FROM jsonb_to_recordset(postings -> 'lines')
                AS line (owner_type text, owner_id bigint, bucket text)
            WHERE (
                SELECT id FROM economy_account AS account
                WHERE account.owner_type = line.owner_type AND account.owner_id = line.owner_id
                    AND account.bucket = line.bucket
            ) IS NULL ORDER BY 1, 2, 3
""",
    ),
    (
        """    fresh := ARRAY(
        SELECT n::int FROM jsonb_array_elements(postings -> 'entries') WITH ORDINALITY AS given (entry, n)
        WHERE (SELECT id FROM economy_entry WHERE idempotency_key = given.entry ->> 'key') IS NULL
    );
""",
        """    -- The ids of the entries, in their order; 0 where the key was used before.
    PERFORM pg_current_xact_id();
    ids := ARRAY(
        SELECT CASE WHEN (SELECT id FROM economy_entry WHERE idempotency_key = entry ->> 'key') IS NULL
            THEN nextval('economy_entry_id_seq') ELSE 0 END
        FROM jsonb_array_elements(postings -> 'entries') AS given (entry)
    );
""",
    ),
    ("WHERE is_player AND entry = ANY (fresh)", "WHERE is_player AND ids[entry] > 0"),
    ("INSERT INTO economy_entry (kind,", "INSERT INTO economy_entry (id, kind,"),
    ("            SELECT entry ->> 'kind',", "            SELECT ids[n], entry ->> 'kind',"),
    ("            WHERE n = ANY (fresh) ORDER BY n", "            WHERE ids[n] > 0 ORDER BY n"),
    (
        """            SELECT written.id, account, asset, amount
""",
        """            SELECT ids[line.entry], account, asset, amount
""",
    ),
    (
        """            JOIN written ON written.idempotency_key = postings -> 'entries' -> (line.entry - 1) ->> 'key'
""",
        """            WHERE ids[line.entry] = ANY (ARRAY(SELECT id FROM written))
""",
    ),
]


def by_number(apps, schema_editor):
    _rewrite(schema_editor, CHANGES)


def by_key(apps, schema_editor):
    _rewrite(schema_editor, [(after, before) for before, after in CHANGES])


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
    dependencies = [("economy", "0019_open_orders_of_character")]

    operations = [
        migrations.RunSQL(BRIEFLY, migrations.RunSQL.noop),
        migrations.RunPython(by_number, by_key),
        migrations.RunSQL(migrations.RunSQL.noop, BRIEFLY),
    ]
