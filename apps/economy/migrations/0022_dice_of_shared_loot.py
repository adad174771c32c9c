"""The dice of what falls once for all winners are kept beside those of each; they have no character."""

from django.db import migrations, models


def forget_shared(apps, schema_editor):
    apps.get_model("economy", "LootReceipts").objects.filter(character_id=None).delete()


class Migration(migrations.Migration):
    dependencies = [("economy", "0021_letters_of_the_story")]

    operations = [
        migrations.AlterField(
            model_name="lootreceipts",
            name="character_id",
            field=models.BigIntegerField(null=True, verbose_name="character"),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_shared, elidable=False),
        migrations.AddConstraint(
            model_name="lootreceipts",
            constraint=models.UniqueConstraint(
                condition=models.Q(("character_id__isnull", True)),
                fields=("battle_id",),
                name="shared_loot_once",
            ),
        ),
    ]
