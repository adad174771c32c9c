"""From which addresses accounts have signed in, by a keyed hash."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import aether.kernel.clock


class Migration(migrations.Migration):

    dependencies = [("accounts", "0003_names_of_the_realm")]

    operations = [
        migrations.CreateModel(
            name="AddressSighting",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("address_key", models.CharField(max_length=32)),
                ("seen_at", models.DateTimeField(db_index=True, default=aether.kernel.clock.utc_now)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "address of a sign-in",
                "verbose_name_plural": "addresses of sign-ins",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("account", "address_key"), name="address_sighted_once")
                ],
                "indexes": [models.Index(fields=["address_key"], name="address_sighted_by")],
            },
        ),
    ]
