"""Groups that hunt: whom they see, whom they spare, and that of all who want a group one has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random

import msgspec
import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import content, facts, live
from aether.kernel.errors import GameError
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import GroupAttacked
from apps.world import ground, positions, selectors, services
from apps.world.almanac import LifeDef
from apps.world.errors import GroupBusyError
from apps.world.models import MonsterGroup, Vitality
from apps.world.rules import hunting
from apps.world.rules.walking import distance
from tests.world import cast
from tests.world.conftest import Clock

HEATH = "gull_heath"
"""Where ash gulls of level six and seven look four cells far."""


@given(cells=st.integers(0, 12), factors=st.lists(st.integers(0, 300), max_size=2))
def test_a_group_that_sees_sees_a_cell_at_least(cells: int, factors: list[int]) -> None:
    assert (hunting.sight(cells, *factors) > 0) == (cells > 0)


@given(start=st.sampled_from(range(40)), goal=st.sampled_from(range(40)), steps=st.integers(0, 30))
def test_a_way_is_walkable_and_short(start: int, goal: int, steps: int) -> None:
    drawn = ground.map_of(cast.MOOR)
    cells = sorted(drawn.regions[HEATH])
    path = hunting.way(drawn, cells[start], cells[goal], steps)
    if path is None:
        return
    assert (path[0], path[-1]) == (cells[start], cells[goal])
    assert distance(cells[start], cells[goal]) <= len(path) - 1 <= steps
    assert all(distance(a, b) == 1 for a, b in pairwise(path))
    assert all(drawn.is_walkable(cell) for cell in path)


def test_a_newcomer_is_no_prey_of_any_group_of_the_first_moor() -> None:
    gap = next(iter(content.current().all(LifeDef).values())).hunting.level_gap
    for rule in ground.zone_of(cast.MOOR).spawns:
        for group in rule.groups if rule.aggro_cells else ():
            weakest = [(kin.monster, kin.level[0]) for kin in group.monsters if kin.count[0]]
            assert not hunting.is_fair(1, weakest, gap)


@pytest.fixture
def gulls(transactional_db: None, time: Clock) -> MonsterGroup:
    """Return a group of gulls in bright, clear day, when they look as far as they look."""
    time.now = 96 * 60 * 200.0 + 96 * 60 / 2
    cast.group()
    row = MonsterGroup.objects.filter(rule="heath", state="roaming").order_by("pk")[0]
    MonsterGroup.objects.filter(rule="heath").exclude(pk=row.pk).delete()
    return row


@pytest.fixture(autouse=True)
def _clear_sky(monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.world import sky

    monkeypatch.setattr(sky, "weather_of", lambda zone: None)


def hunted(name: str, row: MonsterGroup, cells: int, *, level: int = 7, is_spared: bool = False) -> int:
    """Return a character of a level that stands so many steps away from a group."""
    who = cast.character(name)
    drawn = ground.map_of(row.zone)
    cell = next(
        (x, y)
        for y in range(drawn.height)
        for x in range(drawn.width)
        if (way := hunting.way(drawn, row.cell, (x, y), cells)) is not None and len(way) - 1 == cells
    )
    cast.put(who, row.zone, cell)
    live.redis().zadd("presence", {str(who): 4e12})
    positions.change_looks(who, lambda seen: msgspec.structs.replace(seen, level=level))
    if not is_spared:
        Vitality.objects.filter(pk=who).update(spared_until=None)
    return who


def attacks() -> list[GroupAttacked]:
    rows = OutboxFact.objects.filter(type="group.attacked").order_by("pk")
    return [msgspec.json.decode(row.payload, type=GroupAttacked) for row in rows]


def hunt_for(time: Clock, row: MonsterGroup, seconds: int) -> None:
    for second in range(seconds):
        services.keep_groups(row.instance, Random(second))
        services.keep_hunts(row.instance)
        time.go(1)
    row.refresh_from_db()


def test_a_group_walks_at_whom_it_sees_and_attacks_once(gulls: MonsterGroup, time: Clock) -> None:
    alice = hunted("Alice", gulls, 4)
    services.keep_hunts(gulls.instance)
    gulls.refresh_from_db()
    assert (gulls.prey, gulls.state) == (alice, "roaming")
    seen = selectors.groups_seen(gulls.instance)[gulls.pk]
    assert seen is not None
    assert seen.prey == alice
    hunt_for(time, gulls, 4)
    assert (gulls.state, gulls.engaged_by, gulls.prey) == ("engaging", alice, None)
    assert attacks() == [GroupAttacked(group=gulls.pk, character=alice, instance=gulls.instance)]


@pytest.mark.parametrize(
    ("cells", "level", "is_spared"),
    [(5, 7, False), (3, 2, False), (3, 11, False), (3, 7, True)],
    ids=["too far", "too weak", "too strong", "just come"],
)
def test_whom_a_group_spares(
    gulls: MonsterGroup, time: Clock, cells: int, level: int, is_spared: bool
) -> None:
    hunted("Alice", gulls, cells, level=level, is_spared=is_spared)
    for _ in range(3):
        services.keep_hunts(gulls.instance)
        time.go(1)
    gulls.refresh_from_db()
    assert gulls.prey is None
    assert not attacks()


def test_the_grace_of_who_has_come_ends(gulls: MonsterGroup, time: Clock) -> None:
    alice = hunted("Alice", gulls, 3, is_spared=True)
    time.go(11)
    services.keep_hunts(gulls.instance)
    gulls.refresh_from_db()
    assert gulls.prey == alice


def test_who_fights_or_is_away_is_spared(gulls: MonsterGroup, time: Clock) -> None:
    alice, bob = hunted("Alice", gulls, 2), hunted("Bob", gulls, 3)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    live.redis().zrem("presence", str(bob))
    services.keep_hunts(gulls.instance)
    gulls.refresh_from_db()
    assert gulls.prey is None


def test_who_runs_away_is_followed_only_so_far(gulls: MonsterGroup, time: Clock) -> None:
    alice = hunted("Alice", gulls, 4)
    home = gulls.home
    services.keep_hunts(gulls.instance)
    cast.put(alice, gulls.zone, (2, 24))
    Vitality.objects.filter(pk=alice).update(spared_until=None)
    time.go(1)
    services.keep_hunts(gulls.instance)
    gulls.refresh_from_db()
    assert (gulls.prey, gulls.state, gulls.cell) == (None, "roaming", home)
    assert not attacks()


def test_fog_and_safe_places(gulls: MonsterGroup, time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.world import sky
    from apps.world.rules.sky import Weather

    monkeypatch.setattr(sky, "weather_of", lambda zone: Weather("moor_fog", 0, 4e12))
    alice = hunted("Alice", gulls, 4)
    services.keep_hunts(gulls.instance)
    gulls.refresh_from_db()
    assert gulls.prey is None
    cast.put(alice, cast.TOWN, cast.SQUARE)
    services.keep_hunts(f"{cast.TOWN}.1")
    assert not attacks()


def test_of_a_group_that_attacks_and_one_who_claims_it_one_wins(gulls: MonsterGroup, time: Clock) -> None:
    """Invariant 46: a group is in at most one battle, whoever began it."""
    prey = hunted("Alice", gulls, 1)
    others = [hunted(name, gulls, 1) for name in ("Bob", "Carla")]
    Vitality.objects.filter(pk__in=others).update(spared_until="2999-01-01T00:00Z")

    def attack(who: int) -> str:
        try:
            if who == prey:
                services.keep_hunts(gulls.instance)
            else:
                services.claim_group(character_id=who, group_id=gulls.pk)
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "went"

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(attack, [prey, *others]))
    gulls.refresh_from_db()
    assert gulls.state == "engaging"
    claims = outcomes[1:].count("went")
    assert claims + len(attacks()) == 1
    assert all(code in ("went", GroupBusyError.code) for code in outcomes)
    if attacks():
        assert gulls.engaged_by == prey


def test_a_group_whose_prey_is_gone_is_let_go(gulls: MonsterGroup, time: Clock) -> None:
    alice = hunted("Alice", gulls, 1)
    services.keep_hunts(gulls.instance)
    cast.put(alice, cast.TOWN, cast.SQUARE)
    assert services.group_that_attacked(character_id=alice, group_id=gulls.pk) is None
    gulls.refresh_from_db()
    assert (gulls.state, gulls.engaged_by) == ("roaming", None)
    assert services.group_that_attacked(character_id=alice, group_id=gulls.pk) is None
    assert facts.backlog() is not None
