"""Letters that content sends, in every language, once on each occasion."""

from django.db import migrations, models
from django.db.models import Q

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0020_lines_by_number"),
    ]

    operations = [
        migrations.RunSQL(BRIEFLY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="letter",
            name="words",
            field=models.JSONField(null=True, verbose_name="subject and text in every language"),
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
                    ("story", "the story"),
                ],
                max_length=16,
                verbose_name="source",
            ),
        ),
        # Nobody has such a letter yet: there is nothing to hold up while the index is made.
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=Q(("source", "story")),
                fields=("recipient_id", "cause"),
                name="letter_of_story_once",
            ),
        ),
    ]
