"""Invariants of trade, of the economic report and of pity, whatever people do and however dice fall."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock, rng
from aether.kernel.errors import GameError
from apps.economy import selectors, services, telemetry
from apps.economy.definitions import LootTable
from apps.economy.models import Trade
from apps.economy.rules.dice import Dice
from apps.economy.rules.expectation import expected_tries
from apps.economy.rules.loot import Loot, Looter, PityKey, roll
from apps.economy.services import shops, surroundings, trading
from tests.economy.cast import give
from tests.economy.everyday import Everyday
from tests.economy.test_exchange_properties import SMALL
from tests.economy.undoing import holdings
from tests.long_run import examples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody stands next to everything, and to everybody."""
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"workbench", "bank"}])
    monkeypatch.setattr(surroundings, "_peace_checks", [])
    monkeypatch.setattr(shops, "_presence", [])
    monkeypatch.setattr(trading, "_meeting", [])


TRADING = st.lists(
    st.tuples(
        st.sampled_from(
            ["invite", "accept", "offer", "lock", "lock", "confirm", "confirm", "cancel_trade", "wait_some"]
        ),
        st.integers(0, 1),
        SMALL,
        SMALL,
    ),
    min_size=10,
    max_size=40,
)
REPORTED = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("send", "take", "order", "cancel_order", "auction", "bid", "wait", "buy", "sell"),
                *("deposit", "discard", "craft", "finish_craft", "reward", "use"),
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 2),
        SMALL,
        SMALL,
    ),
    min_size=5,
    max_size=25,
)

property_of = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Bazaar(Everyday):
    def wait_some(self, who: int, other: int, a: int, b: int) -> None:
        self.now += (1, 3, 130)[a % 3]
        services.sweep()


def tried(act: Callable[..., None], *arguments: int) -> bool:
    """Tell if an act was done; a refusal changes nothing."""
    try:
        with transaction.atomic():
            act(*arguments)
    except GameError:
        return False
    return True


def moved_by(trade: Trade, before: dict[tuple[int, str, str], int]) -> dict[tuple[int, str], int]:
    """Return what people should have after a trade, by person and asset."""
    after: dict[tuple[int, str], int] = {}
    for (who, _bucket, asset), amount in before.items():
        after[who, asset] = after.get((who, asset), 0) + amount
    for giver in trade.sides:
        for asset, amount in trade.offer_of(giver).items():
            after[giver, asset] -= amount
            taker = trade.partner_of(giver)
            after[taker, asset] = after.get((taker, asset), 0) + amount
    return {key: amount for key, amount in after.items() if amount}


@property_of
@given(TRADING)
def test_a_trade_moves_what_both_confirmed_at_one_revision_or_nothing(
    acts: list[tuple[str, int, int, int]],
) -> None:
    """27."""
    with transaction.atomic():
        world = Bazaar()
        people = world.people[:2]
        for each in people:
            give(each, glim=60, reed_fibre=20, reed_hook=2)
        with clock.replaced(lambda: world.now):
            confirmed: set[tuple[int, int, int]] = set()
            for name, who, a, b in acts:
                actor, other = people[who], people[1 - who]
                before, seen = holdings(), world.step(actor)
                if not tried(getattr(world, name), actor, other, a, b):
                    assert holdings() == before
                    continue
                if name == "confirm" and seen is not None:
                    confirmed.add((actor, seen.trade_id, seen.rev))
                _trade_has_moved(name, seen, before, confirmed)
        transaction.set_rollback(True)


def _trade_has_moved(
    name: str,
    seen: services.Step | None,
    before: dict[tuple[int, str, str], int],
    confirmed: set[tuple[int, int, int]],
) -> None:
    trade = Trade.objects.get(pk=seen.trade_id) if name == "confirm" and seen else None
    if trade is None or trade.state != Trade.State.COMMITTED:
        assert holdings() == before
        return
    assert {(who, trade.pk, trade.rev) for who in trade.sides} <= confirmed
    found: dict[tuple[int, str], int] = {}
    for (who, _bucket, asset), amount in holdings().items():
        found[who, asset] = found.get((who, asset), 0) + amount
    assert found == moved_by(trade, before)


@property_of
@given(REPORTED, st.integers(0, 24))
def test_supply_changes_by_what_faucets_gave_less_what_sinks_took(
    acts: list[tuple[str, int, int, int, int]], between: int
) -> None:
    """34: between any two moments, for glim, stacks and unique items."""
    with transaction.atomic():
        world = Bazaar()
        midnight = math.ceil(world.now / 86_400) * 86_400
        supplies: list[dict[str, int]] = []
        moments: list[float] = []
        world.now = midnight + 10
        with clock.replaced(lambda: world.now):
            for each in world.people:
                give(each, glim=200, reed_fibre=20, iron_link=20, reed_hook=2)
            for number, (name, who, other, a, b) in enumerate(acts):
                if number == between % len(acts):
                    # Reports are of days: the next one begins.
                    world.now = (world.now // 86_400 + 1) * 86_400
                    moments.append(world.now)
                    supplies.append(_supply())
                    world.now += 1
                tried(getattr(world, name), world.people[who], world.people[other], a, b)
            world.now = (world.now // 86_400 + 1) * 86_400
            moments.append(world.now)
            supplies.append(_supply())
            for asset in {*supplies[0], *supplies[1]}:
                since, until = (datetime.fromtimestamp(each, UTC) for each in moments)
                net = sum(day.net for day in telemetry.daily(asset, since, until))
                assert supplies[1].get(asset, 0) - supplies[0].get(asset, 0) == net, asset
            told = telemetry.supply(clock.utc_now())
            for asset in ("glim", "reed_fibre", "iron_link"):
                assert told.get(asset, 0) == supplies[1].get(asset, 0)
        transaction.set_rollback(True)


def _supply() -> dict[str, int]:
    """Return what characters have together by item, counted from what each holds."""
    total: dict[str, int] = {}
    kinds = selectors.instances_by_asset({asset for _, _, asset in holdings()})
    for (who, _bucket, asset), amount in holdings().items():
        if who:
            item = kinds[asset].definition if asset in kinds else asset
            total[item] = total.get(item, 0) + amount
    return total


@settings(max_examples=examples(40), deadline=None)
@given(
    bp=st.integers(1, 5_000),
    n=st.integers(2, 60),
    luck=st.integers(0, 100),
    seed=st.binary(min_size=16, max_size=32),
)
def test_pity_bounds_every_gap_and_its_counter_ends_only_with_the_drop(
    bp: int, n: int, luck: int, seed: bytes
) -> None:
    """36: the counter is the number of tries since the last drop, and never reaches n."""
    entry = {"item": "bog_charm", "bp": bp, "pity": {"n": n}, "lucky": True}
    tables = {"t": msgspec.convert({"id": "t", "mode": "all", "entries": [entry]}, LootTable)}
    dice, gap, gaps = _dice(seed), 0, list[int]()
    misses: dict[PityKey, int] = {}
    for _ in range(400):
        loot = Loot()
        roll("t", tables, Looter(level=1, luck_pct=luck, misses=misses), dice, loot)
        gap += 1
        has_fallen = loot.items == {"bog_charm": 1}
        misses = loot.misses
        assert misses == {("t", "bog_charm"): 0 if has_fallen else gap}
        assert gap <= n
        if has_fallen:
            gaps.append(gap)
            gap = 0
    assert gaps


@settings(max_examples=examples(10, most=60), deadline=None)
@given(bp=st.integers(200, 3_000), n=st.integers(2, 40), seed=st.binary(min_size=16, max_size=32))
def test_the_mean_of_the_tries_is_that_of_the_formula(bp: int, n: int, seed: bytes) -> None:
    """36: within six standard errors of (1 − (1 − p)^n) / p."""
    entry = {"item": "bog_charm", "bp": bp, "pity": {"n": n}}
    tables = {"t": msgspec.convert({"id": "t", "mode": "all", "entries": [entry]}, LootTable)}
    dice, gap, gaps = _dice(seed), 0, list[int]()
    misses: dict[PityKey, int] = {}
    while len(gaps) < 600:
        loot = Loot()
        roll("t", tables, Looter(level=1, misses=misses), dice, loot)
        misses, gap = loot.misses, gap + 1
        if loot.items:
            gaps.append(gap)
            gap = 0
    expected = float(expected_tries(Fraction(bp, 10_000), n))
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((each - mean) ** 2 for each in gaps) / len(gaps))
    assert abs(mean - expected) <= 6 * spread / math.sqrt(len(gaps)) + 1e-9


def _dice(seed: bytes) -> Dice:
    return Dice(rng.stream(seed.ljust(32, b"\0"), "loot:test"))
