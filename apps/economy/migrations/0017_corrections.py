"""Letters about what was put right; cases that give back what they have taken when one hold is refused.

Dry runs made before have no step that checks them, and are to be made again.
"""

from django.db import migrations, models
from django.db.models import Q

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"
FORGET_OLD_DRY_RUNS = """
    UPDATE economy_rollbackcase SET state = 'stale', approved_by = NULL, approved_name = ''
    WHERE state = 'planned' OR (state = 'running' AND NOT EXISTS (
        SELECT FROM economy_rollbackstep WHERE case_id = economy_rollbackcase.id AND done_at IS NOT NULL
    ));
"""
GIVE_UP_RETURNING = """
    UPDATE economy_rollbackcase SET state = 'running' WHERE state = 'returning';
"""
APPROVED = Q(("approved_by__isnull", False))


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0016_finding_and_making"),
    ]

    operations = [
        migrations.RunSQL(BRIEFLY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="letter",
            name="correction",
            field=models.JSONField(null=True, verbose_name="what was put right"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="source",
            field=models.CharField(
                choices=[
                    ("player", "a player"),
                    ("overflow", "what found no room"),
                    ("market", "the market"),
                    ("auction_won", "an auction won"),
                    ("auction_sold", "an auction sold"),
                    ("auction_unsold", "an auction without a sale"),
                    ("correction", "something that was put right"),
                ],
                max_length=16,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="rollbackcase",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("planned", "planned"),
                    ("running", "running"),
                    ("returning", "gives back"),
                    ("done", "done"),
                    ("stale", "needs a new dry run"),
                    ("withdrawn", "withdrawn"),
                ],
                default="open",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.RunSQL(FORGET_OLD_DRY_RUNS, GIVE_UP_RETURNING),
        migrations.RemoveConstraint(model_name="rollbackcase", name="rollback_runs_approved"),
        migrations.AddConstraint(
            model_name="rollbackcase",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=["running", "returning", "done"]) | APPROVED,
                name="rollback_runs_approved",
            ),
        ),
    ]
