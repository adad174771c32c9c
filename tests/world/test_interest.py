"""On a large map everybody sees who is near, and nothing is told to those who are far away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from aether.protocol.world import (
    Emoted,
    NodeChanged,
    NodeSeen,
    PlayerCame,
    PlayerLeft,
    PlayerSeen,
    PlayerWalked,
    ZoneChange,
)
from apps.world.interest import Interest, Telling
from apps.world.rules.interest import Block, are_in_sight, block_at
from apps.world.rules.walking import cell_at

SIDE = 128
STEP_MS = 220
TICK_S = 0.1

Cell = tuple[int, int]


def player(who: int, cell: Cell, path: Sequence[Cell] = (), started_at: float = 0.0) -> PlayerSeen:
    return PlayerSeen(
        id=who,
        name=f"P{who}",
        class_id="anchorite",
        level=1,
        cell=cell,
        path=list(path),
        started_at=started_at,
        step_ms=STEP_MS if path else 0,
    )


def line(start: Cell, steps: int, across: int, down: int) -> list[Cell]:
    """Return a straight way that ends at the edge of the map."""
    cells = [(start[0] + across * n, start[1] + down * n) for n in range(steps + 1)]
    return [cell for cell in cells if 0 <= cell[0] < SIDE and 0 <= cell[1] < SIDE]


class Zone:
    """Who is where for certain, and what each of them has been told."""

    def __init__(self) -> None:
        self.now = 100.0
        self.interest = Interest([], self.now)
        self.there: dict[int, PlayerSeen] = {}
        self.known: dict[int, set[int]] = {}
        self.audience: dict[int, Block] = {}

    def block(self, who: int) -> Block:
        seen = self.there[who]
        return block_at(cell_at(seen.path or [seen.cell], seen.started_at, seen.step_ms, self.now))

    def in_sight(self, who: int) -> set[int]:
        mine = self.block(who)
        return {other for other in self.there if are_in_sight(mine, self.block(other))}

    def tick(self, changes: list[ZoneChange], after_s: float) -> Telling:
        self.now += after_s
        telling = self.interest.take(changes, self.now)
        for crossing, crossed in telling.crossed.items():
            for who in self.audience.keys() & set(crossed):
                self.audience[who] = crossing[1]
                self.apply(who, telling.crossings[crossing])
        for block, told in telling.blocks.items():
            for who, at in self.audience.items():
                if at == block:
                    self.apply(who, told)
        return telling

    def apply(self, viewer: int, changes: list[ZoneChange]) -> None:
        for change in changes:
            match change:
                case PlayerCame(player=seen):
                    self.known[viewer].add(seen.id)
                case PlayerLeft(id=who):
                    self.known[viewer].discard(who)
                case PlayerWalked(id=who):
                    assert who in self.known[viewer] or who not in self.in_sight(viewer)

    def arrive(self, seen: PlayerSeen) -> PlayerCame:
        """Let somebody appear, who is shown what is in sight by a snapshot of its own."""
        self.there[seen.id] = seen
        return PlayerCame(player=seen)

    def follow(self, who: int) -> None:
        self.audience[who] = self.block(who)
        self.known[who] = self.in_sight(who)


class Act(NamedTuple):
    who: int
    what: str
    cell: Cell
    across: int
    down: int
    steps: int


cells = st.tuples(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1))
ways = st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)])
acts = st.builds(
    lambda who, what, cell, way, steps: Act(who, what, cell, way[0], way[1], steps),
    st.integers(1, 8),
    st.sampled_from(["walk", "walk", "walk", "leave", "jump", "wave"]),
    cells,
    ways,
    st.integers(1, 40),
)
ticks = st.lists(st.tuples(st.lists(acts, max_size=4), st.floats(0.1, 4.0)), max_size=25)


def do(zone: Zone, act: Act) -> ZoneChange:
    seen = zone.there.get(act.who)
    if seen is None or act.what == "jump":
        return zone.arrive(player(act.who, act.cell))
    if act.what == "leave":
        del zone.there[act.who]
        zone.audience.pop(act.who, None)
        zone.known.pop(act.who, None)
        return PlayerLeft(id=act.who)
    if act.what == "wave":
        return Emoted(id=act.who, emote="wave")
    here = cell_at(seen.path or [seen.cell], seen.started_at, seen.step_ms, zone.now)
    path = line(here, act.steps, act.across, act.down)
    zone.there[act.who] = player(act.who, path[-1], path, zone.now)
    return PlayerWalked(id=act.who, path=path, started_at=zone.now, step_ms=STEP_MS)


@settings(max_examples=100, deadline=None)
@given(ticks)
def test_everybody_knows_just_who_is_in_sight(moments: list[tuple[list[Act], float]]) -> None:
    zone = Zone()
    for wanted, after_s in moments:
        zone.tick([do(zone, act) for act in wanted], after_s)
        for who in zone.there.keys() - zone.known.keys():
            zone.follow(who)
        for who, known in zone.known.items():
            assert known == zone.in_sight(who), f"{who} at {zone.block(who)}"


def test_what_happens_far_away_is_not_told() -> None:
    zone = Zone()
    zone.tick([zone.arrive(player(1, (5, 5))), zone.arrive(player(2, (100, 100)))], TICK_S)
    telling = zone.tick([Emoted(id=2, emote="wave")], TICK_S)
    assert list(telling.blocks) == [(6, 6)]


def test_what_is_about_the_zone_is_told_to_everybody() -> None:
    zone = Zone()
    zone.tick([zone.arrive(player(1, (5, 5))), zone.arrive(player(2, (100, 100)))], TICK_S)
    node = NodeSeen(id="reeds", node="reeds", cell=(1, 1), charges=1)
    assert set(zone.tick([NodeChanged(node=node)], TICK_S).blocks) == {(0, 0), (6, 6)}


def test_who_stands_still_costs_nothing() -> None:
    zone = Zone()
    zone.tick([zone.arrive(player(1, (5, 5)))], TICK_S)
    assert not zone.interest.is_moving
    assert zone.tick([], TICK_S) == Telling()


def test_whom_the_changes_have_lost_is_let_go_at_the_second_look() -> None:
    zone = Zone()
    zone.tick([zone.arrive(player(1, (5, 5))), zone.arrive(player(2, (6, 6)))], TICK_S)
    here = [zone.there[1]]
    assert zone.interest.unheard(here) == []
    assert zone.interest.unheard(here) == [PlayerLeft(id=2)]


def test_whose_coming_the_changes_have_lost_is_seen_at_the_second_look() -> None:
    zone = Zone()
    zone.tick([zone.arrive(player(1, (5, 5)))], TICK_S)
    zone.arrive(player(2, (6, 6)))
    here = list(zone.there.values())
    assert zone.interest.unheard(here) == []
    came = zone.interest.unheard(here)
    assert came == [PlayerCame(player=zone.there[2])]
    zone.tick(came, TICK_S)
    assert zone.interest.standing() == [((0, 0), [1, 2])]
    assert zone.interest.unheard(here) == []
