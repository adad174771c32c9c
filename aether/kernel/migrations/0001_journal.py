"""The journal, append-only by trigger; the receipts of commands; the view that people read."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models.functions import Now

APPEND_ONLY = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_rows_stay BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_stays BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM PUBLIC;
"""
NOT_APPEND_ONLY = """
DROP TRIGGER journal_stays ON journal;
DROP TRIGGER journal_rows_stay ON journal;
DROP FUNCTION journal_is_append_only();
"""

# Batches append at many places of the key at once and never update: compact storage, no free space kept.
STORAGE = """
ALTER TABLE journal ALTER COLUMN payload SET STORAGE MAIN;
ALTER TABLE journal SET (autovacuum_vacuum_insert_scale_factor = 0.5);
"""

VIEW = """
CREATE VIEW journal_lines AS
SELECT kind || ':' || id || ':' || version AS key,
       kind, id AS stream_id, version,
       convert_from(payload, 'UTF8')::jsonb AS payload,
       actor_id,
       timestamptz 'epoch' + at_us * interval '1 microsecond' AS at,
       encode(hash, 'hex') AS hash
FROM journal
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_content_release")]

    operations = [
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("pk", models.CompositePrimaryKey("kind", "stream_id", "version", blank=True, editable=False, primary_key=True, serialize=False)),
                ("kind", models.SmallIntegerField()),
                ("stream_id", models.BigIntegerField(db_column="id")),
                ("version", models.IntegerField()),
                ("payload", models.BinaryField()),
                ("actor_id", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "journal"},
        ),
        migrations.CreateModel(
            name="CommandReceipt",
            fields=[
                ("pk", models.CompositePrimaryKey("character_id", "command_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("character_id", models.BigIntegerField()),
                ("command_id", models.CharField(max_length=36)),
                ("digest", models.BinaryField()),
                ("reply", models.BinaryField()),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "db_table": "command_receipt",
                "indexes": [BrinIndex(fields=["at"], name="command_receipt_at")],
            },
        ),
        migrations.CreateModel(
            name="JournalLine",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="entry")),
                ("kind", models.SmallIntegerField(verbose_name="kind")),
                ("stream_id", models.BigIntegerField(verbose_name="number")),
                ("version", models.IntegerField(verbose_name="version")),
                ("payload", models.JSONField(verbose_name="content")),
                ("actor_id", models.BigIntegerField(verbose_name="actor")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
            ],
            options={
                "db_table": "journal_lines",
                "managed": False,
                "ordering": ["-at"],
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal",
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(VIEW, "DROP VIEW journal_lines"),
    ]
