"""Battles in the memory of this process: rebuilt from the journal when absent, fenced by its versions.

Nothing here is the truth. A battle that another process has moved on is noticed at the next append, or
by whoever asks for it as it is now; then the entries that are missing here are read and applied.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from math import inf
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from django.db import transaction

from aether.kernel import clock as wall
from aether.kernel import content, journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import EMPTY, Entry, Head, Stream, StreamKind
from aether.protocol.combat import BattleEvents, BattleSite, BattleSnapshot, Spectating
from aether.protocol.combat import Clock as ClockShown
from apps.combat import clocks, engine, logbook
from apps.combat.engine.events import Event
from apps.combat.faults import BattleFailedError, UnknownHereError, of_this_battle
from apps.combat.logbook import LogEntry, Opened
from apps.combat.rulebooks import rulebook_on_loop
from apps.combat.seeds import unseal

KEPT_MAX = 2_000
EVENTS_PER_UPDATE = 200
TOLD_KEPT = 32
"""How many updates of a battle stay in memory for sockets that have missed the last ones."""

_SECRET = "SELECT sealed_seed FROM combat_battlesecret WHERE battle_id = %s"  # noqa: S105 - a query

Numbered = tuple[str, int, int, BattleEvents]
"""Audience, first and last number, and the update that they count."""


EVERY_BATTLE = "battle:*"


class Place(NamedTuple):
    """Where a battle is fought, as its row says; and how much more it pays, as its log does."""

    mode: Literal["pve", "duel", "team"]
    zone: str
    instance: str
    group_id: int | None
    bonus_pct: int = 0


class Begun(NamedTuple):
    """A battle as it begins: its first entry, and what is secret or follows from it."""

    place: Place
    opened: Opened
    head: Head
    state: engine.Battle
    seed: bytes
    rulebook: engine.Rulebook


def stream_of(battle_id: int) -> Stream:
    return Stream(StreamKind.BATTLE, battle_id)


def stream_name(battle_id: int) -> str:
    return f"battle:{battle_id}"


def now_ms() -> int:
    return int(wall.now() * 1000)


class RunningBattle:
    """A battle as this process knows it. Touch it only while holding its lock."""

    state: engine.Battle
    clock: clocks.Clock
    rulebook: engine.Rulebook
    dice: engine.Dice
    seed: bytes
    site: BattleSite | None
    spectating: Spectating
    bonus_pct: int

    def __init__(self, battle_id: int) -> None:
        self.id = battle_id
        self.lock = asyncio.Lock()
        self.head = EMPTY
        self.is_doubtful = False
        self.is_watched = False
        self.place: Place | None = None
        self.numbers: dict[engine.Audience, int] = {}
        self.told: deque[Numbered] = deque(maxlen=TOLD_KEPT)

    @property
    def is_loaded(self) -> bool:
        return self.head is not EMPTY

    def forget(self) -> None:
        """Have the battle read again before its next use."""
        self.head = EMPTY

    def doubt(self) -> None:
        """Have the battle brought up to date before its next use."""
        self.is_doubtful = True

    def take(
        self, state: engine.Battle, clock: clocks.Clock, events: tuple[Event, ...], head: Head
    ) -> list[Numbered]:
        """Move on to a committed state; return what each audience is told."""
        self.state, self.clock, self.head = state, clock, head
        shown = self.clock_shown()
        updates: list[Numbered] = []
        shared: list[Event] = []
        pages: list[BattleEvents] = []
        for audience, last in self.numbers.items():
            seen = engine.view_events(events, state, audience)
            if seen != shared:
                shared, pages = seen, _paged(seen, shown)
            for update in pages:
                first, last = last + 1, last + len(update.events)
                updates.append((audience, first, last, update))
            self.numbers[audience] = last
        self.told.extend(updates)
        return updates

    def clock_shown(self) -> ClockShown:
        ends = clocks.turn_ends(self.clock, self.state)
        return ClockShown(
            deadline=None if ends is None else ends / 1000,
            bank_ms=self.clock.banks.get(self.state.turn_owner, 0),
        )

    def snapshot(self, audience: engine.Audience) -> tuple[int, BattleSnapshot]:
        view = engine.view(self.state, audience)
        return self.numbers[audience], BattleSnapshot(battle=view, clock=self.clock_shown(), site=self.site)

    async def show_spectators(self) -> None:
        """Count what spectators are told as well, from the beginning on: nobody pays for it before."""
        if not self.is_watched:
            self.is_watched = True
            await self.load()

    async def catch_up(self) -> bool:
        """Bring the battle to where the journal ends, if need be reading it anew; tell if it was behind."""
        known = self.head
        if not self.follow(await self.news()):
            await self.load()
        self.is_doubtful = False
        return self.head != known

    async def news(self) -> list[Entry]:
        """Return the entry where this process thinks that the battle stands, and those after it."""
        return await journal.read(stream_of(self.id), after=self.head.version - 1) if self.is_loaded else []

    def follow(self, entries: list[Entry]) -> bool:
        """Take what is new of these entries; tell if they lead here, further, or where it was lately."""
        if not self.is_loaded or not entries:
            return False
        if entries[-1].version < self.head.version:
            return True  # it was moved on from here while they were read
        following = entries[self.head.version - entries[-1].version - 1 :]
        if following[0].head != self.head:
            return False
        with of_this_battle():
            for entry in following[1:]:
                self.take_entry(logbook.decode(entry.payload), entry.head)
        return True

    async def load(self) -> list[Numbered]:
        """Rebuild the battle from the journal; return everything that was told on the way."""
        self.forget()
        rows, secrets = await asyncio.gather(
            journal.read(stream_of(self.id)), journal.fetch(_SECRET, [self.id])
        )
        if not rows or not secrets:
            raise NotFoundError
        with of_this_battle():
            pinned = logbook.pinned(rows[0].payload)
        try:
            with of_this_battle():
                updates = await self._read([row.payload for row in rows], secrets[0][0], rows[-1].head)
        except BattleFailedError as error:
            if pinned.rules_version == engine.RULES_VERSION:
                raise
            raise _not_ours(pinned, engine.RULES_VERSION) from error
        except UnknownHereError as error:
            if pinned.rules_version < engine.RULES_VERSION:
                raise engine.NotReplayableError(pinned) from error
            raise
        if self.state.phase != "ended" and pinned.rules_version != self.rulebook.rules_version:
            # Going on under other rules than it began with would be no battle that can be fought again.
            self.forget()
            raise _not_ours(pinned, self.rulebook.rules_version)
        return updates

    async def _read(self, payloads: list[bytes], sealed_seed: bytes, head: Head) -> list[Numbered]:
        opened, *entries = map(logbook.decode, payloads)
        if not isinstance(opened, Opened):
            raise TypeError(f"battle {self.id} does not begin with its header")
        header = opened.header
        self.seed = unseal(sealed_seed, battle_id=self.id, commitment=header.commitment)
        self.dice = engine.Dice(self.seed)
        try:
            self.rulebook = await rulebook_on_loop(header.content_hash)
        except (NotFoundError, content.InvalidContentError) as gone:
            raise UnknownHereError from gone
        return self._rebuild(opened, entries, head)

    def begin(self, begun: Begun) -> None:
        """Take over a battle from who has begun it."""
        self.place = begun.place
        self.seed, self.dice, self.rulebook = begun.seed, engine.Dice(begun.seed), begun.rulebook
        self.state, self.clock = begun.state, begun.opened.clock
        self._open(begun.opened)
        self.head = begun.head

    def _rebuild(self, opened: Opened, entries: list[LogEntry], head: Head) -> list[Numbered]:
        self.state, self.clock = engine.reopen(opened.header, self.rulebook), opened.clock
        self._open(opened)
        self.told.clear()
        updates: list[Numbered] = []
        for entry in entries:
            updates += self.take_entry(entry, EMPTY)
        self.head, self.is_doubtful = head, False
        return updates

    def _open(self, opened: Opened) -> None:
        self.site, self.spectating, self.bonus_pct = opened.site, opened.spectating, opened.bonus_pct
        told = [each for each in engine.audiences(self.state) if self.is_watched or each != engine.SPECTATOR]
        self.numbers = dict.fromkeys(told, 0)

    def take_entry(self, entry: LogEntry, head: Head) -> list[Numbered]:
        """Move on by an entry that somebody has committed."""
        events = logbook.events_of(entry)
        clock = entry.clock if isinstance(entry, logbook.Acted) else self.clock
        return self.take(engine.fold(self.state, events), clock, events, head)


def _not_ours(pinned: logbook.Pinned, here: int) -> Exception:
    """Return why a battle does not go on here: for good under older rules, while newer ones are elsewhere."""
    return engine.NotReplayableError(pinned) if pinned.rules_version < here else UnknownHereError()


def _paged(events: list[Event], clock: ClockShown) -> list[BattleEvents]:
    return [
        BattleEvents(events=events[start : start + EVENTS_PER_UPDATE], clock=clock)
        for start in range(0, len(events), EVENTS_PER_UPDATE)
    ]


def _first_told(battle: RunningBattle, audience: engine.Audience) -> float:
    return next((first for told, first, _, _ in battle.told if told == audience), inf)


class locked:  # noqa: N801 - reads like the function that it would be, and costs a fifth
    """Lend a loaded battle; all who ask for it in this process queue up."""

    __slots__ = ("_battle",)

    def __init__(self, battle_id: int) -> None:
        self._battle = _lent(battle_id)

    async def __aenter__(self) -> RunningBattle:
        battle = self._battle
        await battle.lock.acquire()
        if not battle.is_loaded or battle.is_doubtful:
            try:
                await battle.catch_up()
            except BaseException:
                battle.lock.release()
                raise
        return battle

    async def __aexit__(self, *_raised: object) -> None:
        self._battle.lock.release()


@asynccontextmanager
async def fresh(battle_id: int) -> AsyncIterator[RunningBattle]:
    """Lend a battle as the database has it now, whoever moved it on.

    It is asked before the battle is locked: only where there is news does anybody who acts in it wait.
    """
    battle = _lent(battle_id)
    news = await battle.news()
    async with battle.lock:
        if battle.is_doubtful or not battle.follow(news):
            await battle.catch_up()
        yield battle


async def updates_after(
    battle: RunningBattle, audience: engine.Audience, n: int
) -> list[tuple[int, int, BattleEvents]]:
    """Return what an audience was told after number `n`; what is not in memory any more, from the journal.

    Call while holding the lock.
    """
    updates: Iterable[Numbered] = battle.told
    if n < battle.numbers[audience] and n + 1 < _first_told(battle, audience):
        again = RunningBattle(battle.id)
        again.is_watched = battle.is_watched
        updates = await again.load()
    missed = []
    for told, first, last, update in updates:
        if told == audience and last > n:
            seen = update.events[max(0, n + 1 - first) :]
            missed.append((last - len(seen) + 1, last, BattleEvents(events=seen, clock=update.clock)))
    return missed


def keep_after_commit(battle_id: int, begun: Begun) -> None:
    """Have a battle in the memory of this process as soon as the transaction that begins it is committed.

    Those who take part ask for it at once: it need not be read back.
    """
    serving = realtime.current()
    if serving is not None:
        loop = serving.hub.loop
        transaction.on_commit(lambda: loop.call_soon_threadsafe(_keep, battle_id, begun), robust=True)


def _keep(battle_id: int, begun: Begun) -> None:
    battle = _lent(battle_id)
    if not battle.is_loaded and not battle.lock.locked():
        battle.begin(begun)


def kept(battle_id: int) -> RunningBattle | None:
    """Return a battle if this process has it in memory."""
    battle = _battles.get(asyncio.get_running_loop(), OrderedDict()).get(battle_id)
    return battle if battle is not None and battle.is_loaded else None


def forget_all() -> None:
    """Drop every battle of the running loop, as a restart would."""
    _battles.pop(asyncio.get_running_loop(), None)


_battles: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[int, RunningBattle]]
_battles = WeakKeyDictionary()


def _lent(battle_id: int) -> RunningBattle:
    loop = asyncio.get_running_loop()
    battles = _battles.get(loop)
    if battles is None:
        battles = _battles[loop] = OrderedDict()
    battle = battles.get(battle_id)
    if battle is None:
        battle = battles[battle_id] = RunningBattle(battle_id)
        _drop_oldest(battles)
    battles.move_to_end(battle_id)
    return battle


def _drop_oldest(battles: OrderedDict[int, RunningBattle]) -> None:
    """Keep memory bounded; battles at work stay."""
    idle = (battle_id for battle_id, battle in battles.items() if not battle.lock.locked())
    surplus = [battle_id for battle_id, _ in zip(idle, range(len(battles) - KEPT_MAX), strict=False)]
    for battle_id in surplus:
        del battles[battle_id]
