"""Gathering takes its time, is ended by the server, and gives each charge to one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connections

from aether.kernel.content import LocalText
from apps.economy import making_selectors as making
from apps.economy import selectors as economy
from apps.economy.making_errors import SkillTooLowError
from apps.economy.models import GatherTally, Line
from apps.world import ground, node_selectors, services, sky
from apps.world.almanac import WeatherDef
from apps.world.errors import AlreadyGatheringError, NodeSpentError, TooFarError
from apps.world.models import Gathering, WorldObject
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

INSTANCE = "reedmoor_flats.1"
REEDS = "reeds_1"


def beside_the_reeds(name: str = "Alice") -> int:
    who = cast.character(name)
    (node,) = (each for each in ground.map_of(cast.MOOR).nodes if each.id == REEDS)
    cast.put(who, cast.MOOR, (node.cell[0], node.cell[1] + 1))
    return who


def test_rain_feeds_what_grows(time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    downpour = WeatherDef(id="rain", name=LocalText(en="Rain", fr="Pluie"), look="rain", yield_pct=300)
    monkeypatch.setattr(sky, "weather_effects", lambda zone: downpour)
    alice = beside_the_reeds()
    services.begin_gathering(character_id=alice, node_id=REEDS)
    finish(time)
    assert economy.count_of(alice, "reed_fibre") in (3, 6, 9)


def finish(time: Clock, seconds: float = 4) -> int:
    time.go(seconds)
    return services.finish_gatherings(INSTANCE, Random(1))


def charges() -> int:
    (node,) = (each for each in node_selectors.nodes_seen(INSTANCE) if each.id == REEDS)
    return node.charges


def test_work_pays_when_its_time_is_over(time: Clock) -> None:
    alice = beside_the_reeds()
    services.begin_gathering(character_id=alice, node_id=REEDS)
    assert finish(time, 2) == 0
    assert finish(time, 2) == 1
    assert 1 <= economy.count_of(alice, "reed_fibre") <= 4
    assert (charges(), making.skill(alice, "reaper").xp, making.gathered_today(alice)) == (2, 12, 1)


def test_who_walks_away_has_nothing(time: Clock) -> None:
    alice = beside_the_reeds()
    services.begin_gathering(character_id=alice, node_id=REEDS)
    cast.put(alice, cast.MOOR, (2, 24))
    finish(time)
    assert (economy.count_of(alice, "reed_fibre"), charges()) == (0, 3)
    assert not Gathering.objects.exists()


def test_a_spent_node_comes_back(time: Clock) -> None:
    alice = beside_the_reeds()
    for _ in range(3):
        services.begin_gathering(character_id=alice, node_id=REEDS)
        finish(time)
    assert charges() == 0
    with pytest.raises(NodeSpentError):
        services.begin_gathering(character_id=alice, node_id=REEDS)
    time.go(121)
    assert charges() == 3


def test_what_may_not_be_gathered_is_refused(time: Clock) -> None:
    alice = beside_the_reeds()
    with pytest.raises(TooFarError):
        services.begin_gathering(character_id=alice, node_id="reeds_2")
    services.begin_gathering(character_id=alice, node_id=REEDS)
    with pytest.raises(AlreadyGatheringError):
        services.begin_gathering(character_id=alice, node_id=REEDS)
    services.stop_gathering(character_id=alice)
    (brine,) = (each for each in ground.map_of(cast.MOOR).nodes if each.id == "brine_3")
    cast.put(alice, cast.MOOR, (brine.cell[0], brine.cell[1] - 1))
    with pytest.raises(SkillTooLowError):
        services.begin_gathering(character_id=alice, node_id="brine_3")


def test_after_the_soft_cap_of_a_day_the_yield_halves(time: Clock) -> None:
    alice = beside_the_reeds()
    GatherTally.objects.create(character_id=alice, day=making.today(), gathered=200)
    for _ in range(12):
        services.begin_gathering(character_id=alice, node_id=REEDS)
        finish(time)
        time.go(121)
    # Twelve times 1 to 3 is 24 on average, and never more than half of 36 and the halves of one.
    assert economy.count_of(alice, "reed_fibre") <= 24
    time.go(24 * 3600)
    assert making.gathered_today(alice) == 0


@pytest.mark.parametrize("people", [2, 8])
def test_the_last_charge_goes_to_one(time: Clock, people: int) -> None:
    """48: as many finishers as charges, and never fewer charges than none."""
    everybody = [beside_the_reeds(f"Reap{'abcdefgh'[n]}") for n in range(people)]
    for who in everybody:
        services.begin_gathering(character_id=who, node_id=REEDS)
    reeds = {"instance": INSTANCE, "zone": cast.MOOR, "object_id": REEDS, "definition": "reed_bed"}
    WorldObject.objects.create(**reeds, is_node=True, state="1")
    time.go(5)

    def run(_: int) -> int:
        try:
            return services.finish_gatherings(INSTANCE, Random(1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(run, range(people)))
    services.finish_gatherings(INSTANCE, Random(1))
    assert charges() == 0
    assert Line.objects.filter(asset="reed_fibre", amount__gt=0).count() == 1
    assert not Gathering.objects.exists()
