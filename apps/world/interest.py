"""What of a large zone copy is told to whom: the ticking process knows in which block everybody stands.

Of what changes, the blocks around are told. Who walks into another block is told who comes into its sight
and who is left behind, and is told about by those who lose sight of it or see it come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from aether.protocol.world import (
    Emoted,
    GatherBegan,
    PlayerCame,
    PlayerLeft,
    PlayerSeen,
    PlayerWalked,
    ZoneChange,
)
from apps.world.rules.interest import Block, are_in_sight, around, block_at
from apps.world.rules.walking import cell_at

Crossing = tuple[Block, Block]
"""From which block somebody came, and into which."""


@dataclass(slots=True)
class Telling:
    """What a tick tells: to those who stand in a block, before that to those who crossed into another one."""

    blocks: defaultdict[Block, list[ZoneChange]] = field(default_factory=lambda: defaultdict(list))
    crossings: dict[Crossing, list[ZoneChange]] = field(default_factory=dict)
    crossed: defaultdict[Crossing, list[int]] = field(default_factory=lambda: defaultdict(list))


class Interest:
    """Everybody in a zone copy, by the block where they stand."""

    def __init__(self, here: Iterable[PlayerSeen], now: float) -> None:
        self._seen: dict[int, PlayerSeen] = {}
        self._block: dict[int, Block] = {}
        self._in: defaultdict[Block, set[int]] = defaultdict(set)
        self._walking: set[int] = set()
        self._missed: set[int] = set()
        for seen in here:
            self._know(seen, now)

    @property
    def is_moving(self) -> bool:
        """Tell if somebody may walk into another block, whatever else happens."""
        return bool(self._walking)

    def standing(self) -> list[tuple[Block, list[int]]]:
        """Return who stands in which block."""
        return [(block, sorted(there)) for block, there in self._in.items() if there]

    def unheard(self, here: Iterable[PlayerSeen]) -> list[ZoneChange]:
        """Return who must have left or come unheard: now as at the last look known alone, or there alone."""
        there = {seen.id: seen for seen in here}
        gone, strange = self._seen.keys() - there.keys(), there.keys() - self._seen.keys()
        changes: list[ZoneChange] = [PlayerLeft(id=who) for who in sorted(gone & self._missed)]
        changes += [PlayerCame(player=there[who]) for who in sorted(strange & self._missed)]
        self._missed = gone | strange
        return changes

    def take(self, changes: Sequence[ZoneChange], now: float) -> Telling:
        """Take what has changed since the last time, and return what is told of it."""
        before = dict(self._block)
        for change in changes:
            self._apply(change, now)
        for who in list(self._walking):
            self._walk_on(who, now)
        movers = {who for who, block in before.items() if self._block.get(who) != block}
        crossed = sorted(movers & self._block.keys())
        telling = Telling()
        for who in crossed:
            self._tell_came(who, before[who], telling)
        for change in changes:
            self._tell_change(change, before, telling)
        for who in crossed:
            self._tell_left(who, before[who], telling)
            telling.crossed[before[who], self._block[who]].append(who)
        for crossing in telling.crossed:
            telling.crossings[crossing] = list(self._told_to(crossing, before, movers))
        return telling

    def _apply(self, change: ZoneChange, now: float) -> None:
        match change:
            case PlayerCame(player=seen):
                self._know(seen, now)
            case PlayerLeft(id=who):
                self._forget(who)
            case PlayerWalked(id=who) if who in self._seen:
                self._seen[who] = replace(
                    self._seen[who],
                    cell=change.path[-1],
                    path=change.path,
                    started_at=change.started_at,
                    step_ms=change.step_ms,
                )
                self._walking.add(who)

    def _walk_on(self, who: int, now: float) -> None:
        seen = self._seen[who]
        if now >= seen.started_at + len(seen.path) * seen.step_ms / 1000:
            self._walking.discard(who)
        self._put(who, _block_of(seen, now))

    def _tell_change(self, change: ZoneChange, before: dict[int, Block], telling: Telling) -> None:
        """Tell a change where whom it is about was or is seen; everywhere where that is not known."""
        who = _subject(change)
        near = [block[who] for block in (before, self._block) if who in block] if who is not None else []
        everywhere = (block for block, there in self._in.items() if there)
        for block in self._occupied(*near) if near else everywhere:
            telling.blocks[block].append(change)

    def _tell_came(self, who: int, before: Block, telling: Telling) -> None:
        for block in self._occupied(self._block[who]):
            if not are_in_sight(block, before):
                telling.blocks[block].append(PlayerCame(player=self._seen[who]))

    def _tell_left(self, who: int, before: Block, telling: Telling) -> None:
        for block in self._occupied(before):
            if not are_in_sight(block, self._block[who]):
                telling.blocks[block].append(PlayerLeft(id=who))

    def _told_to(
        self, crossing: Crossing, before: dict[int, Block], movers: Collection[int]
    ) -> Iterator[ZoneChange]:
        """Yield what is told to whoever crosses: who comes into sight, and who goes out of it."""
        left, entered = crossing
        for block in around(entered):
            for who in sorted(self._in.get(block, ())):
                was = before.get(who)
                if was is None or not are_in_sight(was, left):
                    yield PlayerCame(player=self._seen[who])
        for block in around(left):
            if not are_in_sight(block, entered):
                yield from (
                    PlayerLeft(id=who) for who in sorted(self._in.get(block, ())) if who not in movers
                )
        for who in sorted(movers):
            after = self._block.get(who)
            if are_in_sight(before[who], left) and (after is None or not are_in_sight(after, entered)):
                yield PlayerLeft(id=who)

    def _occupied(self, *near: Block) -> list[Block]:
        """Return the blocks in which somebody stands and sees one of these."""
        found = {block: None for each in near for block in around(each)}
        return [block for block in found if self._in.get(block)]

    def _know(self, seen: PlayerSeen, now: float) -> None:
        self._seen[seen.id] = seen
        self._put(seen.id, _block_of(seen, now))
        if seen.path:
            self._walking.add(seen.id)

    def _put(self, who: int, block: Block) -> None:
        self._in[self._block.get(who, block)].discard(who)
        self._block[who] = block
        self._in[block].add(who)

    def _forget(self, who: int) -> None:
        block = self._block.pop(who, None)
        if block is not None:
            self._in[block].discard(who)
        self._seen.pop(who, None)
        self._walking.discard(who)


def _subject(change: ZoneChange) -> int | None:
    """Return whom a change is about; nobody where it concerns the zone."""
    match change:
        case PlayerCame(player=seen):
            return seen.id
        case PlayerLeft(id=who) | PlayerWalked(id=who) | Emoted(id=who) | GatherBegan(id=who):
            return who
        case _:
            return None


def _block_of(seen: PlayerSeen, now: float) -> Block:
    return block_at(cell_at(seen.path or [seen.cell], seen.started_at, seen.step_ms, now))
