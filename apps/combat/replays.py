"""Battles read back from the journal: what was logged, and whether the rules give it again."""

from __future__ import annotations

from typing import NamedTuple

from aether.kernel import journal
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from apps.combat import engine, logbook
from apps.combat.engine.events import Event
from apps.combat.logbook import LogEntry, Opened
from apps.combat.models import BattleSecret
from apps.combat.rulebooks import rulebook_of
from apps.combat.seeds import unseal


class Log(NamedTuple):
    """A battle's log; `moments` says when each entry was written, in seconds since 1970."""

    opened: Opened
    entries: list[LogEntry]
    moments: list[float]

    @property
    def events(self) -> list[Event]:
        return [event for entry in self.entries for event in logbook.events_of(entry)]


class Comparison(NamedTuple):
    """How a battle fought again compares with its log; no problem: they are the same."""

    inputs: int
    events: int
    turns: int
    problem: str = ""


def read_log(battle_id: int) -> Log:
    """Return everything that the journal holds of a battle."""
    rows = list(journal.entries(StreamKind.BATTLE, battle_id))
    if not rows:
        raise NotFoundError
    opened, *entries = [logbook.decode(row.payload) for row in rows]
    if not isinstance(opened, Opened):
        raise TypeError(f"battle {battle_id} does not begin with its header")
    return Log(opened, entries, [row.at_us / 1_000_000 for row in rows[1:]])


def state_after(log: Log) -> engine.Battle:
    """Return the battle as its log leaves it."""
    header = log.opened.header
    return engine.fold(engine.reopen(header, rulebook_of(header.content_hash)), log.events)


def server_seed_of(log: Log) -> bytes:
    """Return the secret of a battle. Show it to nobody before the battle has ended."""
    header = log.opened.header
    secret = BattleSecret.objects.filter(battle_id=header.battle_id).first()
    if secret is None:
        raise NotFoundError
    return unseal(bytes(secret.sealed_seed), battle_id=header.battle_id, commitment=header.commitment)


def compare(battle_id: int) -> Comparison:
    """Fight a battle again from its header and inputs, and compare it with what was logged."""
    log = read_log(battle_id)
    header, inputs = log.opened.header, list(logbook.inputs_of(log.entries))
    logged = [
        event
        for entry in log.entries
        if isinstance(entry, logbook.Acted)
        for event in logbook.events_of(entry)
    ]
    try:
        again = engine.replay(header, inputs, rulebook_of(header.content_hash), server_seed_of(log))
    except engine.Refusal as refusal:
        return Comparison(len(inputs), 0, 0, f"an input of the log is refused now: {refusal.code}")
    before, now = engine.turn_hashes(logged), engine.turn_hashes(again.events)
    return Comparison(len(inputs), len(logged), len(before), _problem(before, now, logged, again))


def _problem(
    before: tuple[str, ...], now: tuple[str, ...], logged: list[Event], again: engine.Replayed
) -> str:
    turn = engine.first_divergence(before, now)
    if turn is not None:
        return f"turn {turn + 1} went differently the second time."
    if tuple(logged) != again.events:
        return "the events differ although the hashes of the turns agree."
    return ""
