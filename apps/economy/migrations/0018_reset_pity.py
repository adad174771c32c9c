"""Resetting pity has a permission of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0017_corrections"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="pitycounter",
            options={
                "permissions": (("reset_pity", "Can reset how long somebody has waited for a drop"),),
                "verbose_name": "pity counter",
                "verbose_name_plural": "pity counters",
            },
        ),
    ]
