"""The outbox of facts, who handled which, where handling failed, and the bell that wakes the relay."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

BELL = """
CREATE FUNCTION fact_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aether_facts', '');
    RETURN NULL;
END $$;
CREATE TRIGGER fact_rings AFTER INSERT ON kernel_outboxfact
    FOR EACH STATEMENT EXECUTE FUNCTION fact_is_published();
"""
NO_BELL = """
DROP TRIGGER fact_rings ON kernel_outboxfact;
DROP FUNCTION fact_is_published();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=64, verbose_name="fact")),
                ("payload", models.TextField(verbose_name="content")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="published"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), null=True, verbose_name="due"
                    ),
                ),
                ("relayed", models.SmallIntegerField(db_default=0, verbose_name="times relayed")),
            ],
            options={
                "verbose_name": "fact",
                "verbose_name_plural": "facts",
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("due_at__isnull", False)),
                        name="fact_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandledFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscriber", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "fact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handled",
                        to="kernel.outboxfact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("fact", "subscriber"), name="fact_handled_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscriber", models.CharField(max_length=64, verbose_name="subscriber")),
                ("failures", models.SmallIntegerField(verbose_name="failures")),
                ("error", models.TextField(verbose_name="last error")),
                ("failed_at", models.DateTimeField(verbose_name="last failure")),
                ("parked_at", models.DateTimeField(null=True, verbose_name="parked")),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="failures",
                        to="kernel.outboxfact",
                        verbose_name="fact",
                    ),
                ),
            ],
            options={
                "verbose_name": "failed fact",
                "verbose_name_plural": "failed and parked facts",
                "permissions": (("retry_fact", "Can retry parked facts"),),
                "constraints": [
                    models.UniqueConstraint(fields=("fact", "subscriber"), name="fact_failure_of_subscriber")
                ],
            },
        ),
        migrations.RunSQL(BELL, NO_BELL),
    ]
