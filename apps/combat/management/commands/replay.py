"""Fights a battle again from its log, and compares every hash."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aether.kernel.errors import NotFoundError
from apps.combat import engine, replays
from apps.combat.errors import BattleUnreadableError


class Command(BaseCommand):
    help = "Re-simulates a battle from its journal and compares the events and the hash of every turn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("battle", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        battle_id = options["battle"]
        try:
            comparison = replays.compare(battle_id)
        except NotFoundError:
            raise CommandError(f"There is no battle {battle_id}.") from None
        except (engine.NotReplayableError, BattleUnreadableError):
            raise CommandError(f"Battle {battle_id} was fought under rules that are gone.") from None
        if comparison.problem:
            raise CommandError(f"Battle {battle_id}: {comparison.problem}")
        self.stdout.write(
            f"Battle {battle_id} replays: {comparison.inputs} inputs, {comparison.events} events, "
            f"{comparison.turns} turn hashes agree."
        )
