"""Two players exchange exactly what both have locked and confirmed, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from aether.kernel import clock, realtime
from aether.protocol.exchange import Goods, Portion
from aether.protocol.trade import TradeSeen
from apps.economy import auditing, selectors, services, trades
from apps.economy.errors import (
    BoundItemError,
    CapacityError,
    EmptyTradeError,
    InsufficientError,
    NotHeldError,
    NotLockedError,
    NoTradeError,
    NotTogetherError,
    OwnCharacterError,
    SwitchedOffError,
    TooSoonError,
    TradeChangedError,
    TradingAlreadyError,
    WornItemError,
)
from apps.economy.models import FeatureSwitch, Trade, TradeSeat
from apps.economy.services import surroundings, trading
from apps.economy.services.minting import BAG_INSTANCES_MAX
from tests.economy.cast import character, give, item_id, stacks

pytestmark = pytest.mark.django_db


class Watch:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = clock.now()

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def watch() -> Iterator[Watch]:
    turned = Watch()
    with clock.replaced(lambda: turned.now):
        yield turned


@pytest.fixture(autouse=True)
def _laws_hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(trading, "_meeting", [])
    yield
    assert auditing.audit_ledger() == []


def expect_refusal(act: Any, *arguments: Any, error: type[Exception], **named: Any) -> None:
    with pytest.raises(error), transaction.atomic():
        act(*arguments, **named)


def step(who: int, trade: TradeSeen) -> services.Step:
    return services.Step(character_id=who, trade_id=trade.id, rev=trade.rev)


def begun(alice: int, bob: int) -> TradeSeen:
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    return services.accept_trade(character_id=bob, trade_id=trade.id)


def offered(who: int, trade: TradeSeen, **goods: Any) -> TradeSeen:
    return services.offer_in_trade(step(who, trade), Goods(**goods))


def locked(trade: TradeSeen, *who: int) -> TradeSeen:
    for each in who:
        trade = services.lock_trade(step(each, trade))
    return trade


def both(n: int = 1) -> tuple[int, int]:
    alice, bob = character(), character("Bob")
    give(alice, glim=100, reed_fibre=5, reed_hook=n)
    give(bob, glim=50)
    return alice, bob


def test_a_trade_exchanges_what_both_confirmed(watch: Watch) -> None:
    alice, bob = both()
    hook = item_id(alice, "reed_hook")
    trade = begun(alice, bob)
    trade = offered(alice, trade, items=[hook], stacks=[Portion(item="reed_fibre", count=2)])
    trade = locked(offered(bob, trade, glim=40), alice, bob)
    assert trade.state == "locked"
    watch.pass_s(2)
    assert services.confirm_trade(step(alice, trade)).state == "confirming"
    assert services.confirm_trade(step(bob, trade)).state == "committed"
    assert (selectors.glim(alice), stacks(alice), selectors.inventory(alice).items) == (
        140,
        {"reed_fibre": 3},
        [],
    )
    assert (selectors.glim(bob), stacks(bob), item_id(bob, "reed_hook")) == (10, {"reed_fibre": 2}, hook)
    assert not TradeSeat.objects.exists()


def test_nothing_is_set_aside_while_a_trade_is_open() -> None:
    alice, bob = both()
    offered(alice, begun(alice, bob), glim=100)
    assert selectors.glim(alice) == 100


def test_an_invitation_waits_for_an_answer() -> None:
    alice, bob = both()
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    seen = trades.current_trade(bob).trade
    assert seen is not None
    assert (seen.id, seen.partner_name, seen.state, seen.is_inviter) == (trade.id, "Alice", "invited", False)
    expect_refusal(services.accept_trade, character_id=alice, trade_id=trade.id, error=NoTradeError)
    expect_refusal(services.offer_in_trade, step(alice, trade), Goods(glim=1), error=NoTradeError)
    assert services.cancel_trade(character_id=bob, trade_id=trade.id).state == "cancelled"
    assert trades.current_trade(alice).trade is None


def test_any_change_voids_locks_and_confirmations_and_shows_what_changed(watch: Watch) -> None:
    alice, bob = both()
    hook = item_id(alice, "reed_hook")
    trade = locked(offered(alice, begun(alice, bob), items=[hook]), alice, bob)
    watch.pass_s(2)
    services.confirm_trade(step(bob, trade))
    swapped = offered(alice, trade, stacks=[Portion(item="reed_fibre", count=1)])
    assert (swapped.state, swapped.rev) == ("open", trade.rev + 1)
    expect_refusal(services.confirm_trade, step(bob, trade), error=TradeChangedError)
    expect_refusal(services.confirm_trade, step(bob, swapped), error=NotLockedError)
    seen = trades.current_trade(bob).trade
    assert seen is not None
    assert [seen.mine.is_locked, seen.mine.is_confirmed, seen.theirs.is_locked] == [False] * 3
    changes = [(each.is_mine, each.item, each.before, each.after) for each in seen.changes]
    assert sorted(changes) == [(False, "reed_fibre", 0, 1), (False, "reed_hook", 1, 0)]


def test_for_two_seconds_after_a_lock_nobody_can_confirm(watch: Watch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=1), alice)
    watch.pass_s(5)
    trade = locked(trade, bob)
    watch.pass_s(1.9)
    expect_refusal(services.confirm_trade, step(alice, trade), error=TooSoonError)
    watch.pass_s(0.2)
    assert services.confirm_trade(step(alice, trade)).state == "confirming"


def test_one_lock_is_not_enough(watch: Watch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=1), alice)
    watch.pass_s(3)
    expect_refusal(services.confirm_trade, step(bob, trade), error=NotLockedError)
    expect_refusal(services.confirm_trade, step(alice, trade), error=NotLockedError)


def test_two_minutes_without_anything_end_a_trade(watch: Watch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=60), alice, bob)
    watch.pass_s(119)
    assert services.sweep() == 0
    watch.pass_s(2)
    expect_refusal(services.confirm_trade, step(alice, trade), error=NoTradeError)
    assert services.sweep() == 1
    assert (Trade.objects.get().state, selectors.glim(alice)) == ("expired", 100)
    begun(alice, bob)


def test_what_is_gone_by_then_is_not_exchanged(watch: Watch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=60), alice, bob)
    services.take(character_id=alice, cause="test:1", idempotency_key="spent", glim=50)
    watch.pass_s(2)
    services.confirm_trade(step(bob, trade))
    expect_refusal(services.confirm_trade, step(alice, trade), error=InsufficientError)
    assert (selectors.glim(alice), selectors.glim(bob)) == (50, 50)
    assert Trade.objects.get().state == "confirming"


def test_a_worn_item_leaves_no_trade(watch: Watch) -> None:
    alice, bob = both()
    hook = item_id(alice, "reed_hook")
    trade = locked(offered(alice, begun(alice, bob), items=[hook]), alice, bob)
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    watch.pass_s(2)
    services.confirm_trade(step(bob, trade))
    expect_refusal(services.confirm_trade, step(alice, trade), error=WornItemError)
    assert selectors.inventory(bob).items == []


def test_a_full_bag_takes_only_as_much_as_it_gives(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "CARRIES_AT_LEAST", 10_000)
    alice, bob = both(2)
    give(bob, reed_hook=BAG_INSTANCES_MAX)
    hooks = [each.id for each in selectors.inventory(alice).items]
    his = item_id(bob, "reed_hook")
    trade = locked(offered(alice, begun(alice, bob), items=hooks), alice, bob)
    watch.pass_s(2)
    services.confirm_trade(step(alice, trade))
    expect_refusal(services.confirm_trade, step(bob, trade), error=CapacityError)
    trade = offered(alice, trade, items=hooks[:1])
    trade = locked(offered(bob, trade, items=[his]), alice, bob)
    watch.pass_s(2)
    services.confirm_trade(step(alice, trade))
    assert services.confirm_trade(step(bob, trade)).state == "committed"


def test_bound_and_foreign_things_cannot_be_offered() -> None:
    alice, bob = both()
    give(alice, key="licence", moor_licence=1)
    give(bob, key="hook", reed_hook=1)
    trade = begun(alice, bob)
    licence = [Portion(item="moor_licence", count=1)]
    expect_refusal(services.offer_in_trade, step(alice, trade), Goods(stacks=licence), error=BoundItemError)
    his = item_id(bob, "reed_hook")
    expect_refusal(services.offer_in_trade, step(alice, trade), Goods(items=[his]), error=NotHeldError)
    expect_refusal(services.offer_in_trade, step(alice, trade), Goods(glim=101), error=InsufficientError)
    expect_refusal(services.lock_trade, step(alice, trade), error=EmptyTradeError)


def test_one_trade_at_a_time_with_somebody_else_in_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = both()
    carol = character("Carol")
    begun(alice, bob)
    expect_refusal(services.invite_to_trade, character_id=alice, invitee_id=carol, error=TradingAlreadyError)
    asked = services.invite_to_trade(character_id=carol, invitee_id=bob)
    expect_refusal(services.accept_trade, character_id=bob, trade_id=asked.id, error=TradingAlreadyError)
    expect_refusal(services.invite_to_trade, character_id=alice, invitee_id=alice, error=OwnCharacterError)
    monkeypatch.setattr(trading, "_meeting", [lambda one, other: False])
    expect_refusal(services.invite_to_trade, character_id=carol, invitee_id=bob, error=NotTogetherError)


def test_who_has_walked_away_does_not_exchange(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=60), alice, bob)
    watch.pass_s(2)
    services.confirm_trade(step(alice, trade))
    monkeypatch.setattr(trading, "_meeting", [lambda one, other: False])
    expect_refusal(services.confirm_trade, step(bob, trade), error=NotTogetherError)
    assert selectors.glim(alice) == 100


def test_the_trade_of_others_is_not_there() -> None:
    alice, bob = both()
    carol = character("Carol")
    trade = begun(alice, bob)
    expect_refusal(services.offer_in_trade, step(carol, trade), Goods(), error=NoTradeError)
    expect_refusal(services.cancel_trade, character_id=carol, trade_id=trade.id, error=NoTradeError)


def test_who_is_not_heard_asks_in_vain_until_it_lapses(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = both()
    told: list[int] = []
    monkeypatch.setattr(realtime, "tell_characters", lambda updates: told.extend(who for who, _ in updates))
    monkeypatch.setattr(surroundings, "_listening", [lambda who, other: (who, other) != (bob, alice)])
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    assert trade.state == "invited"
    assert trades.current_trade(bob).trade is None
    for act in (services.accept_trade, services.cancel_trade):
        expect_refusal(act, character_id=bob, trade_id=trade.id, error=NoTradeError)
    watch.pass_s(121)
    assert services.expire_trades() == 1
    assert set(told) == {alice}
    assert services.invite_to_trade(character_id=bob, invitee_id=alice).state == "invited"


def test_what_both_offer_is_estimated_where_there_is_a_price() -> None:
    alice, bob = both()
    give(alice, key="tonic", marsh_tonic=2)
    trade = offered(alice, begun(alice, bob), stacks=[Portion(item="marsh_tonic", count=2)], glim=1)
    assert (trade.mine.worth, trade.theirs.worth) == (25, 0)


def test_stopping_trade_stops_one_that_goes_on(watch: Watch) -> None:
    alice, bob = both()
    trade = locked(offered(alice, begun(alice, bob), glim=60), alice, bob)
    watch.pass_s(2)
    services.confirm_trade(step(alice, trade))
    FeatureSwitch.objects.update_or_create(feature="trade", defaults={"is_on": False})
    expect_refusal(services.confirm_trade, step(bob, trade), error=SwitchedOffError)
    assert services.cancel_trade(character_id=bob, trade_id=trade.id).state == "cancelled"
    assert selectors.glim(alice) == 100


def test_what_both_offer_each_must_still_have(watch: Watch) -> None:
    alice, bob = character("Alice"), character("Bob")
    give(alice, reed_fibre=5)
    give(bob, reed_fibre=5)
    trade = offered(alice, begun(alice, bob), stacks=[Portion(item="reed_fibre", count=4)])
    trade = offered(bob, trade, stacks=[Portion(item="reed_fibre", count=5)])
    for who in (alice, bob):
        trade = services.lock_trade(step(who, trade))
    watch.pass_s(3)
    services.take(character_id=alice, cause="quest:x", idempotency_key="q", items={"reed_fibre": 5})
    services.confirm_trade(step(alice, trade))
    expect_refusal(services.confirm_trade, step(bob, trade), error=InsufficientError)
    assert (stacks(alice), stacks(bob)) == ({}, {"reed_fibre": 5})


def test_the_same_for_the_same_is_a_trade_in_which_nothing_moves(watch: Watch) -> None:
    alice, bob = character("Alice"), character("Bob")
    trade = begun(alice, bob)
    for who in (alice, bob):
        give(who, reed_fibre=5)
        trade = offered(who, trade, stacks=[Portion(item="reed_fibre", count=5)])
    for who in (alice, bob):
        trade = services.lock_trade(step(who, trade))
    watch.pass_s(3)
    for who in (alice, bob):
        trade = services.confirm_trade(step(who, trade))
    assert (trade.state, stacks(alice), stacks(bob)) == ("committed", {"reed_fibre": 5}, {"reed_fibre": 5})


def test_a_trade_of_an_older_version_is_with_who_bears_the_name_now() -> None:
    alice, bob = both()
    trade = begun(alice, bob)
    Trade.objects.filter(pk=trade.id).update(names={})
    seen = [trades.current_trade(each).trade for each in (alice, bob)]
    assert [each.partner_name for each in seen if each] == ["Bob", "Alice"]
    assert locked(offered(alice, trade, glim=1), alice).partner_name == "Bob"
