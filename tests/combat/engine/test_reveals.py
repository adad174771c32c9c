"""The dice of many battles, which the client's verifier works out again by itself: invariant 2.

When the rules change what is drawn, write them anew: `python -m tests.combat.engine.test_reveals`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aether.protocol.combat_events import Reveal
from apps.combat import engine

from .test_random_play import played

REVEALS = Path(__file__).parents[3] / "client" / "src" / "app" / "verify" / "reveals.json"
BATTLES = range(12)


def reveal_of(number: int) -> Reveal:
    fight = played(number)
    return engine.reveal(fight.header, fight.events, server_seed=fight.seed, log_hash="00" * 32)


def shown(number: int) -> dict[str, Any]:
    """Return what a reveal says, its receipts as lists."""
    reveal = reveal_of(number)
    return {
        "battle_id": reveal.battle_id,
        "content_hash": reveal.content_hash,
        "commitment": reveal.commitment,
        "server_seed": reveal.server_seed,
        "client_seeds": [[each.character_id, each.seed] for each in reveal.client_seeds],
        "rolls": [[roll.stream, roll.index, roll.n, roll.value, roll.next_index] for roll in reveal.rolls],
    }


def test_all_receipts_of_battles_played_at_random_are_true() -> None:
    for number in BATTLES:
        assert list(engine.dice_problems(reveal_of(number))) == []


def test_the_client_checks_the_same_receipts() -> None:
    found = json.loads(REVEALS.read_text())
    assert found == [shown(number) for number in BATTLES], "python -m tests.combat.engine.test_reveals"
    assert sum(len(each["rolls"]) for each in found) > 1_000


def write() -> None:
    lines = [json.dumps(shown(number), separators=(",", ":")) for number in BATTLES]
    REVEALS.write_text("[" + ",\n".join(lines) + "]\n")


if __name__ == "__main__":
    write()
