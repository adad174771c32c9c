"""Recorded battles give the same hashes for ever: a change of rules needs a new rules version.

When `RULES_VERSION` rises, record anew: `python -m tests.combat.engine.test_recorded_battles`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from apps.combat import engine

FOLDER = Path(__file__).parent / "recorded"
BATTLES = (0, 1, 2, 4)


class Recording(msgspec.Struct, frozen=True):
    """Everything a replay needs but the content, and what it must come to."""

    server_seed: str
    header: engine.Header
    log: tuple[engine.LoggedInput, ...]
    hashes: tuple[str, ...]
    end: str


def recorded_rules() -> engine.Rulebook:
    pack = msgspec.json.decode((FOLDER / "pack.json").read_bytes(), type=engine.CombatPack)
    return engine.rulebook(pack, content_hash="ab" * 32)


@pytest.mark.parametrize("number", BATTLES)
def test_a_recorded_battle_comes_to_the_same_hashes(number: int) -> None:
    recording = msgspec.json.decode((FOLDER / f"battle_{number}.json").read_bytes(), type=Recording)
    seed = bytes.fromhex(recording.server_seed)
    again = engine.replay(recording.header, recording.log, recorded_rules(), seed)
    assert engine.first_divergence(recording.hashes, engine.turn_hashes(again.events)) is None
    assert engine.state_hash(again.battle) == recording.end


def test_other_rules_are_not_replayed_silently() -> None:
    recording = msgspec.json.decode((FOLDER / "battle_0.json").read_bytes(), type=Recording)
    rules = msgspec.structs.replace(recorded_rules(), rules_version=engine.RULES_VERSION + 1)
    with pytest.raises(engine.NotReplayableError):
        engine.replay(recording.header, recording.log, rules, bytes(32))


def test_the_first_turn_that_differs_is_found() -> None:
    assert engine.first_divergence(("a", "b", "c"), ("a", "x", "c")) == 1
    assert engine.first_divergence(("a", "b"), ("a", "b", "c")) == 2


def record() -> None:
    """Play the battles again under the present rules and content, and keep them."""
    from .cast import pack
    from .test_random_play import played

    (FOLDER / "pack.json").write_bytes(msgspec.json.encode(pack(), order="sorted"))
    for number in BATTLES:
        fight = played(number)
        recording = Recording(
            server_seed=fight.seed.hex(),
            header=fight.header,
            log=tuple(fight.log),
            hashes=engine.turn_hashes(fight.events),
            end=engine.state_hash(fight.battle),
        )
        (FOLDER / f"battle_{number}.json").write_bytes(msgspec.json.encode(recording, order="sorted"))


if __name__ == "__main__":
    record()
