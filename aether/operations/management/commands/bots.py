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
from aether.settings.environment import text

LAWS = {"the journal's chain": "verify_journal", "the ledger's sums": "audit_ledger"}


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
        url = options["url"].rstrip("/") or self._url_here()
        began = perf_counter()
        measures = asyncio.run(
            run_bots(url=url, count=count, duration_s=duration_s, seed=seed, say=self.stdout.write)
        )
        self.stdout.write("\n" + summary(measures, bots=count, elapsed_s=perf_counter() - began))
        broken = [*_broken_answers(measures), *self._broken_laws(url)]
        if broken:
            raise CommandError("broken: " + "; ".join(broken))
        self.stdout.write("\nNothing was broken.")

    def _url_here(self) -> str:
        game = running_game(settings.DATA)
        if game is None:
            raise CommandError(f"No game runs on {settings.DATA}: start it with make play, or give --url.")
        return game.url

    def _broken_laws(self, url: str) -> list[str]:
        """Check what must be true after any run, where the game's database is the one of these settings."""
        here = running_game(settings.DATA)
        if not text("DATABASE_URL") and (here is None or here.url != url):
            self.stdout.write("\nThat game has a database of its own: journal and ledger are not checked.")
            return []
        broken = []
        for law, command in LAWS.items():
            try:
                call_command(command, stdout=self.stdout)
            except (CommandError, SystemExit) as error:
                broken.append(f"{law} ({error})")
        return broken


def _broken_answers(measures: Measures) -> list[str]:
    broken = []
    if measures.unanswered:
        broken.append(f"{measures.unanswered} commands were never answered")
    if measures.failures:
        broken.append(f"{measures.failures.total()} failures")
    return broken
