"""An index for each way in which the ledger is read, and none for what is read in no way.

All of it is done while people play: nothing here locks out a writer.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Building an index beside its writers waits for every transaction that is older, and locks out nobody.
PATIENTLY = "SET statement_timeout = 0; SET lock_timeout = 0;"
NO_MORE = "SET lock_timeout = '2s';"

REDUNDANT = {
    "economy_line_account_id_1543f200": "economy_line (account_id)",
    "economy_line_entry_id_1b03f874": "economy_line (entry_id)",
    "economy_balance_account_id_d357a9e4": "economy_balance (account_id)",
    "economy_entry_idempotency_key_9ba2f241_like": "economy_entry (idempotency_key varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("economy", "0004_no_hot_row")]

    operations = [
        migrations.RunSQL(PATIENTLY, NO_MORE),
        migrations.RunSQL(
            "ALTER TABLE economy_balance VALIDATE CONSTRAINT balance_within_bounds;",
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently("line", models.Index(fields=["account", "id"], name="line_of_account")),
        RemoveIndexConcurrently("line", "line_by_account"),
        *(
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name};",
                [
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON {columns}",
                ],
            )
            for name, columns in REDUNDANT.items()
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "entry",
                    "idempotency_key",
                    models.CharField(max_length=200, verbose_name="idempotency key"),
                ),
                migrations.AddConstraint(
                    "entry",
                    models.UniqueConstraint(
                        fields=("idempotency_key",), name="economy_entry_idempotency_key_key"
                    ),
                ),
            ]
        ),
        migrations.RunSQL(NO_MORE, PATIENTLY),
    ]
