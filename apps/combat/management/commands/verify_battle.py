"""Checks an exported battle, without a database: its dice, and the battle fought again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.combat import engine, verifying
from apps.combat.engine.events import Rolled


class Command(BaseCommand):
    help = "Checks an exported battle: commitment and every receipt, then the battle fought again."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=Path, help="The file that export_battle or the game wrote.")
        parser.add_argument(
            "--content", type=Path, help="The folder of the content it was fought with (its hash decides)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["export"]
        try:
            file = verifying.read_file(path)
            verifying.check_dice(file)
            self._tell_level_1(path, file.export)
            self._fight_again(file.export, options["content"])
        except verifying.VerificationError as error:
            raise CommandError(f"{path}: {error}") from None

    def _tell_level_1(self, path: Path, export: engine.BattleExport) -> None:
        rolls = sum(isinstance(event, Rolled) for event in export.events)
        self.stdout.write(f"{path}: battle {export.header.battle_id}, {len(export.hashes.turns)} turns.")
        self.stdout.write(f"Level 1: the commitment holds, {rolls} receipts and all hashes agree.")
        self.stdout.write(
            f"Whether this is the battle's true log, the game alone can say: log_hash of "
            f"/api/v1/battles/{export.header.battle_id}/reveal has to be {export.hashes.log}."
        )

    def _fight_again(self, export: engine.BattleExport, folder: Path | None) -> None:
        rules = verifying.rules_for(
            export, folder or Path(settings.CONTENT_PACK), must_fit=folder is not None
        )
        if rules is None:
            self.stdout.write(
                "Level 2 was not done: the content here is not the battle's. Name its folder with --content."
            )
            return
        again = verifying.fight_again(export, rules)
        self.stdout.write(
            f"Level 2: fought again with the content of {rules.origin}: {again.inputs} inputs, "
            f"{again.events} events, {again.turns} turn hashes agree, and so do all views."
        )
