"""Whether who is asked into a party hears the inviter; the database fills it in for who does not know of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0005_friends")]

    operations = [
        migrations.AddField(
            model_name="partyinvitation",
            name="is_heard",
            field=models.BooleanField(db_default=True, default=True, verbose_name="heard"),
        ),
    ]
