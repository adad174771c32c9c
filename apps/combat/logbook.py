"""What the journal holds of a battle: how it opened, then one entry for each accepted command.

An entry is the command's input with the inputs that followed by themselves (turns of monsters), each
with the events it caused, and the clock afterwards. Header and inputs replay the battle; the events
rebuild it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from aether.protocol.combat import BattleSite, Spectating
from apps.combat import engine
from apps.combat.clocks import Clock
from apps.combat.engine.events import Event
from apps.combat.engine.state import Header


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag_field="entry", tag="opened"):
    """The beginning. `bonus_pct` is how much more the monsters are worth than they are by themselves."""

    header: Header
    clock: Clock
    site: BattleSite | None = None
    spectating: Spectating = "none"
    bonus_pct: int = 0


LoggedStep = engine.LoggedStep


class Acted(msgspec.Struct, frozen=True, kw_only=True, tag_field="entry", tag="acted"):
    steps: tuple[LoggedStep, ...]
    clock: Clock


class Stopped(msgspec.Struct, frozen=True, kw_only=True, tag_field="entry", tag="stopped"):
    """The battle was parked after faults, or ended by a game master; its only event is the end."""

    events: tuple[Event, ...]
    problem: str


LogEntry = Opened | Acted | Stopped

_decoder: msgspec.json.Decoder[LogEntry] = msgspec.json.Decoder(LogEntry)
_encoder = msgspec.json.Encoder()


def encode(entry: LogEntry) -> bytes:
    return _encoder.encode(entry)


def decode(payload: bytes) -> LogEntry:
    return _decoder.decode(payload)


class Pinned(msgspec.Struct, frozen=True):
    """What a battle was begun under. It can be read whatever its rules have called the rest."""

    rules_version: int
    content_hash: str


class _Beginning(msgspec.Struct):
    header: Pinned


def pinned(payload: bytes) -> Pinned:
    """Return what the first entry of a log pins."""
    return msgspec.json.decode(payload, type=_Beginning).header


def events_of(entry: LogEntry) -> tuple[Event, ...]:
    """Return everything that an entry made happen, in order."""
    match entry:
        case Acted(steps=steps):
            return tuple(event for step in steps for event in step.events)
        case Stopped(events=events):
            return events
        case Opened():
            return ()


def steps_of(entries: Iterable[LogEntry]) -> Iterator[LoggedStep]:
    """Yield the accepted inputs of a battle with what they caused, in order: what a replay needs."""
    for entry in entries:
        if isinstance(entry, Acted):
            yield from entry.steps


def stop_of(entries: Iterable[LogEntry]) -> tuple[Event, ...]:
    """Return what ended a battle from outside, a fault or a game master; nothing for all others."""
    return tuple(event for entry in entries if isinstance(entry, Stopped) for event in entry.events)
