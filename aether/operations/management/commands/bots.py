"""`manage.py bots`: fill the game with programs that play it, and check its laws afterwards."""

from __future__ import annotations

import asyncio
import secrets
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aether.operations.bots.measuring import Measures, summary
from aether.operations.bots.run import run_bots
from aether.operations.running import running_game


class Command(BaseCommand):
    help = (
        "Sign up bots over REST and let them play over the real protocol: they walk, talk, fight and loot. "
        "Prints a summary with percentiles; exits with 1 if a law was broken."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=50, help="how many bots (50)")
        parser.add_argument("--duration", type=float, default=60, help="for how many seconds (60)")
        parser.add_argument("--url", default="", help="of the game (the one that runs on this data folder)")
        parser.add_argument("--seed", type=int, default=None, help="of what the bots choose (random)")

    def handle(self, *_args: Any, **options: Any) -> None:
        count, duration_s = options["count"], options["duration"]
        if not (1 <= count <= 5000 and 1 <= duration_s <= 86_400):
            raise CommandError("--count goes from 1 to 5000, --duration from 1 to 86400 seconds.")
        seed = secrets.randbits(32) if options["seed"] is None else options["seed"]
        began = perf_counter()
        measures = asyncio.run(
            run_bots(
                url=options["url"].rstrip("/") or self._url_here(),
                count=count,
                duration_s=duration_s,
                seed=seed,
                say=self.stdout.write,
            )
        )
        self.stdout.write("\n" + summary(measures, bots=count, elapsed_s=perf_counter() - began))
        if broken := self._broken_laws(measures):
            raise CommandError("broken: " + "; ".join(broken))
        self.stdout.write("\nEvery law held.")

    def _url_here(self) -> str:
        game = running_game(settings.DATA)
        if game is None:
            raise CommandError(f"No game runs on {settings.DATA}: start it with make play, or give --url.")
        return game.url

    def _broken_laws(self, measures: Measures) -> list[str]:
        """Check what must be true after any run; the database is the one that these settings name."""
        broken = []
        if measures.unanswered:
            broken.append(f"{measures.unanswered} commands were never answered")
        if measures.failures:
            broken.append(f"{measures.failures.total()} failures")
        for law, command in (
            ("the journal's chain", "verify_journal"),
            ("the ledger's sums", "audit_ledger"),
        ):
            try:
                call_command(command, stdout=self.stdout)
            except (CommandError, SystemExit) as error:
                broken.append(f"{law} ({error})")
        return broken
