"""Recorded battles give the same hashes for ever: a change of rules needs a new rules version.

When `RULES_VERSION` rises, record anew: `python -m tests.combat.engine.test_recorded_battles`, and then the
choices of the AI: `python -m tests.combat.engine.test_ai_search`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from apps.combat import engine
from apps.combat.engine import events as e

FOLDER = Path(__file__).parent / "recorded"
BATTLES = tuple(sorted(int(path.stem.removeprefix("battle_")) for path in FOLDER.glob("battle_*.json")))
NUMBERS = range(192)
"""The random battles that recording chooses from, as few as show everything that is wanted."""
WANTED = frozenset(
    [
        *("anchorite", "cindersmith", "hollowpiper", "kitewright", "lampwarden"),
        *("warden_engine_oru", "peat_hulk", "furnace_matron", "ash_gull", "drowned_clerk", "wire_wraith"),
        *("summon", "object", "item", "trap fired", "glyph fired", "boss row followed", "unseen"),
        *("pve", "pvp"),
    ]
)


class Recording(msgspec.Struct, frozen=True):
    """Everything a replay needs but the content, and what it must come to."""

    server_seed: str
    header: engine.Header
    log: tuple[engine.LoggedInput, ...]
    hashes: tuple[str, ...]
    end: str


def shows(header: engine.Header, events: Iterable[object]) -> set[str]:
    """Return what a battle has in it of what the corpus is there to keep."""
    found = {header.mode, *(build.ref for build in header.builds)}
    items = {(build.id, slot.id) for build in header.builds for slot in build.skills if slot.item}
    for event in events:
        match event:
            case e.SkillCast() if (event.who, event.skill) in items:
                found.add("item")
            case e.Summoned():
                found.add(event.combatant.kind)
            case e.FieldFired():
                found.add(f"{event.field.kind} fired")
            case e.RuleFollowed():
                found.add("boss row followed")
            case e.Vanished():
                found.add("unseen")
    return found


def read(number: int) -> Recording:
    return msgspec.json.decode((FOLDER / f"battle_{number}.json").read_bytes(), type=Recording)


def recorded_rules() -> engine.Rulebook:
    pack = msgspec.json.decode((FOLDER / "pack.json").read_bytes(), type=engine.CombatPack)
    return engine.rulebook(pack, content_hash="ab" * 32)


@pytest.mark.parametrize("number", BATTLES)
def test_a_recorded_battle_comes_to_the_same_hashes(number: int) -> None:
    recording = read(number)
    seed = bytes.fromhex(recording.server_seed)
    again = engine.replay(recording.header, recording.log, recorded_rules(), seed)
    assert engine.first_divergence(recording.hashes, engine.turn_hashes(again.events)) is None
    assert engine.state_hash(again.battle) == recording.end


def test_the_corpus_shows_every_class_and_whatever_else_is_wanted() -> None:
    found: set[str] = set()
    for number in BATTLES:
        recording = read(number)
        assert recording.header.rules_version == engine.RULES_VERSION
        seed = bytes.fromhex(recording.server_seed)
        again = engine.replay(recording.header, recording.log, recorded_rules(), seed)
        found |= shows(recording.header, again.events)
    assert WANTED - found == set()


def test_other_rules_are_not_replayed_silently() -> None:
    recording = read(BATTLES[0])
    rules = msgspec.structs.replace(recorded_rules(), rules_version=engine.RULES_VERSION + 1)
    with pytest.raises(engine.NotReplayableError):
        engine.replay(recording.header, recording.log, rules, bytes(32))


def test_the_first_turn_that_differs_is_found() -> None:
    assert engine.first_divergence(("a", "b", "c"), ("a", "x", "c")) == 1
    assert engine.first_divergence(("a", "b"), ("a", "b", "c")) == 2


def chosen() -> list[int]:
    """Return battles that show everything, each time the one that adds most; the shorter of two."""
    from .test_random_play import played

    shown = {number: shows(played(number).header, played(number).events) & WANTED for number in NUMBERS}
    wanted, numbers = set(WANTED), []
    while wanted:
        best = max(NUMBERS, key=lambda number: (len(shown[number] & wanted), -len(played(number).log)))
        if not shown[best] & wanted:
            raise LookupError(f"no battle shows {', '.join(sorted(wanted))}")
        wanted -= shown[best]
        numbers.append(best)
    return sorted(numbers)


def record() -> None:
    """Play the battles again under the present rules and content, and keep them."""
    from .cast import pack
    from .test_random_play import played

    for path in FOLDER.glob("battle_*.json"):
        path.unlink()
    (FOLDER / "pack.json").write_bytes(msgspec.json.encode(pack(), order="sorted"))
    for number in chosen():
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
