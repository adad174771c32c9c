"""What a dungeon is worth is had once a week by each; who helps again fights for the company."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from aether.kernel.facts.types import BattleEnded
from apps.economy import services as economy
from apps.economy.models import Entry, LootReceipts
from apps.economy.selectors import amounts_of
from apps.world import services
from apps.world.models import DungeonLock, DungeonRun
from tests.world import delvers
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 11, 30, 4, tzinfo=UTC).timestamp()
COG = "wright_cog"


def oru(run: DungeonRun, *members: int, battle: int) -> BattleEnded:
    """Let members beat the boss and be paid."""
    DungeonRun.objects.filter(pk=run.pk).update(room=3)
    end = delvers.fight(run, "oru", *members, battle=battle)
    economy.pay_battle_loot(end)
    return end


def cogs(*members: int) -> list[int]:
    held = amounts_of(members, {COG})
    return [sum(held[who].values()) for who in members]


def test_everybody_has_the_loot_of_the_first_time() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    oru(delvers.go_in(ana, bo), ana, bo, battle=77)
    assert cogs(ana, bo) == [1, 1]
    assert set(DungeonLock.objects.values_list("character_id", "battle")) == {(ana, 77), (bo, 77)}


def test_who_helps_again_in_the_same_week_has_none_and_the_other_has() -> None:
    ana, bo = delvers.party("Alice", "Bastien")
    oru(delvers.go_in(ana), ana, battle=77)
    for who in (ana, bo):
        delvers.to_the_gate(who)
    oru(delvers.go_in(ana, bo), ana, bo, battle=78)
    assert cogs(ana, bo) == [1, 1]
    assert set(DungeonLock.objects.values_list("character_id", "battle")) == {(ana, 77), (bo, 78)}


def test_the_same_battle_paid_again_pays_nothing_more() -> None:
    (ana,) = delvers.party("Alice")
    end = oru(delvers.go_in(ana), ana, battle=77)
    entries = Entry.objects.count()
    economy.pay_battle_loot(end)
    assert (cogs(ana), Entry.objects.count()) == ([1], entries)


def test_of_two_battles_that_are_paid_at_once_one_gives_the_loot() -> None:
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    row = delvers.group(run, "oru")
    ends = [delvers.ended(run, row, {ana: "won"}, battle=battle) for battle in (80, 81)]

    def pay(end: BattleEnded) -> None:
        try:
            economy.pay_battle_loot(end)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pay, ends))
    assert cogs(ana) == [1]
    assert LootReceipts.objects.filter(character_id=ana).count() == 2


def test_in_the_next_week_it_is_had_again(time: Clock) -> None:
    time.now = MONDAY
    (ana,) = delvers.party("Alice")
    oru(delvers.go_in(ana), ana, battle=77)
    time.go(7 * 86_400)
    services.keep_dungeons()
    oru(delvers.go_in(ana), ana, battle=78)
    assert cogs(ana) == [2]


def test_a_battle_of_last_week_that_is_paid_late_takes_the_lock_of_last_week(time: Clock) -> None:
    time.now = MONDAY + 7 * 86_400 - 1
    (ana,) = delvers.party("Alice")
    run = delvers.go_in(ana)
    DungeonRun.objects.filter(pk=run.pk).update(room=3)
    end = delvers.fight(run, "oru", ana, battle=77)
    time.go(10)
    economy.pay_battle_loot(end)
    assert DungeonLock.objects.get().week == run.week


def test_other_monsters_of_a_dungeon_are_under_no_lock() -> None:
    (ana,) = delvers.party("Alice")
    end = delvers.fight(delvers.go_in(ana), "west_watch", ana)
    economy.pay_battle_loot(end)
    assert Entry.objects.filter(cause="battle:77").exists()
    assert not DungeonLock.objects.exists()


def test_a_lock_that_staff_has_lifted_is_no_more() -> None:
    (ana,) = delvers.party("Alice")
    oru(delvers.go_in(ana), ana, battle=77)
    gm = get_user_model().objects.create_user("gm", password="correct horse battery", is_staff=True)
    services.lift_lock(actor=gm, lock_id=DungeonLock.objects.get().pk, reason="lost to a fault")
    delvers.to_the_gate(ana)
    oru(delvers.go_in(ana), ana, battle=78)
    assert cogs(ana) == [2]
