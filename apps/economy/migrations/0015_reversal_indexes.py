"""The indexes of reversals and of moments, built while people play."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# Building an index beside its writers waits for every transaction that is older, and locks out nobody.
PATIENTLY = "SET statement_timeout = 0; SET lock_timeout = 0;"
NO_MORE = "SET lock_timeout = '2s';"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("economy", "0014_reversals")]

    operations = [
        migrations.RunSQL(PATIENTLY, NO_MORE),
        AddIndexConcurrently(
            "entry",
            django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="entry_by_moment", pages_per_range=16
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    # One that is there was left over by a kill, perhaps half built.
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS entry_reversed_once",
                        "CREATE UNIQUE INDEX CONCURRENTLY entry_reversed_once"
                        " ON economy_entry (reverses_id) WHERE reverses_id IS NOT NULL",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS entry_reversed_once;",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=("reverses",),
                        name="entry_reversed_once",
                    ),
                )
            ],
        ),
        migrations.RunSQL(NO_MORE, PATIENTLY),
    ]
