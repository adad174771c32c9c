"""Checks an export of dice thrown outside battles, without a database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.economy.rules.proof import EXPORT_BYTES_MAX, UnreadableDiceError, export_problems, read_export

PROBLEMS_SHOWN = 10


class Command(BaseCommand):
    help = "Checks an export of dice (docs/dice.md): the commitment, and every receipt of every throw."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=Path, help="The file that export_dice or the game wrote.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["export"]
        try:
            with path.open("rb") as file:
                export = read_export(file.read(EXPORT_BYTES_MAX + 1))
        except OSError as error:
            raise CommandError(f"{path}: it cannot be read: {error.strerror}.") from None
        except UnreadableDiceError as error:
            raise CommandError(f"{path}: {error}") from None
        if problems := list(export_problems(export)):
            more = len(problems) - PROBLEMS_SHOWN
            listed = "\n".join(problems[:PROBLEMS_SHOWN])
            raise CommandError(f"{path}: {listed}" + (f"\n… and {more} more." if more > 0 else ""))
        rolls = sum(len(throw.rolls) for throw in export.throws)
        self.stdout.write(
            f"{path}: pair {export.pair.number} of character {export.character_id}: the commitment holds, "
            f"{len(export.throws)} throws follow one another, {rolls} receipts agree."
        )
        self.stdout.write(f"What has to have been told before: {export.pair.commitment}.")
