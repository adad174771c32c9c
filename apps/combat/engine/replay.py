"""Replay: header and inputs alone give every state again, and every hash must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from aether.protocol.battles import SeenBattle
from aether.protocol.combat_values import BattleView

from . import events as e
from .apply import fold
from .definitions import Rulebook
from .dice import Dice
from .inputs import Input
from .opening import reopen
from .refusals import Refusal
from .resolve import step
from .state import Battle, Header
from .view import Audience, view, view_events

SHOWN_MAX = 80


class LoggedInput(msgspec.Struct, frozen=True):
    """An accepted input and who gave it; the journal keeps these in order."""

    actor: int
    input: Input


class LoggedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One input and what it caused. Actor 0 is time itself."""

    actor: int
    input: Input
    events: tuple[e.Event, ...]


class Replayed(msgspec.Struct, frozen=True):
    battle: Battle
    events: tuple[e.Event, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How a battle fought again compares with its log; no problem: they are the same."""

    inputs: int
    events: int
    turns: int
    problem: str = ""


class NotReplayableError(Exception):
    """The battle was fought under other rules, or other content, than those at hand."""


def replay(header: Header, inputs: Iterable[LoggedInput], rulebook: Rulebook, server_seed: bytes) -> Replayed:
    """Fight a battle again. Accepted inputs are accepted again, so a `Refusal` here is a broken log."""
    _check_pinned(header, rulebook)
    battle, dice = reopen(header, rulebook), Dice(server_seed)
    events: list[e.Event] = []
    for logged in inputs:
        battle, caused = step(battle, logged.actor, logged.input, rulebook, dice)
        events += caused
    return Replayed(battle, tuple(events))


def compare(
    header: Header, steps: Sequence[LoggedStep], rulebook: Rulebook, server_seed: bytes
) -> Comparison:
    """Fight a battle again beside its log, up to the first thing that went differently."""
    _check_pinned(header, rulebook)
    battle, dice, turn = reopen(header, rulebook), Dice(server_seed), 0
    logged = [event for each in steps for event in each.events]
    problem = ""
    for number, each in enumerate(steps, 1):
        try:
            battle, caused = step(battle, each.actor, each.input, rulebook, dice)
        except Refusal as refusal:
            problem = f"input {number}, in turn {turn}, is refused now: {refusal.code}."
            break
        if caused != each.events:
            problem = _difference(number, turn, each.events, caused)
            break
        turn = battle.turn
    return Comparison(inputs=len(steps), events=len(logged), turns=len(turn_hashes(logged)), problem=problem)


def seen_by(
    audiences: Sequence[Audience], battle: Battle, happened: Iterable[Sequence[e.Event]]
) -> tuple[SeenBattle, ...]:
    """Return a battle as each audience was told it: how it stood, then each group of events that was sent."""
    starts: list[BattleView] = [view(battle, audience) for audience in audiences]
    told: list[list[tuple[e.Event, ...]]] = [[] for _ in audiences]
    for events in happened:
        battle = fold(battle, events)
        for audience, heard in zip(audiences, told, strict=True):
            if seen := tuple(view_events(events, battle, audience)):
                heard.append(seen)
    return tuple(
        SeenBattle(audience=audience, start=start, told=tuple(heard))
        for audience, start, heard in zip(audiences, starts, told, strict=True)
    )


def turn_hashes(events: Iterable[e.Event]) -> tuple[str, ...]:
    """Return the state's hash at each turn's end."""
    return tuple(event.state_hash for event in events if isinstance(event, e.TurnEnded))


def first_divergence(stored: Sequence[str], again: Sequence[str]) -> int | None:
    """Return the first turn (from 0) whose hash differs, or None."""
    for turn, (one, other) in enumerate(zip(stored, again, strict=False)):
        if one != other:
            return turn
    return None if len(stored) == len(again) else min(len(stored), len(again))


def _check_pinned(header: Header, rulebook: Rulebook) -> None:
    pinned = (header.rules_version, header.content_hash)
    if pinned != (rulebook.rules_version, rulebook.content_hash):
        raise NotReplayableError(pinned)


def _difference(number: int, turn: int, logged: tuple[e.Event, ...], now: tuple[e.Event, ...]) -> str:
    """Say which event of an input is the first that differs. Call when there is one."""
    at = next(
        (at for at, (one, other) in enumerate(zip(logged, now, strict=False)) if one != other),
        min(len(logged), len(now)),
    )
    before = [event.turn for event in logged[:at] if isinstance(event, e.TurnStarted)]
    turn = before[-1] if before else turn
    where = f"turn {turn} went differently the second time: input {number}, event {at + 1}"
    if at >= len(now):
        return f"{where} was logged as {_tag(logged[at])} and does not happen."
    if at >= len(logged):
        return f"{where}, {_tag(now[at])}, is missing in the log."
    return f"{where} {_change(logged[at], now[at])}."


def _change(logged: e.Event, now: e.Event) -> str:
    if type(logged) is not type(now):
        return f"was logged as {_tag(logged)} and is {_tag(now)} now"
    changes = ", ".join(_field_changes(logged, now))
    return f"({_tag(now)}) differs in {changes}"


def _field_changes(logged: e.Event, now: e.Event) -> Iterator[str]:
    for field in now.__struct_fields__:
        one, other = getattr(logged, field), getattr(now, field)
        if one != other:
            yield f"{field} ({_shown(one)} logged, {_shown(other)} now)"


def _tag(event: e.Event) -> str:
    return str(event.__struct_config__.tag)


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
