"""`manage.py renew_dice`: after a restore, show every pair of seeds and draw new ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.economy.services import throwing


class Command(BaseCommand):
    help = (
        "End the pairs of seeds of all characters, in use or waiting, and draw new ones. After a restore: "
        "what was shown after its moment is known (docs/restoring.md)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = throwing.characters_with_dice()
        for character_id in found:
            throwing.renew_dice(character_id=character_id)
        self.stdout.write(f"The dice of {len(found)} characters are new.")
