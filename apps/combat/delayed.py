"""Battles as they are told late: a spectator's view that is some rounds behind, from the journal alone.

Any process computes the same from the same entries and the clock, so that whoever reconnects anywhere
goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings

from aether.kernel import journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import Entry
from aether.protocol.combat import BattleEvents, BattleSite, BattleSnapshot, Clock
from apps.combat import delays, engine, logbook
from apps.combat.engine.events import Event
from apps.combat.logbook import Opened
from apps.combat.rulebooks import rulebook_on_loop
from apps.combat.running import EVENTS_PER_UPDATE, now_ms, stream_name, stream_of

DELAYED = engine.Audience("spectator:delayed")
"""Spectators who are told late; they see what spectators see."""

KEPT_MAX = 200
NO_CLOCK = Clock(deadline=None)
"""What ran out then says nothing now."""


class _Waiting(NamedTuple):
    events: tuple[Event, ...]
    moment: delays.Moment


class DelayedBattle:
    """A battle as those see it who may not see it yet. Touch it only while holding its lock."""

    def __init__(self, battle_id: int) -> None:
        self.id = battle_id
        self.lock = asyncio.Lock()
        self.number = 0
        self.told: list[tuple[int, int, BattleEvents]] = []
        self.rung: int | None = None
        """Up to which number sockets were told without having asked, once they were told anything."""
        self._version = 0
        self._waiting: deque[_Waiting] = deque()
        self._latest: engine.Battle
        self._shown: engine.Battle
        self._site: BattleSite | None = None

    @property
    def is_done(self) -> bool:
        """Tell if the end was told."""
        return self._version > 0 and self._shown.phase == "ended"

    async def catch_up(self) -> None:
        """Read what was committed, and tell what is old enough."""
        if self.is_done:
            return
        entries = await journal.read(stream_of(self.id), after=self._version)
        if not self._version:
            await self._open(entries)
        for entry in entries:
            self._take(entry)
        moments = [waiting.moment for waiting in self._waiting]
        for _ in range(delays.due(moments, _delay(), now_ms())):
            self._tell(self._waiting.popleft().events)

    def snapshot(self) -> tuple[int, BattleSnapshot]:
        view = engine.view(self._shown, engine.SPECTATOR)
        return self.number, BattleSnapshot(battle=view, clock=NO_CLOCK, site=self._site)

    def after(self, n: int) -> list[tuple[int, int, BattleEvents]]:
        """Return what was told after a number."""
        missed = []
        for first, last, update in self.told:
            if last > n:
                seen = update.events[max(0, n + 1 - first) :]
                missed.append((last - len(seen) + 1, last, BattleEvents(events=seen, clock=NO_CLOCK)))
        return missed

    async def _open(self, entries: Iterable[Entry]) -> None:
        opened = next((logbook.decode(entry.payload) for entry in entries), None)
        if not isinstance(opened, Opened):
            raise NotFoundError
        header = opened.header
        self._latest = self._shown = engine.reopen(header, await rulebook_on_loop(header.content_hash))
        self._site = opened.site

    def _take(self, entry: Entry) -> None:
        events = logbook.events_of(logbook.decode(entry.payload))
        self._latest = engine.fold(self._latest, events)
        self._version = entry.version
        state = self._latest
        moment = delays.Moment(entry.at_us // 1000, state.round, state.phase == "ended")
        self._waiting.append(_Waiting(events, moment))

    def _tell(self, events: tuple[Event, ...]) -> None:
        self._shown = engine.fold(self._shown, events)
        seen = engine.view_events(events, self._shown, engine.SPECTATOR)
        for start in range(0, len(seen), EVENTS_PER_UPDATE):
            page = seen[start : start + EVENTS_PER_UPDATE]
            self.told.append(
                (self.number + 1, self.number + len(page), BattleEvents(events=page, clock=NO_CLOCK))
            )
            self.number += len(page)


@asynccontextmanager
async def delayed(battle_id: int) -> AsyncIterator[DelayedBattle]:
    """Lend a battle as it may be told now."""
    battle = _lent(battle_id)
    async with battle.lock:
        await battle.catch_up()
        yield battle


def keep_watched(battle_ids: Iterable[int]) -> None:
    """Keep these battles in memory, however many they are: this process tells who watches them."""
    _watched[asyncio.get_running_loop()] = frozenset(battle_ids)


def forget_all() -> None:
    """Drop every battle of the running loop, as a restart would."""
    _battles.pop(asyncio.get_running_loop(), None)
    _watched.pop(asyncio.get_running_loop(), None)


_battles: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[int, DelayedBattle]]
_battles = WeakKeyDictionary()
_watched: WeakKeyDictionary[asyncio.AbstractEventLoop, frozenset[int]] = WeakKeyDictionary()


def _lent(battle_id: int) -> DelayedBattle:
    battles = _battles.setdefault(asyncio.get_running_loop(), OrderedDict())
    battle = battles.get(battle_id)
    if battle is None:
        battle = battles[battle_id] = DelayedBattle(battle_id)
        if len(battles) > KEPT_MAX:
            _drop_idle(battles, but=battle)
    battles.move_to_end(battle_id)
    return battle


def _drop_idle(battles: OrderedDict[int, DelayedBattle], *, but: DelayedBattle) -> None:
    """Keep memory bounded; battles at work stay, and so do those that somebody follows here."""
    watched = _watched.get(asyncio.get_running_loop(), frozenset())
    idle = [
        each
        for each, kept in battles.items()
        if kept is not but
        and not kept.lock.locked()
        and each not in watched
        and not realtime.viewers(stream_name(each))
    ]
    for each in idle[: len(battles) - KEPT_MAX]:
        del battles[each]


def _delay() -> delays.Delay:
    given = settings.SPECTATING
    return delays.Delay(rounds=given["delay_rounds"], ms=given["delay_s"] * 1000)
