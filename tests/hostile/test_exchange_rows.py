"""Hostile exchange: what is sent, traded and sold moves once, whoever pulls at it at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.protocol.auctions import OpenAuction
from aether.protocol.exchange import Goods, Portion, SendLetter
from aether.protocol.trade import TradeSeen
from apps.economy import auditing, mailbox, selectors, services
from apps.economy.errors import CapacityError, OwnCharacterError
from apps.economy.models import BALANCE_MAX, Auction, Trade
from apps.economy.services import shops, trading
from tests.economy.cast import all_at_once, character, deal, give, item_id, mint, stacks

racing = pytest.mark.django_db(transaction=True)
"""For tests with threads: each has a connection of its own."""


@pytest.fixture(autouse=True)
def _laws_hold(db: None) -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


def refusals(results: list[Any]) -> list[str]:
    """Return the codes of the refusals; anything else that was raised is a bug."""
    raised = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, GameError) for error in raised), raised
    return sorted(error.code for error in raised)


def sending(sender: int, to: str, goods: Goods, key: str, cod: int = 0) -> services.Sending:
    return services.Sending(
        character_id=sender,
        to=to,
        subject="Hello",
        body="",
        goods=goods,
        cod=cod,
        idempotency_key=f"{key}:{sender}",
    )


def taking(owner: int, letter: int, key: str, cod: int = 0) -> services.Taking:
    return services.Taking(
        character_id=owner, letter_id=letter, cod=cod, asset=None, idempotency_key=f"{key}:{owner}"
    )


@racing
def test_r01_one_item_is_sent_to_one_only() -> None:
    alice = character()
    names = ["Bob", "Carol", "Dora", "Edda"]
    others = [character(name) for name in names]
    give(alice, reed_hook=1)
    goods = Goods(items=[item_id(alice, "reed_hook")])
    works = [lambda n=name: services.send_letter(sending(alice, n, goods, n)) for name in names]
    assert refusals(all_at_once(*works)) == ["economy.not_held"] * 3
    assert sum(len(mailbox.mailbox(each).letters) for each in others) == 1


@racing
def test_r06_an_attachment_is_taken_once() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    letter = services.send_letter(sending(alice, "Bob", Goods(glim=50), "s"))
    works = [lambda k=str(n): services.take_attachments(taking(bob, letter, k)) for n in range(8)]
    assert refusals(all_at_once(*works)) == ["economy.nothing_attached"] * 7
    assert selectors.glim(bob) == 50


@racing
def test_r06_cod_is_paid_once() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=3)
    give(bob, glim=100)
    goods = Goods(stacks=[Portion(item="reed_fibre", count=3)])
    letter = services.send_letter(sending(alice, "Bob", goods, "s", cod=30))
    works = [lambda k=str(n): services.take_attachments(taking(bob, letter, k, cod=30)) for n in range(6)]
    assert refusals(all_at_once(*works)) == ["economy.cod_changed"] * 5
    assert (selectors.glim(alice), selectors.glim(bob), stacks(bob)) == (30, 70, {"reed_fibre": 3})


@racing
def test_r06_taken_while_it_goes_back_is_one_or_the_other() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    letter = services.send_letter(sending(alice, "Bob", Goods(glim=50), "s"))
    later = clock.now() + 31 * 86_400
    with clock.replaced(lambda: later):
        works = [lambda k=str(n): services.take_attachments(taking(bob, letter, k)) for n in range(3)]
        results = all_at_once(*works, services.sweep, services.sweep, services.sweep)
        assert set(refusals(results)) <= {"economy.no_letter", "economy.nothing_attached"}
        back = sum(each.attached for each in mailbox.mailbox(alice).letters)
    assert selectors.glim(bob) == (0 if back else 50)


@pytest.mark.parametrize("amount", [-1, 2**31 * 1000, 2**63, 1.5, "5", True, None])
def test_e01_a_letter_takes_no_number_that_is_none(amount: object) -> None:
    for field in ("cod", "goods"):
        value = amount if field == "cod" else {"glim": amount}
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"to": "Bob", "subject": "x", field: value}, SendLetter)


def agreed(alice: int, bob: int, hers: Goods, his: Goods) -> TradeSeen:
    """Return a trade that both have locked, and that may be confirmed."""
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    trade = services.offer_in_trade(step(alice, trade), hers)
    trade = services.offer_in_trade(step(bob, trade), his)
    for each in (alice, bob):
        trade = services.lock_trade(step(each, trade))
    Trade.objects.filter(pk=trade.id).update(confirm_from=clock.utc_now())
    return trade


def step(who: int, trade: TradeSeen) -> services.Step:
    return services.Step(character_id=who, trade_id=trade.id, rev=trade.rev)


@pytest.fixture
def _all_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "_meeting", [])


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_r01_one_item_in_a_trade_a_letter_and_on_the_body_is_in_one_place() -> None:
    alice, bob = character(), character("Bob")
    character("Carol")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    trade = agreed(alice, bob, Goods(items=[hook]), Goods())
    services.confirm_trade(step(alice, trade))
    letter = sending(alice, "Carol", Goods(items=[hook]), "s")
    works = [
        lambda: services.confirm_trade(step(bob, trade)),
        lambda: services.send_letter(letter),
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
    ]
    assert len(refusals(all_at_once(*works))) == 2


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_r02_confirming_while_the_other_swaps_exchanges_what_was_seen_or_nothing() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=10, reed_fibre=1)
    give(bob, glim=50)
    fibre = Goods(stacks=[Portion(item="reed_fibre", count=1)])
    trade = agreed(alice, bob, fibre, Goods(glim=50))
    services.confirm_trade(step(alice, trade))
    works = [
        lambda: services.confirm_trade(step(bob, trade)),
        lambda: services.offer_in_trade(step(alice, trade), Goods(glim=1)),
    ]
    refused = refusals(all_at_once(*works))
    assert refused in (["economy.trade_changed"], ["economy.no_trade"])
    moved = Trade.objects.get().state == "committed"
    assert (stacks(bob), selectors.glim(bob)) == (({"reed_fibre": 1}, 0) if moved else ({}, 50))


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_r03_cancelling_against_the_last_confirmation_has_one_end() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=10)
    trade = agreed(alice, bob, Goods(glim=10), Goods())
    services.confirm_trade(step(alice, trade))
    works = [
        *[lambda: services.confirm_trade(step(bob, trade))] * 3,
        *[lambda: services.cancel_trade(character_id=alice, trade_id=trade.id)] * 3,
    ]
    assert refusals(all_at_once(*works)) == ["economy.no_trade"] * 5
    is_done = Trade.objects.get().state == "committed"
    assert (selectors.glim(alice), selectors.glim(bob)) == ((0, 10) if is_done else (10, 0))


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_r12_many_trades_between_the_same_players_settle_without_a_deadlock() -> None:
    people = [character(name) for name in ("Alice", "Bob", "Carol", "Dora")]
    for each in people:
        give(each, glim=100)
    trades = [
        agreed(people[0], people[1], Goods(glim=10), Goods(glim=20)),
        agreed(people[3], people[2], Goods(glim=30), Goods(glim=5)),
    ]
    pairs = [(people[0], trades[0]), (people[1], trades[0]), (people[2], trades[1]), (people[3], trades[1])]
    works = [lambda who=who, trade=trade: services.confirm_trade(step(who, trade)) for who, trade in pairs]
    assert refusals(all_at_once(*works)) == []
    assert [selectors.glim(each) for each in people] == [110, 90, 125, 75]


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_r14_nobody_sits_in_two_trades() -> None:
    alice = character()
    others = [character(name) for name in ("Bob", "Carol", "Dora")]
    asked = [services.invite_to_trade(character_id=each, invitee_id=alice) for each in others]
    works = [lambda n=each.id: services.accept_trade(character_id=alice, trade_id=n) for each in asked]
    assert refusals(all_at_once(*works)) == ["economy.trading_already"] * 2


def auction_of(seller: int, buyout: int | None = None) -> int:
    listing = services.Listing(
        character_id=seller,
        item_id=item_id(seller, "reed_hook"),
        start_bid=10,
        buyout=buyout,
        hours=12,
        idempotency_key=f"a:{seller}",
    )
    return services.open_auction(listing).id


def bidding(who: int, auction: int, amount: int) -> services.Offer:
    key = f"b:{who}:{amount}"
    return services.Offer(character_id=who, auction_id=auction, amount=amount, idempotency_key=key)


@racing
def test_r04_many_bidders_and_a_buyout_end_in_one_sale_with_every_refund_once() -> None:
    alice = character()
    give(alice, glim=5, reed_hook=1)
    people = [character(name) for name in ("Bob", "Carol", "Dora", "Edda", "Finn", "Gale")]
    for each in people:
        give(each, glim=100)
    auction = auction_of(alice, buyout=60)
    works = [
        lambda who=who, amount=amount: services.bid_in_auction(bidding(who, auction, amount))
        for who, amount in zip(people, (10, 20, 30, 40, 60, 60), strict=True)
    ]
    assert set(refusals(all_at_once(*works))) <= {"economy.bid_too_low", "economy.no_auction"}
    assert Auction.objects.get().state == "sold"
    assert sorted(selectors.glim(each) for each in people) == [40, 100, 100, 100, 100, 100]


@racing
def test_r04_r05_bid_cancel_and_expiry_at_once_settle_once() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=5, reed_hook=1)
    give(bob, glim=100)
    auction = auction_of(alice)
    ends = Auction.objects.get().ends_at.timestamp()
    ticks = iter(range(10**6))
    with clock.replaced(lambda: ends - 0.004 + next(ticks) * 0.0005):
        works = [
            lambda: services.bid_in_auction(bidding(bob, auction, 50)),
            lambda: services.cancel_auction(character_id=alice, auction_id=auction),
            *[services.end_auctions] * 4,
        ]
        results = all_at_once(*works)
    assert set(refusals(results)) <= {"economy.no_auction", "economy.auction_bid_on"}
    row = Auction.objects.get()
    assert selectors.glim(bob) == (100 if row.bid is None else 50)
    hers = mailbox.mailbox(alice).letters
    assert len(hers) == (0 if row.state == "open" else 1)


@pytest.mark.parametrize("hours", [-1, 0, 1, 13, 10 * 365 * 24, "12", 12.5])
def test_e09_an_auction_lasts_as_long_as_there_are_deposits_for(hours: object) -> None:
    wanted = {"item": "0" * 36, "start_bid": 5, "hours": hours}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wanted, OpenAuction)


@racing
def test_r01_one_item_in_an_auction_a_letter_a_shop_and_on_the_body_is_in_one_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shops, "_presence", [])
    alice = character()
    character("Bob")
    give(alice, glim=5, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    letter = sending(alice, "Bob", Goods(items=[hook]), "s")
    works = [
        lambda: auction_of(alice),
        lambda: services.send_letter(letter),
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
        lambda: services.sell(deal(alice, hook, 15)),
    ]
    assert len([r for r in all_at_once(*works) if isinstance(r, Exception)]) == 3


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_e03_a_full_purse_refuses_a_trade_before_anything_moves() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=10)
    give(bob, reed_fibre=1)
    mint(bob, BALANCE_MAX, "rich")
    trade = agreed(alice, bob, Goods(glim=10), Goods(stacks=[Portion(item="reed_fibre", count=1)]))
    services.confirm_trade(step(alice, trade))
    with pytest.raises(CapacityError):
        services.confirm_trade(step(bob, trade))
    assert (selectors.glim(alice), stacks(bob)) == (10, {"reed_fibre": 1})


@racing
@pytest.mark.usefixtures("_all_stand_together")
def test_e08_a_trade_of_nothing_of_thirteen_things_or_of_one_thing_twice_is_refused() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=1, reed_hook=12)
    hooks = [each.id for each in selectors.inventory(alice).items]
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    codes = []
    for goods in (Goods(glim=1, items=hooks), Goods(items=hooks[:1] * 2)):
        with pytest.raises(GameError) as refusal:
            services.offer_in_trade(step(alice, trade), goods)
        codes.append(refusal.value.code)
    with pytest.raises(GameError) as refusal:
        services.lock_trade(step(alice, trade))
    assert [*codes, refusal.value.code] == ["economy.too_much", "economy.named_twice", "economy.trade_empty"]


def test_e07_nobody_exchanges_with_itself() -> None:
    alice = character()
    give(alice, glim=50, reed_hook=1)
    acts: list[Any] = [
        lambda: services.send_letter(sending(alice, "Alice", Goods(glim=1), "s")),
        lambda: services.invite_to_trade(character_id=alice, invitee_id=alice),
        lambda: services.bid_in_auction(bidding(alice, auction_of(alice), 10)),
    ]
    for act in acts:
        with pytest.raises(OwnCharacterError):
            act()
