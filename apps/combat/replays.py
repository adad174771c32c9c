"""Battles read back from the journal: what was logged, how it looked, and whether the rules give it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from aether.kernel import content, journal
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.protocol.battles import BattleReplay, SeenBattle
from aether.protocol.combat_events import Reveal
from aether.protocol.combat_values import NotReplayable
from apps.combat import engine, logbook
from apps.combat.engine import events as e
from apps.combat.engine.events import Event
from apps.combat.errors import BattleNotOverError, BattleUnreadableError
from apps.combat.logbook import LogEntry, Opened
from apps.combat.models import BattleSecret
from apps.combat.rulebooks import rulebook_of, why_not_replayable
from apps.combat.seeds import unseal
from apps.economy import selectors as economy


class Log(NamedTuple):
    """A battle's log; `moments` says when each entry was written, in seconds since 1970."""

    opened: Opened
    entries: list[LogEntry]
    moments: list[float]

    @property
    def events(self) -> list[Event]:
        return [event for entry in self.entries for event in logbook.events_of(entry)]

    @property
    def is_over(self) -> bool:
        return any(isinstance(event, e.BattleEnded) for event in self.events)


def read_log(battle_id: int) -> Log:
    """Return everything that the journal holds of a battle; refuse one whose events nobody knows any more."""
    rows = list(journal.entries(StreamKind.BATTLE, battle_id))
    if not rows:
        raise NotFoundError
    try:
        opened, *entries = [logbook.decode(row.payload) for row in rows]
    except msgspec.ValidationError as error:
        raise BattleUnreadableError from error
    if not isinstance(opened, Opened):
        raise TypeError(f"battle {battle_id} does not begin with its header")
    return Log(opened, entries, [row.at_us / 1_000_000 for row in rows[1:]])


def state_after(log: Log) -> engine.Battle:
    """Return the battle as its log leaves it."""
    return engine.fold(_state_before(log), log.events)


def compare(battle_id: int) -> engine.Comparison:
    """Fight a battle again from its header and inputs, and compare it with what was logged."""
    log = read_log(battle_id)
    header, steps = log.opened.header, list(logbook.steps_of(log.entries))
    try:
        rulebook = rulebook_of(header.content_hash)
    except (NotFoundError, content.InvalidContentError) as gone:
        raise engine.NotReplayableError(header.content_hash) from gone
    return engine.compare(header, steps, rulebook, server_seed_of(log))


def server_seed_of(log: Log) -> bytes:
    """Return the secret of a battle. Show it to nobody before the battle has ended."""
    header = log.opened.header
    secret = BattleSecret.objects.filter(battle_id=header.battle_id).first()
    if secret is None:
        raise NotFoundError
    return unseal(bytes(secret.sealed_seed), battle_id=header.battle_id, commitment=header.commitment)


def reveal(log: Log) -> Reveal:
    """Return what proves the dice of a battle that is over, without its content; refuse while it runs."""
    if not log.is_over:
        raise BattleNotOverError
    header = log.opened.header
    hashes = engine.hashes_of(header, *_happened(log))
    told = engine.reveal(header, log.events, server_seed=server_seed_of(log), log_hash=hashes.log)
    return replace(told, not_replayable=why_not(log), loot=_loot_of(header.battle_id))


def _loot_of(battle_id: int) -> tuple[e.Rolled, ...]:
    return tuple(
        e.Rolled(roll.stream, roll.index, roll.n, roll.value, roll.next_index, "loot")
        for roll in economy.loot_rolls(battle_id)
    )


def why_not(log: Log) -> NotReplayable | None:
    """Return why a battle cannot be fought again, if it cannot."""
    return why_not_replayable(log.opened.header.rules_version, log.opened.header.content_hash)


def export(log: Log, *, with_content: bool = False) -> engine.BattleExport:
    """Return a battle that is over as one file; with the content, it can be fought again anywhere.

    The whole content tells what players are to find out themselves: keep it from them.
    """
    header, (steps, stopped) = log.opened.header, _happened(log)
    compiled = content.release(header.content_hash).compiled.decode() if with_content else None
    return engine.BattleExport(
        header=header,
        site=log.opened.site,
        log=tuple(steps),
        stopped=stopped,
        reveal=reveal(log),
        hashes=engine.hashes_of(header, steps, stopped),
        views=_seen_by(log, engine.audiences(_state_before(log))),
        content=compiled,
    )


def shown_to_staff(log: Log) -> BattleReplay:
    """Return a battle for the console, over or not: everything but its dice while it still runs."""
    audiences = (engine.OMNISCIENT, *engine.audiences(_state_before(log)))
    views = _seen_by(log, audiences)
    return BattleReplay(
        battle=log.opened.header.battle_id,
        is_over=log.is_over,
        site=log.opened.site,
        views=views if log.is_over else tuple(map(_without_dice, views)),
        not_replayable=why_not(log),
    )


def _happened(log: Log) -> tuple[list[engine.LoggedStep], tuple[Event, ...]]:
    return list(logbook.steps_of(log.entries)), logbook.stop_of(log.entries)


def _state_before(log: Log) -> engine.Battle:
    header = log.opened.header
    try:
        return engine.reopen(header, rulebook_of(header.content_hash))
    except (NotFoundError, content.InvalidContentError) as error:
        raise BattleUnreadableError from error


def _seen_by(log: Log, audiences: Sequence[engine.Audience]) -> tuple[SeenBattle, ...]:
    """Return the battle as each audience was told it: exactly what its stream carried."""
    return engine.seen_by(audiences, _state_before(log), map(logbook.events_of, log.entries))


def _without_dice(view: SeenBattle) -> SeenBattle:
    told = tuple(tuple(map(_without_seed, filter(_is_no_roll, events))) for events in view.told)
    return replace(view, told=tuple(filter(None, told)))


def _is_no_roll(event: Event) -> bool:
    return not isinstance(event, e.Rolled)


def _without_seed(event: Event) -> Event:
    return replace(event, seed="") if isinstance(event, e.Readied) else event
