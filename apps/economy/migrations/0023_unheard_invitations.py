"""Whether who is asked to trade hears the inviter; the database fills it in for who does not know of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("economy", "0022_dice_of_shared_loot")]

    operations = [
        migrations.AddField(
            model_name="trade",
            name="is_heard",
            field=models.BooleanField(db_default=True, default=True, verbose_name="heard"),
        ),
    ]
