"""A frozen character deals with nobody; what comes to it arrives, and what it had open is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from aether.kernel import realtime
from aether.kernel.models import JournalLine
from aether.protocol.accounts import NoticeReceived
from aether.protocol.exchange import Goods
from apps.accounts.models import Account as Login
from apps.economy import auditing, selectors, services, trades
from apps.economy.errors import FrozenError, FrozenPartnerError
from apps.economy.models import Auction, Fill, Freeze, Order
from apps.economy.services import luggage, shops, surroundings, trading
from apps.economy.services.freezing import lock_dealers
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import all_at_once, character, deal, give, stacks
from tests.economy.test_auctions import bid, list_one
from tests.economy.test_mail import send, take
from tests.economy.test_market import place
from tests.economy.test_trading import Watch, begun, expect_refusal, locked, offered, step, watch
from tests.economy.undoing import staff

pytestmark = pytest.mark.django_db
__all__ = ["watch"]


@pytest.fixture(autouse=True)
def _near_everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(trading, "_meeting", [])
    monkeypatch.setattr(shops, "_presence", [])
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"bank"}])
    monkeypatch.setattr(surroundings, "_peace_checks", [])
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def both() -> tuple[int, int]:
    alice, bob = character(), character("Bob")
    give(alice, glim=500, reed_fibre=9, reed_hook=2)
    give(bob, glim=500, reed_fibre=9, reed_hook=1)
    return alice, bob


def freeze(who: int) -> None:
    services.freeze_dealings(actor=staff("gwen"), character_id=who, reason="sold for money")


def thaw(who: int) -> None:
    services.thaw_dealings(actor=staff("gwen"), character_id=who, reason="it was a mistake")


Dealing = Callable[[int, int], Any]
DEALINGS: dict[str, Dealing] = {
    "trade": lambda who, other: services.invite_to_trade(character_id=who, invitee_id=other),
    "letter": lambda who, other: send(who, goods=Goods(glim=1)),
    "order": lambda who, other: place(who, "sell", 5, 1),
    "auction": lambda who, other: list_one(who, start=5),
    "purchase": lambda who, other: services.buy(deal(who, "marsh_tonic", 12)),
    "sale": lambda who, other: services.sell(deal(who, "reed_fibre", 2)),
    "deposit": lambda who, other: services.deposit(
        character_id=who, item="glim", count=1, idempotency_key="d"
    ),
    "withdrawal": lambda who, other: services.withdraw(
        character_id=who, item="glim", count=1, idempotency_key="w"
    ),
    "discard": lambda who, other: services.discard(
        character_id=who, item="reed_fibre", count=1, idempotency_key="x"
    ),
    "craft": lambda who, other: services.craft(
        character_id=who, recipe_id="r_marsh_tonic", count=1, idempotency_key="c"
    ),
    "guild": lambda who, other: services.pay_for_guild(who, 5, "guild:1"),
}


@pytest.mark.parametrize("name", DEALINGS)
def test_a_frozen_character_is_refused(both: tuple[int, int], name: str) -> None:
    freeze(both[0])
    expect_refusal(DEALINGS[name], *both, error=FrozenError)
    assert (selectors.glim(both[0]), stacks(both[0])) == (500, {"reed_fibre": 9})


@pytest.mark.parametrize("name", sorted({*DEALINGS} - {"withdrawal", "craft"}))
def test_it_deals_again_when_it_is_let(both: tuple[int, int], name: str) -> None:
    freeze(both[0])
    thaw(both[0])
    DEALINGS[name](*both)
    assert not Freeze.objects.get().is_frozen


def test_the_player_is_told_why_it_is_frozen_and_not_why_it_is_let_go(
    both: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[NoticeReceived] = []
    monkeypatch.setattr(realtime, "tell_character", lambda _, notice: told.append(notice))
    freeze(both[0])
    thaw(both[0])
    assert [(each.key, each.values) for each in told] == [
        ("frozen", {"reason": "sold for money"}),
        ("thawed", {}),
    ]


def test_nobody_begins_a_trade_with_it_nor_pays_its_letters(both: tuple[int, int]) -> None:
    alice, bob = both
    letter = send(bob, "Alice", goods=Goods(glim=1), cod=5)
    freeze(alice)
    expect_refusal(services.invite_to_trade, character_id=bob, invitee_id=alice, error=FrozenPartnerError)
    expect_refusal(take, alice, letter, cod=5, error=FrozenError)


def test_what_comes_to_it_arrives(both: tuple[int, int]) -> None:
    alice, bob = both
    freeze(alice)
    take(alice, send(bob, "Alice", goods=Goods(glim=7)))
    give(alice, glim=3, key="loot")
    assert selectors.glim(alice) == 510


def test_what_it_had_open_is_taken_back(both: tuple[int, int]) -> None:
    alice, bob = both
    place(alice, "sell", 50, 3)
    place(alice, "buy", 1, 3)
    auction = list_one(alice, start=5)
    bid(bob, auction, 5)
    trade = begun(alice, bob)
    freeze(alice)
    services.sweep()
    assert not Order.objects.filter(state="open").exists()
    assert Auction.objects.get().state == "cancelled"
    assert trades.current_trade(bob).trade is None
    assert trade.state == "open"
    assert selectors.glim(bob) == 500
    assert stacks(alice) == {"reed_fibre": 9}


def test_nothing_of_it_is_filled_once_it_is_frozen(both: tuple[int, int]) -> None:
    alice, bob = both
    place(alice, "sell", 5, 3)
    place(alice, "buy", 2, 3)
    freeze(alice)
    place(bob, "buy", 5, 3)
    place(bob, "sell", 2, 3)
    assert not Fill.objects.exists()
    assert stacks(alice) == {"reed_fibre": 9}
    assert selectors.glim(alice) == 499, "the fee of the offer is not given back"
    thaw(alice)
    place(alice, "sell", 5, 3)
    assert Fill.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_purchase_and_a_freeze_at_the_same_moment_are_one_after_the_other() -> None:
    alice, bob, cleo = character(), character("Bob"), character("Cleo")
    for who in (alice, bob, cleo):
        give(who, glim=500, reed_fibre=20, iron_link=20)
    for n in range(3):
        place(alice, "sell", 5 + n, 2)
        place(alice, "buy", 1, 1)
    gwen: Login = staff("gwen")
    results = all_at_once(
        lambda: place(bob, "buy", 9, 6),
        lambda: services.freeze_dealings(actor=gwen, character_id=alice, reason="now"),
        lambda: place(cleo, "sell", 1, 3),
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    assert not Order.objects.filter(character_id=alice, state="open").exists()


def test_a_bid_of_it_stands(both: tuple[int, int]) -> None:
    alice, bob = both
    auction = list_one(bob, start=5)
    bid(alice, auction, 50)
    freeze(alice)
    services.sweep()
    assert (Auction.objects.get().state, selectors.glim(alice)) == ("open", 450)


def test_what_both_had_confirmed_is_not_exchanged(both: tuple[int, int], watch: Watch) -> None:
    alice, bob = both
    trade = locked(offered(alice, begun(alice, bob), glim=60), alice, bob)
    watch.pass_s(3)
    services.confirm_trade(step(alice, trade))
    freeze(alice)
    expect_refusal(services.confirm_trade, step(bob, trade), error=FrozenPartnerError)
    assert selectors.glim(bob) == 500


def test_it_does_not_leave_for_another_shard(both: tuple[int, int]) -> None:
    freeze(both[0])
    assert [each.code for each in luggage.blockers(both[0], 0)] == ["frozen"]


@pytest.mark.django_db(transaction=True)
def test_who_is_being_frozen_does_not_leave_meanwhile() -> None:
    alice = character()

    def look() -> list[object]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 50")
            return list(luggage.blockers(alice, 0))

    with transaction.atomic():
        services.freeze_dealings(actor=staff("gwen"), character_id=alice, reason="now")
        (seen,) = all_at_once(look)
    assert isinstance(seen, OperationalError), "it waits until the freeze is there"
    assert [each.code for each in luggage.blockers(alice, 0)] == ["frozen"]


@pytest.mark.django_db(transaction=True)
def test_who_was_frozen_while_a_dealing_waited_is_refused() -> None:
    alice, bob = character(), character("Bob")
    results: list[object] = []

    def deal_with_her() -> None:
        with transaction.atomic():
            lock_dealers(bob, alice)

    dealing = Thread(target=lambda: results.extend(all_at_once(deal_with_her)))
    with transaction.atomic(), connection.cursor() as cursor:
        services.freeze_dealings(actor=staff("gwen"), character_id=alice, reason="now")
        dealing.start()
        for _ in range(1_000):
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted), pg_sleep(0.005)")
            if cursor.fetchone()[0]:
                break
        else:
            pytest.fail("it waits for the freeze")
    dealing.join(30)
    assert [type(each) for each in results] == [FrozenPartnerError]


@pytest.mark.django_db(transaction=True)
def test_a_letter_and_a_freeze_at_the_same_moment_are_one_after_the_other() -> None:
    alice, _ = character(), character("Bob")
    give(alice, glim=50)
    gwen: Login = staff("gwen")
    results = all_at_once(
        lambda: send(alice, goods=Goods(glim=50)),
        lambda: services.freeze_dealings(actor=gwen, character_id=alice, reason="now"),
    )
    assert isinstance(results[0], FrozenError | int)
    assert selectors.glim(alice) == (50 if isinstance(results[0], FrozenError) else 0)


def test_staff_freeze_and_thaw_in_the_console_with_a_reason(both: tuple[int, int]) -> None:
    game_master()
    console: Client = sign_in("gwen")
    page = console.get(f"/gm/accounts/character/{both[0]}/change/").content.decode()
    asked = f"/gm/economy/freeze/freeze/?character={both[0]}"
    assert asked in page
    assert f'value="{both[0]}"' in console.get(asked).content.decode()
    console.post(asked, {"character": both[0], "reason": ""})
    assert not Freeze.objects.exists()
    assert console.post(asked, {"character": both[0], "reason": "dupes"}).status_code == 302
    expect_refusal(DEALINGS["letter"], *both, error=FrozenError)
    again = f"/gm/economy/freeze/{both[0]}/thaw/"
    assert again in console.get(f"/gm/accounts/character/{both[0]}/change/").content.decode()
    console.post(again, {"reason": "cleared"})
    DEALINGS["letter"](*both)
    acts = [line.payload["action"] for line in JournalLine.objects.filter(payload__actor="gwen")]
    assert {"freeze_character", "thaw_character"} <= set(acts)


def test_nobody_is_frozen_who_is_not_there() -> None:
    game_master()
    console = sign_in("gwen")
    answer = console.post("/gm/economy/freeze/freeze/", {"character": 10**9, "reason": "x"})
    assert answer.status_code == 200
    assert not Freeze.objects.exists()
