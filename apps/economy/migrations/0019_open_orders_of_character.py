"""An index of the open orders of a character: counting them looks at no order that is over.

It is built beside those who trade; nothing here locks out a writer.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

PATIENTLY = "SET statement_timeout = 0; SET lock_timeout = 0;"
NO_MORE = "SET lock_timeout = '2s';"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("economy", "0018_reset_pity")]

    operations = [
        migrations.RunSQL(PATIENTLY, NO_MORE),
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["character_id"], name="order_open_of_character", condition=models.Q(state="open")
            ),
        ),
        migrations.RunSQL(NO_MORE, PATIENTLY),
    ]
