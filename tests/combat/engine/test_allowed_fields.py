"""Invariant 56: nothing that is sent of a battle has a field that its audience is not on the list for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from random import Random
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel.errors import GameError
from aether.protocol import combat as wire
from aether.protocol import combat_audiences
from aether.protocol.base import Update, Wire
from aether.protocol.combat_audiences import ALLOWED, EVENTS, To
from aether.protocol.combat_events import Event, Reveal
from aether.protocol.combat_values import BattleView
from aether.protocol.gateway import ErrorBody
from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.inputs import Abandon, Cast, EndTurn, Forfeit, Input, Join
from tests.combat.leaks import Truth, leaks, truth_of

from .cast import Fight, hero, monster, of_type
from .lab import MINE, lab
from .random_play import some_intent

AUDIENCES = ("team:0", "team:1", engine.SPECTATOR, engine.OMNISCIENT)
STAGED = -1
BATTLES = (*range(10), STAGED)
INPUTS = 160
FADE = {"type": "state", "filter": "self", "state": "invisible", "duration": 20}
SNARE = {"type": "trap", "effects": [{"type": "drain", "filter": "enemy", "pool": "mp", "n": 2}], "max": 1}
CLOCK = wire.Clock(deadline=1.0, bank_ms=60_000)


class Step(msgspec.Struct, frozen=True):
    """The battle after an input, and what came of it: events, or why it was refused."""

    battle: engine.Battle
    events: tuple[Any, ...] = ()
    refusal: GameError | None = None


@cache
def played(number: int) -> tuple[Fight, tuple[Step, ...]]:
    """Play a battle in which much is hidden: who vanishes, where traps lie, who is hit unseen."""
    chance = Random(number)
    mine = [hero("hollowpiper", character_id=1, level=24), hero("kitewright", character_id=2, level=24)]
    theirs = [
        hero("hollowpiper", character_id=11, team=1, level=24),
        hero("lampwarden", character_id=12, team=1, level=24),
    ]
    foes = [monster("reed_stalker", 3), monster("warden_engine_oru", 20)] if number % 2 else theirs
    mode = "pve" if number % 2 else "pvp"
    fight = Fight(*mine, *foes, mode=mode, seed=bytes([number]) * 32)
    steps = []
    while fight.battle.phase != "ended" and len(steps) < INPUTS:
        steps.append(step(fight, *(a_secret(fight, chance) or some_intent(fight, chance))))
    if fight.battle.phase != "ended":
        steps.append(step(fight, engine.SYSTEM, Abandon(0)))
    return fight, tuple(steps)


def step(fight: Fight, actor: int, intent: Input) -> Step:
    try:
        events = fight.give(actor, intent)
    except engine.Refusal as refusal:
        return Step(fight.battle, (), refusal)
    return Step(fight.battle, events)


def a_secret(fight: Fight, chance: Random) -> tuple[int, Input] | None:
    """Return, now and then, that whoever has the turn vanishes, or lays a trap near by."""
    if fight.battle.phase != "fighting" or chance.randrange(4):
        return None
    owner = fight.battle.of(fight.battle.turn_owner)
    near = (owner.cell[0] + chance.randint(-2, 2), owner.cell[1] + chance.randint(-2, 2))
    return owner.id, chance.choice([Cast("fade", owner.cell), Cast("snare_kite", near)])


@cache
def staged() -> tuple[Fight, tuple[Step, ...]]:
    """Return a battle of what random players hardly ever come to: who is unseen is thrown against a wall."""
    fight = lab(FADE, id="fade", breaks_invisibility=False)
    fight.teach(0, SNARE, id="snare", covert=True, breaks_invisibility=False, target=["free_cell"])
    fight.teach(0, {"type": "cooldown", "filter": "self", "delta": 2}, id="rest", breaks_invisibility=False)
    fight.teach(1, {"type": "push", "filter": "ally", "n": 9}, id="shove")
    mine, ally = fight.who(0).id, fight.who(1).id
    casts = [Cast("fade", MINE), Cast("snare", (5, 4)), Cast("snare", (5, 5)), Cast("rest", MINE)]
    steps = [step(fight, mine, intent) for intent in casts]
    fight.skip_to(1)
    steps.append(step(fight, ally, Cast("shove", MINE)))
    while fight.battle.round < 2:
        fight.do(EndTurn())
    steps.append(step(fight, ally, Forfeit()))
    return fight, (*steps, joining())


def joining() -> Step:
    """Return a step in which somebody comes into a battle."""
    fight = Fight(hero("anchorite", character_id=1), monster("mud_skitter"), mode="pve")
    return step(fight, engine.SYSTEM, Join(hero("kitewright", character_id=2)))


def battle_of(number: int) -> tuple[Fight, tuple[Step, ...]]:
    return staged() if number == STAGED else played(number)


def secrets_of(fight: Fight) -> frozenset[str]:
    """Return what no player may find anywhere: the seeds, and the hashes of hidden state."""
    hashes = {event.state_hash for event in of_type(fight.events, e.TurnEnded)}
    seeds = {event.seed for event in of_type(fight.events, e.Readied) if len(event.seed) > 8}
    return frozenset({fight.seed.hex(), *hashes, *seeds})


def found(number: int, audience: str) -> Iterator[str]:
    """Yield everything that leaks to an audience in a battle: from events, snapshots and refusals."""
    fight, steps = battle_of(number)
    secrets = frozenset() if audience == engine.OMNISCIENT else secrets_of(fight)
    for step in steps:
        truth = truth_of(step.battle, secrets=secrets)
        for event in step.events:
            yield from of_event(event, step.battle, audience, truth)
        snapshot = wire.BattleSnapshot(
            battle=engine.view(step.battle, engine.Audience(audience)), clock=CLOCK
        )
        yield from leaks(msgspec.json.encode(snapshot), wire.BattleSnapshot, audience, truth)
        if step.refusal is not None:
            yield from leaks(refused(step.refusal), ErrorBody, audience, truth)


def of_event(event: Any, battle: engine.Battle, audience: str, truth: Truth) -> Iterator[str]:
    shown = engine.view_event(event, battle, engine.Audience(audience))
    if shown is None:
        return
    told = wire.BattleEvents(events=[shown], clock=CLOCK)
    cast = event if isinstance(event, e.SkillCast) else None
    yield from leaks(msgspec.json.encode(told), wire.BattleEvents, audience, replace(truth, cast=cast))


def refused(error: GameError) -> bytes:
    return msgspec.json.encode(ErrorBody(code=error.code, message=error.message("en"), details=error.details))


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("number", BATTLES)
def test_nothing_is_told_that_is_not_on_the_list(number: int, audience: str) -> None:
    assert not list(found(number, audience)), f"battle {number}"


def test_the_battles_hide_what_there_is_to_hide() -> None:
    """What follows would prove nothing of battles in which nothing is hidden."""
    events = [event for number in BATTLES for step in battle_of(number)[1] for event in step.events]
    kinds = {type(event) for event in events}
    assert set(REDACTED) <= kinds
    unseen = {type(event) for event in events if getattr(event, "is_hidden", False)}
    assert {e.Moved, e.PointsChanged, e.SkillCast, e.FieldEnded} <= unseen
    assert any(event.shown is not None for event in of_type(events, e.SkillCast))
    assert any(step.refusal is not None for number in BATTLES for step in battle_of(number)[1])


def test_every_type_and_field_of_battles_is_on_the_list_and_nothing_else() -> None:
    for kind, allowed in ALLOWED.items():
        assert set(allowed.fields) == set(kind.__struct_fields__), kind
    assert set(EVENTS) == set(get_args(Event))
    modules = {wire.__name__, combat_audiences.spectating.__name__}
    updates = {kind for kind in Update.__subclasses__() if kind.__module__ in modules}
    replies = {kind.reply_type for kind in wire.Command.__subclasses__() if kind.__module__ in modules}
    assert {kind for kind in updates | replies if issubclass(kind, Wire)} <= set(ALLOWED)


def test_refusals_of_the_rules_tell_of_nobody_but_the_caller() -> None:
    kinds = {kind.code: kind for kind in vars(refusals).values() if isinstance(kind, type)}
    named = {code for code in combat_audiences.DETAILS if code in kinds}
    assert named == {code for code, kind in kinds.items() if "{" in getattr(kind, "en", "")}


@pytest.mark.parametrize("number", BATTLES[:-1])
def test_receipts_come_after_the_end_also_those_of_dice_that_met_the_unseen(number: int) -> None:
    fight, steps = battle_of(number)
    rolls = of_type(fight.events, e.Rolled)
    for audience in AUDIENCES[:-1]:
        told = [engine.view_events(step.events, step.battle, engine.Audience(audience)) for step in steps]
        assert not [event for events in told for event in of_type(events, e.Rolled)]
    unended = [event for event in fight.events if not isinstance(event, e.BattleEnded)]
    with pytest.raises(ValueError, match="secret"):
        engine.reveal(fight.header, unended, server_seed=fight.seed, log_hash="")
    reveal = engine.reveal(fight.header, fight.events, server_seed=fight.seed, log_hash="ff")
    assert list(reveal.rolls) == rolls
    assert not leaks(msgspec.json.encode(reveal), Reveal, "spectator", truth_of(fight.battle))


REDACTIONS = import_module("apps.combat.engine.view")._REDACTED
REDACTED = sorted(REDACTIONS, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", REDACTED, ids=lambda kind: kind.__name__)
def test_an_event_that_is_not_redacted_is_found(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scanner can fail: for each kind of event of which something is hidden."""
    monkeypatch.delitem(REDACTIONS, kind)
    events = (
        (event, truth_of(step.battle), step.battle)
        for number in BATTLES
        for step in battle_of(number)[1]
        for event in step.events
        if type(event) is kind
    )
    assert any(
        list(of_event(event, battle, audience, truth))
        for event, truth, battle in events
        for audience in AUDIENCES[:-1]
    )


def all_fields(view: BattleView, battle: engine.Battle) -> BattleView:
    return replace(view, fields=battle.fields)


def all_skills(view: BattleView, battle: engine.Battle) -> BattleView:
    return replace(view, combatants=engine.view(battle, engine.OMNISCIENT).combatants)


def all_cells(view: BattleView, battle: engine.Battle) -> BattleView:
    real = {each.id: each.cell for each in battle.combatants}
    return replace(view, combatants=tuple(replace(each, cell=real[each.id]) for each in view.combatants))


def all_movement(view: BattleView, battle: engine.Battle) -> BattleView:
    real = {each.id: each.mp for each in battle.combatants}
    return replace(view, combatants=tuple(replace(each, mp=real[each.id]) for each in view.combatants))


@pytest.mark.parametrize("change", [all_fields, all_skills, all_cells, all_movement])
def test_a_snapshot_that_shows_too_much_is_found(
    change: Callable[[BattleView, engine.Battle], BattleView],
) -> None:
    def of(step: Step, audience: str) -> list[str]:
        shown = change(engine.view(step.battle, engine.Audience(audience)), step.battle)
        return leaks(msgspec.json.encode(shown), BattleView, audience, truth_of(step.battle))

    steps = [step for number in BATTLES for step in battle_of(number)[1]]
    assert any(of(step, audience) for step in steps for audience in ("team:1", "spectator"))
    assert not any(of(step, engine.OMNISCIENT) for step in steps[:50])


@pytest.mark.parametrize(
    ("kind", "sent", "leak"),
    [
        (wire.Committed, b'{"turn":3,"version":9}', "Committed.version is not listed"),
        (wire.Clock, b'{"deadline":1.0,"bank_ms":5,"banks":{}}', "Clock.banks is not listed"),
        (
            ErrorBody,
            b'{"code":"combat.cell_taken","message":"","details":{"by":7}}',
            "details.by of combat.cell_taken is not listed",
        ),
        (
            e.BattleEnded,
            b'{"e":"battle_ended","winner":0,"reason":"forfeit","results":[],"seed":"ff"}',
            "seed",
        ),
        (
            e.Rolled,
            b'{"e":"rolled","stream":"cast","index":0,"n":2,"value":1,"next_index":1,"why":""}',
            "not for",
        ),
        (wire.Committed, b'{"turn":3,"hidden":"5eed"}', "secret 5eed"),
    ],
)
def test_an_ack_a_clock_a_refusal_or_a_result_that_says_more_is_found(
    kind: type, sent: bytes, leak: str
) -> None:
    truth = Truth(teams={}, secrets=frozenset({"5eed"}))
    assert any(leak in each for each in leaks(sent, kind, "spectator", truth))


def test_nobody_is_told_what_the_list_keeps_for_the_omniscient() -> None:
    kept = {
        (kind.__name__, name)
        for kind, allowed in ALLOWED.items()
        for name, to in allowed.fields.items()
        if to is To.OMNISCIENT
    }
    assert kept == {("Readied", "seed"), ("TurnEnded", "state_hash")}
