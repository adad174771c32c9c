"""Writes a battle that is over as one JSON file (docs/battle-export.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from aether.kernel.errors import GameError, NotFoundError
from apps.combat import replays


class Command(BaseCommand):
    help = "Writes a battle that is over as one JSON file, which verify_battle and the client can check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("battle", type=int)
        parser.add_argument("--out", type=Path, help="The file to write; otherwise it goes to the output.")
        parser.add_argument(
            "--with-content",
            action="store_true",
            help="Put the whole content in, secrets of the game included: to fight it again anywhere.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        exported = self._exported(options["battle"], with_content=options["with_content"])
        if options["out"] is None:
            self.stdout.write(exported.decode())
            return
        try:
            options["out"].write_bytes(exported)
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{options['out']}: battle {options['battle']}, {len(exported)} bytes.")

    def _exported(self, battle_id: int, *, with_content: bool) -> bytes:
        try:
            log = replays.read_log(battle_id)
            return msgspec.json.encode(replays.export(log, with_content=with_content))
        except NotFoundError:
            raise CommandError(f"There is no battle {battle_id}.") from None
        except GameError as refusal:
            raise CommandError(refusal.message()) from None
