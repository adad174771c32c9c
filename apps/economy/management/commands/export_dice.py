"""Writes what a character has thrown with a pair of seeds as one JSON file (docs/dice.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from aether.kernel.errors import NotFoundError
from apps.economy import dice


class Command(BaseCommand):
    help = "Writes all throws of a pair of seeds that has ended, which verify_dice and the client can check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("character", type=int)
        parser.add_argument("pair", type=int, help="Its number: characters count their pairs from 1.")
        parser.add_argument("--out", type=Path, help="The file to write; otherwise it goes to the output.")

    def handle(self, *args: Any, **options: Any) -> None:
        who, number, out = options["character"], options["pair"], options["out"]
        try:
            exported = msgspec.json.encode(dice.export(who, number))
        except NotFoundError:
            raise CommandError(
                f"Character {who} has no pair {number} that has ended: pairs in use show no seed."
            ) from None
        if out is None:
            self.stdout.write(exported.decode())
            return
        try:
            out.write_bytes(exported)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{out}: pair {number} of character {who}, {len(exported)} bytes.")
