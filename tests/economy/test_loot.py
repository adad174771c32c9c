"""Loot falls as often as its tables say, to winners only, once per battle."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aether.kernel import content, facts, rng
from aether.kernel.facts.types import BattleEnded, Participant, SlainMonster
from apps.economy import selectors, services
from apps.economy.definitions import LootEntry, LootTable
from apps.economy.models import PityCounter
from apps.economy.rules import loot as rules
from apps.economy.rules.dice import Dice
from apps.economy.rules.expectation import effective_chance, expected, expected_tries
from tests.economy.cast import character

THROWS = 4000
MONSTER_TABLES = ("lt_mud_skitter", "lt_reed_stalker", "lt_bog_lantern", "lt_peat_hulk", "lt_ash_gull")


def dice(seed: int = 1) -> Dice:
    return Dice(rng.stream(seed.to_bytes(32, "big"), "loot:1"))


def table(entries: list[dict[str, Any]], **more: Any) -> LootTable:
    return msgspec.convert({"id": "t", "mode": "all", "entries": entries} | more, LootTable)


def thrown(tables: dict[str, LootTable], name: str, throws: int, looter: rules.Looter) -> rules.Loot:
    found, run = rules.Loot(), dice()
    for _ in range(throws):
        rules.roll(name, tables, looter, run, found)
    return found


@pytest.mark.parametrize("name", [*MONSTER_TABLES, "lt_moor_common", "lt_reedmoor_chest", "lt_moor_gear"])
def test_the_rates_of_every_table_are_those_of_its_closed_form(name: str) -> None:
    tables = dict(content.current().all(LootTable))
    run, misses, fell = dice(), {}, []
    for _ in range(THROWS):
        found = rules.Loot()
        rules.roll(name, tables, rules.Looter(level=30, misses=misses), run, found)
        misses |= found.misses
        fell.append(found.items | {"glim": found.glim})
    for what, mean in expected(name, tables).items():
        amounts = [each.get(what, 0) for each in fell]
        error = 5 * statistics.pstdev(amounts) / math.sqrt(THROWS) + 0.002
        assert abs(statistics.fmean(amounts) - float(mean)) <= error, what


@pytest.mark.parametrize(
    ("percent", "n", "tries"), [("1", 100, 63.40), ("2", 60, 35.12), ("5", 30, 15.71), ("0.5", 200, 126.61)]
)
def test_pity_shortens_the_wait_by_the_known_amount(percent: str, n: int, tries: float) -> None:
    assert float(expected_tries(Fraction(percent) / 100, n)) == pytest.approx(tries, abs=0.005)


def test_the_nth_try_is_certain_and_resets_the_counter() -> None:
    tables = {"t": table([{"item": "bog_charm", "bp": 1, "pity": {"n": 4}}])}
    run, misses, falls = dice(), {}, []
    for _ in range(12):
        found = rules.Loot()
        rules.roll("t", tables, rules.Looter(level=1, misses=misses), run, found)
        misses |= found.misses
        falls.append(found.items.get("bog_charm", 0))
    assert falls == [0, 0, 0, 1] * 3


def test_effective_chance_counts_the_pity_in() -> None:
    entry = msgspec.convert({"item": "bog_charm", "bp": 100, "pity": {"n": 100}}, LootEntry)
    assert float(effective_chance(entry)) == pytest.approx(0.01577, abs=1e-5)


def test_luck_multiplies_lucky_entries_up_to_twice() -> None:
    lucky = msgspec.convert({"item": "lampfat", "bp": 3000, "lucky": True}, LootEntry)
    plain = msgspec.convert({"item": "lampfat", "bp": 3000}, LootEntry)
    assert [rules.chance_bp(lucky, luck) for luck in (-50, 0, 50, 100, 900)] == [3000, 3000, 4500, 6000, 6000]
    assert rules.chance_bp(plain, 100) == 3000


def test_a_condition_on_the_level_closes_an_entry() -> None:
    tables = {"t": table([{"item": "marsh_coat", "bp": 10000, "if": {"level": {">=": 3}}}])}
    assert thrown(tables, "t", 1, rules.Looter(level=2)).items == {}
    assert thrown(tables, "t", 1, rules.Looter(level=3)).items == {"marsh_coat": 1}


def test_the_same_key_throws_the_same_loot() -> None:
    tables = dict(content.current().all(LootTable))
    throws = [thrown(tables, "lt_peat_hulk", 20, rules.Looter(level=5)) for _ in range(2)]
    assert throws[0] == throws[1]


def ended(number: int, *parts: tuple[int, str], **changes: Any) -> BattleEnded:
    document: dict[str, Any] = {
        "battle": number,
        "mode": "pve",
        "zone": "reedmoor_flats",
        "instance": "reedmoor_flats.1",
        "group": None,
        "rounds": 3,
        "participants": tuple(
            Participant(character=who, outcome=outcome, xp=0, loot_key=f"{number:064x}")  # type: ignore[arg-type]
            for who, outcome in parts
        ),
        "slain": (SlainMonster(monster="mud_skitter", level=1, loot_table="lt_mud_skitter"),) * 3,
        "is_rewarded": True,
    }
    return BattleEnded(**document | changes)


SURE = (SlainMonster(monster="mud_skitter", level=1, loot_table="lt_reedmoor_chest"),)
"""Glim, a stack and a unique item, always."""


@pytest.mark.django_db
def test_winners_are_paid_and_losers_are_not() -> None:
    alice, bob = character(), character("Bob")
    services.pay_battle_loot(ended(7, (alice, "won"), (bob, "lost")))
    assert 9 <= selectors.glim(alice) <= 18
    assert selectors.glim(bob) == 0


@pytest.mark.django_db
def test_a_battle_is_paid_once_however_often_it_ends() -> None:
    alice = character()
    for _ in range(3):
        with transaction.atomic():
            facts.publish(ended(7, (alice, "won")))
    for _ in range(2):
        services.pay_battle_loot(ended(7, (alice, "won")))
    assert 9 <= selectors.glim(alice) <= 18


@pytest.mark.django_db
def test_faults_and_practice_pay_nothing() -> None:
    alice = character()
    services.pay_battle_loot(ended(7, (alice, "won"), is_rewarded=False))
    assert selectors.inventory(alice).glim == 0


@pytest.mark.django_db
def test_counters_of_pity_move_with_the_grant() -> None:
    alice = character()
    for number in range(1, 30):
        services.pay_battle_loot(ended(number, (alice, "won")))
        assert PityCounter.objects.get(character_id=alice, item="shellguard_cap").misses < 8
    assert selectors.count_of(alice, "shellguard_cap") >= 29 * 3 // 8


def queries(work: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.django_db
def test_a_group_is_paid_in_as_many_queries_as_one() -> None:
    everybody = [character(name) for name in ("Alice", "Bob", "Carol", "Dave", "Erin")]
    one, *group = everybody
    for number, parts in enumerate(([one], group), start=100):  # opens their accounts
        services.pay_battle_loot(ended(number, *((each, "won") for each in parts), slain=SURE))
    alone = queries(lambda: services.pay_battle_loot(ended(1, (one, "won"), slain=SURE)))
    together = queries(
        lambda: services.pay_battle_loot(ended(2, *((each, "won") for each in group), slain=SURE))
    )
    assert together == alone <= 11
