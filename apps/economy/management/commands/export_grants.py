"""`manage.py export_grants --after MOMENT FILE`: write what staff gave since then, before a restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.economy.services import restoring


class Command(BaseCommand):
    help = "Write what staff have given after a moment into a file, from the database that is to be replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--after", required=True, help="The moment, with its zone: 2026-11-29T20:00:00Z")

    def handle(self, *args: Any, **options: Any) -> None:
        moment = _moment(options["after"])
        gifts = restoring.gifts_since(moment)
        try:
            with options["file"].open("xb") as file:
                file.write(msgspec.json.encode(restoring.Exported(after=moment, gifts=gifts)))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        self.stdout.write(f"{len(gifts)} written.")


def _moment(text: str) -> datetime:
    """Return a moment that names its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"`{text}` is no moment such as 2026-11-29T20:00:00Z") from None
    if moment.tzinfo is None:
        raise CommandError("Name the zone of the moment, such as Z or +01:00.")
    return moment
