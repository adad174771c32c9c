"""`manage.py replay_grants FILE`: say what staff gave since the restore; `--apply` gives it once more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.economy.services import restoring


class Command(BaseCommand):
    help = "Give once more, in a restored database, what staff had given after the moment of its restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--apply", action="store_true", help="Give it; without, only say what would be given."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = msgspec.json.decode(options["file"].read_bytes(), type=restoring.Exported)
        except (OSError, msgspec.DecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        work = restoring.give_again if options["apply"] else restoring.foresee
        found = work(read.gifts, moment=read.after)
        for gift, outcome in found:
            what = ", ".join(f"{amount} {asset}" for asset, amount in sorted(gift.assets.items()))
            self.stdout.write(
                f"{gift.at:%Y-%m-%d %H:%M:%S} {gift.name} ({gift.character}): {what}: {outcome}"
            )
        counts = Counter(outcome for _, outcome in found)
        self.stdout.write(
            ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "Nothing."
        )
