"""An export proves its battle, and whatever is changed in it is found out.

The client checks the same sample; when events get other fields, write it anew:
`python -m tests.combat.engine.test_exports`.
"""

from __future__ import annotations

import hashlib
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from aether.protocol.battles import SeenBattle
from aether.protocol.combat_values import BattleView, ClientSeed, Result
from apps.combat import engine
from apps.combat.engine import events as e

from .cast import Fight, rules
from .test_random_play import played

SAMPLE = Path(__file__).parents[3] / "client" / "src" / "app" / "verify" / "sample-battle.json"


class Seen:
    """A battle while an audience watches it."""

    def __init__(self, start: BattleView) -> None:
        self.start = start
        self.told: list[tuple[e.Event, ...]] = []


EVENTS_MAX = 300


@cache
def export() -> engine.BattleExport:
    """A battle between players that is not long, as a file holds it."""
    return exported(next(fight for fight in map(played, range(60)) if is_sample(fight)))


def is_sample(fight: Fight) -> bool:
    return fight.header.mode == "pvp" and len(fight.events) < EVENTS_MAX


def exported(fight: Fight) -> engine.BattleExport:
    steps, battle = [], engine.reopen(fight.header, rules())
    dice = engine.Dice(fight.seed)
    views = {audience: Seen(engine.view(battle, audience)) for audience in engine.audiences(battle)}
    for logged in fight.log:
        battle, events = engine.step(battle, logged.actor, logged.input, rules(), dice)
        steps.append(engine.LoggedStep(actor=logged.actor, input=logged.input, events=events))
        for audience, seen in views.items():
            seen.told.append(tuple(engine.view_events(events, battle, audience)))
    hashes = engine.hashes_of(fight.header, steps, ())
    return engine.BattleExport(
        header=fight.header,
        site=None,
        log=tuple(steps),
        stopped=(),
        reveal=engine.reveal(fight.header, fight.events, server_seed=fight.seed, log_hash=hashes.log),
        hashes=hashes,
        views=tuple(
            SeenBattle(audience=audience, start=seen.start, told=tuple(seen.told))
            for audience, seen in views.items()
        ),
    )


def as_json() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(export()))
    return found


def reread(document: dict[str, Any]) -> engine.ExportFile:
    return engine.read_export(json.dumps(document).encode())


def written(exported: engine.BattleExport) -> engine.ExportFile:
    return engine.read_export(msgspec.json.encode(exported))


def flipped(digits: str, bit: int) -> str:
    changed = bytearray.fromhex(digits)
    changed[bit // 8] ^= 1 << bit % 8
    return changed.hex()


def test_what_was_written_is_read_back() -> None:
    assert written(export()).export == export()


def test_an_honest_export_has_no_problem() -> None:
    assert list(engine.export_problems(written(export()))) == []
    assert engine.fight_again(export(), rules()).problem == ""


@pytest.mark.parametrize("bit", [0, 100, 255])
@pytest.mark.parametrize("field", ["server_seed", "content_hash", "commitment"])
def test_a_changed_bit_of_the_reveal_is_found(field: str, bit: int) -> None:
    document = as_json()
    document["reveal"][field] = flipped(document["reveal"][field], bit)
    assert list(engine.dice_problems(reread(document).export.reveal))


def test_a_changed_seed_of_a_player_is_found() -> None:
    document = as_json()
    document["reveal"]["client_seeds"][0]["seed"] = "ab"
    assert list(engine.dice_problems(reread(document).export.reveal))


def test_each_changed_receipt_is_found() -> None:
    reveal = export().reveal
    for at, roll in enumerate(reveal.rolls):
        for changed in (
            replace(roll, value=roll.value ^ 1),
            replace(roll, index=roll.index + 1),
            replace(roll, n=roll.n + 1),
            replace(roll, next_index=roll.next_index + 1),
        ):
            rolls = (*reveal.rolls[:at], changed, *reveal.rolls[at + 1 :])
            assert list(engine.dice_problems(replace(reveal, rolls=rolls))) or changed.n != roll.n


def test_a_receipt_left_out_is_found() -> None:
    reveal = export().reveal
    problems = list(engine.dice_problems(replace(reveal, rolls=reveal.rolls[1:])))
    assert "does not continue its stream" in problems[0]


def test_a_log_that_was_made_up_with_fitting_hashes_is_found_by_fighting_it_again() -> None:
    steps = list(export().log)
    at, step = next(
        (at, step) for at, step in enumerate(steps) if any(isinstance(ev, e.Damaged) for ev in step.events)
    )
    events = tuple(
        replace(event, lost=event.lost + 1) if isinstance(event, e.Damaged) else event
        for event in step.events
    )
    steps[at] = replace(step, events=events)
    hashes = engine.hashes_of(export().header, steps, ())
    forged = replace(
        export(),
        log=tuple(steps),
        hashes=hashes,
        reveal=replace(export().reveal, log_hash=hashes.log),
    )
    assert list(engine.export_problems(written(forged))) == []
    problem = engine.fight_again(forged, rules()).problem
    assert f"input {at + 1}" in problem
    assert "lost" in problem


STOP = e.BattleEnded(-1, "engine_fault", ())


def sealed(log: tuple[engine.LoggedStep, ...], stopped: tuple[e.Event, ...] = ()) -> engine.BattleExport:
    """Another history in the name of the same battle, with everything else made to fit it."""
    hashes = engine.hashes_of(export().header, log, stopped)
    forged = replace(export(), log=log, stopped=stopped, hashes=hashes)
    events = list(forged.events)
    seeds = {ev.who: ev.seed for ev in events if isinstance(ev, e.Readied)}
    humans = [build for build in export().header.builds if build.character_id]
    reveal = replace(
        export().reveal,
        log_hash=hashes.log,
        rolls=tuple(ev for ev in events if isinstance(ev, e.Rolled)),
        client_seeds=tuple(
            ClientSeed(build.character_id or 0, seeds.get(build.id, ""))
            for build in sorted(humans, key=lambda build: build.character_id or 0)
        ),
    )
    battle = engine.reopen(forged.header, rules())
    happened = [*(step.events for step in log), stopped]
    return replace(forged, reveal=reveal, views=engine.seen_by(engine.audiences(battle), battle, happened))


@pytest.mark.parametrize(
    ("kept", "stopped", "why"),
    [
        (0, (), "does not end"),
        (-5, (), "does not end"),
        (-5, (e.BattleEnded(0, "eliminated", ()),), "fault"),
        (-5, (replace(STOP, winner=1),), "fault"),
        (-5, (replace(STOP, results=(Result(1, "win"),)),), "fault"),
        (-5, (STOP, STOP), "fault"),
        (None, (STOP,), "does not end"),
    ],
)
def test_a_log_with_an_end_that_cannot_be_is_found(
    kept: int | None, stopped: tuple[e.Event, ...], why: str
) -> None:
    forged = sealed(export().log[:kept], stopped)
    (problem,) = engine.export_problems(written(forged))
    assert why in problem
    assert why in engine.fight_again(forged, rules()).problem


def test_a_log_that_goes_on_after_the_end_is_found() -> None:
    last = export().log[-1]
    who = export().header.builds[0].id
    further = replace(last, events=(*last.events, e.TurnStarted(who, 99, 1)))
    (problem,) = engine.export_problems(written(sealed((*export().log[:-1], further))))
    assert "does not end" in problem


def test_a_battle_that_a_fault_stopped_is_fought_again_to_there() -> None:
    stopped = sealed(export().log[:-5], (STOP,))
    assert list(engine.export_problems(written(stopped))) == []
    assert engine.fight_again(stopped, rules()).problem == ""


def test_views_that_show_something_else_are_found() -> None:
    first, *others = export().views
    other_start = replace(first, start=replace(first.start, round=7))
    other_told = replace(first, told=first.told[:-1])
    for views in ((), (other_start, *others), (other_told, *others), (first, *others, first)):
        forged = replace(export(), views=tuple(views))
        assert list(engine.export_problems(written(forged))) == []
        assert "show" in engine.fight_again(forged, rules()).problem


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "not JSON"),
        (b"\x00\xff\xfe", "not JSON"),
        (b"[]", "no export"),
        (b'{"format": "aether.battle"}', "no export"),
        (b"[" * 200_000, "no export|nested|not JSON"),
        (b'{"format":' + b"[" * 200_000, "no export|nested|not JSON"),
        (b'{"format": "another", "version": 1}', "no export"),
    ],
)
def test_what_is_no_export_is_refused_with_a_sentence(text: bytes, why: str) -> None:
    with pytest.raises(engine.UnreadableExportError, match=why):
        engine.read_export(text)


def test_every_truncation_is_refused_with_a_sentence() -> None:
    whole = msgspec.json.encode(export())
    for length in range(0, len(whole), max(1, len(whole) // 200)):
        with pytest.raises(engine.UnreadableExportError):
            engine.read_export(whole[:length])


def test_the_client_s_sample_is_sound() -> None:
    file = engine.read_export(SAMPLE.read_bytes())
    assert list(engine.export_problems(file)) == []
    assert file.export.reveal.rolls


def test_the_client_s_sample_is_of_these_rules_and_skills() -> None:
    assert json.loads(SAMPLE.read_bytes()) == as_json(), "python -m tests.combat.engine.test_exports"


HOSTILE = (
    -1,
    0,
    1,
    2**31,
    2**53,
    2**64,
    -(2**70),
    "",
    "zz",
    "\x00",
    [],
    {},
    None,
    True,
    1.5,
    "é" * 40,
    "\ud800",
)


@pytest.mark.parametrize("seed", range(300))
def test_a_hostile_export_never_breaks_the_verifier(seed: int) -> None:
    chance = random.Random(seed)
    document = as_json()
    for _ in range(chance.choice([1, 1, 2, 4])):
        spoil(document, chance)
    try:
        found = reread(document)
    except engine.UnreadableExportError:
        return
    list(engine.export_problems(found))
    try:
        comparison = engine.fight_again(found.export, rules())
    except (engine.UnreadableExportError, engine.NotReplayableError):
        return
    assert comparison.inputs == len(found.export.log)


def spoil(document: Any, chance: random.Random) -> None:
    """Change one value somewhere: mostly in the header, where the engine trusts most."""
    header = document["header"]
    node = header if chance.random() < 0.6 and isinstance(header, dict) else document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(node[key], dict | list) and node[key] and chance.random() < 0.9:
            node = node[key]
            continue
        node[key] = chance.choice(HOSTILE)
        return


def test_a_file_keeps_its_hashes_when_types_learn_new_fields() -> None:
    """What a file says is hashed as it stands there: here a field that this version does not know."""
    document = as_json()
    document["header"]["weather"] = "rain"
    hashed = {part: document[part] for part in ("header", "log", "stopped")}
    digest = hashlib.sha256(msgspec.json.encode(hashed, order="sorted")).hexdigest()
    assert reread(document).hashes.log == digest


if __name__ == "__main__":
    SAMPLE.write_bytes(msgspec.json.encode(export()) + b"\n")
