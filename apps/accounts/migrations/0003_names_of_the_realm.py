"""Every name that is borne so far is taken in the realm, for the shard that this database belongs to."""

from django.conf import settings
from django.db import migrations

TAKE = """
INSERT INTO accounts_charactername (name_key, name, account_id, shard, taken_at)
SELECT name_key, name, account_id, %s, created_at FROM accounts_character ON CONFLICT DO NOTHING
"""


def take_names(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TAKE, [settings.SHARD["id"]])


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_shards_and_transfers")]

    operations = [migrations.RunPython(take_names, migrations.RunPython.noop)]
