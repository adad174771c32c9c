"""Replay: header and inputs alone give every state again, and every hash must agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from . import events as e
from .definitions import Rulebook
from .dice import Dice
from .inputs import Input
from .opening import reopen
from .resolve import step
from .state import Battle, Header


class LoggedInput(msgspec.Struct, frozen=True):
    """An accepted input and who gave it; the journal keeps these in order."""

    actor: int
    input: Input


class Replayed(msgspec.Struct, frozen=True):
    battle: Battle
    events: tuple[e.Event, ...]


class NotReplayableError(Exception):
    """The battle was fought under other rules, or other content, than those at hand."""


def replay(header: Header, inputs: Iterable[LoggedInput], rulebook: Rulebook, server_seed: bytes) -> Replayed:
    """Fight a battle again. Accepted inputs are accepted again, so a `Refusal` here is a broken log."""
    pinned = (header.rules_version, header.content_hash)
    if pinned != (rulebook.rules_version, rulebook.content_hash):
        raise NotReplayableError(pinned)
    battle, dice = reopen(header, rulebook), Dice(server_seed)
    events: list[e.Event] = []
    for logged in inputs:
        battle, caused = step(battle, logged.actor, logged.input, rulebook, dice)
        events += caused
    return Replayed(battle, tuple(events))


def turn_hashes(events: Iterable[e.Event]) -> tuple[str, ...]:
    """Return the state's hash at each turn's end."""
    return tuple(event.state_hash for event in events if isinstance(event, e.TurnEnded))


def first_divergence(stored: Sequence[str], again: Sequence[str]) -> int | None:
    """Return the first turn (from 0) whose hash differs, or None."""
    for turn, (one, other) in enumerate(zip(stored, again, strict=False)):
        if one != other:
            return turn
    return None if len(stored) == len(again) else min(len(stored), len(again))
