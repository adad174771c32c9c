"""An auction has one winner; everybody else has everything back, and nothing is made or lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock, content
from aether.kernel.content.loading import from_documents
from aether.kernel.errors import BadRequestError, GameError, IdReusedError
from aether.protocol.auctions import AuctionSeen
from apps.accounts.models import Account as Login
from apps.accounts.models import Character
from apps.economy import auctions, auditing, mailbox, quotes, selectors, services
from apps.economy.errors import (
    AuctionBidOnError,
    BidTooLowError,
    BoundItemError,
    BuyoutTooLowError,
    InsufficientError,
    MarketFullError,
    NoAuctionError,
    NotHeldError,
    OwnCharacterError,
    SwitchedOffError,
)
from apps.economy.models import Auction, FeatureSwitch
from apps.economy.services import auctioning
from tests.console.conftest import game_master
from tests.economy.cast import character, give, item_id
from tests.long_run import examples

pytestmark = pytest.mark.django_db
HOUR_S = 3600


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
def _laws_hold() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def sella() -> int:
    made = character("Sella")
    give(made, glim=50, reed_hook=2)
    return made


@pytest.fixture
def bidders() -> tuple[int, int]:
    made = (character("Bruno"), character("Carol"))
    for each in made:
        give(each, glim=1000)
    return made


def list_one(seller: int, *, start: int = 100, buyout: int | None = None, hours: int = 12) -> AuctionSeen:
    listing = services.Listing(
        character_id=seller,
        item_id=item_id(seller, "reed_hook"),
        start_bid=start,
        buyout=buyout,
        hours=hours,
        idempotency_key=f"a:{seller}:{Auction.objects.count()}",
    )
    with transaction.atomic():
        return services.open_auction(listing)


def bid(who: int, auction: AuctionSeen, amount: int) -> AuctionSeen:
    key = f"b:{who}:{auction.id}:{amount}:{Auction.objects.get(pk=auction.id).bids}"
    offer = services.Offer(character_id=who, auction_id=auction.id, amount=amount, idempotency_key=key)
    with transaction.atomic():
        return services.bid_in_auction(offer)


def expect_refusal(error: type[Exception], act: Any, *arguments: Any, **named: Any) -> None:
    with pytest.raises(error), transaction.atomic():
        act(*arguments, **named)


def mailed(who: int) -> list[tuple[str, int, int]]:
    """Return what lies in somebody's letters: source, glim and how many items."""
    letters = mailbox.letters_of(who).order_by("id")
    opened = [mailbox.opened(letter) for letter in letters]
    return [(each.letter.source, each.goods.glim, len(each.goods.items)) for each in opened]


def test_the_highest_bid_wins_and_the_seller_is_paid_by_mail(
    watch: Watch, sella: int, bidders: tuple[int, int]
) -> None:
    bruno, carol = bidders
    auction = list_one(sella)
    assert (selectors.glim(sella), len(selectors.inventory(sella).items)) == (49, 1)
    bid(bruno, auction, 100)
    seen = bid(carol, auction, 200)
    assert (seen.is_leading, seen.bids, seen.least) == (True, 2, 210)
    assert (selectors.glim(bruno), selectors.glim(carol)) == (1000, 800)
    watch.pass_s(12 * HOUR_S + 1)
    assert services.sweep() == 1
    assert services.sweep() == 0
    assert mailed(carol) == [("auction_won", 0, 1)]
    assert mailed(sella) == [("auction_sold", 200 - 6 + 1, 0)]
    assert Auction.objects.get().state == "sold"


def test_an_auction_without_a_bid_goes_back_and_loses_its_deposit(watch: Watch, sella: int) -> None:
    list_one(sella, start=1000, hours=24)
    watch.pass_s(24 * HOUR_S + 1)
    services.sweep()
    assert (mailed(sella), selectors.glim(sella)) == ([("auction_unsold", 0, 1)], 30)


def test_the_buyout_ends_an_auction_at_once(sella: int, bidders: tuple[int, int]) -> None:
    bruno, carol = bidders
    auction = list_one(sella, buyout=300)
    bid(bruno, auction, 150)
    assert bid(carol, auction, 900).state == "sold"
    assert (selectors.glim(bruno), selectors.glim(carol)) == (1000, 700)
    assert mailed(carol) == [("auction_won", 0, 1)]
    expect_refusal(NoAuctionError, bid, bruno, auction, 999)


def test_a_bid_is_a_raise_by_somebody_else_who_can_pay(sella: int, bidders: tuple[int, int]) -> None:
    bruno, carol = bidders
    auction = list_one(sella)
    expect_refusal(BidTooLowError, bid, bruno, auction, 99)
    bid(bruno, auction, 100)
    expect_refusal(BidTooLowError, bid, carol, auction, 104)
    expect_refusal(InsufficientError, bid, carol, auction, 1001)
    expect_refusal(OwnCharacterError, bid, sella, auction, 500)
    twin = Character.objects.create(
        account=Login.objects.get(username="sella"), name="Ann", name_key="ann", class_id="anchorite"
    )
    expect_refusal(OwnCharacterError, bid, twin.pk, auction, 500)
    assert selectors.glim(bruno) == 900


def test_a_key_of_long_ago_bids_nothing(sella: int, bidders: tuple[int, int]) -> None:
    bruno, carol = bidders
    auction = list_one(sella)
    offer = services.Offer(character_id=bruno, auction_id=auction.id, amount=100, idempotency_key="b:old")
    services.bid_in_auction(offer)
    bid(carol, auction, 200)
    again = services.Offer(character_id=bruno, auction_id=auction.id, amount=900, idempotency_key="b:old")
    expect_refusal(IdReusedError, services.bid_in_auction, again)
    assert (selectors.glim(bruno), selectors.glim(carol)) == (1000, 800)
    assert Auction.objects.get(pk=auction.id).bidder_id == carol


def test_who_leads_may_raise_its_own_bid(sella: int, bidders: tuple[int, int]) -> None:
    bruno, _ = bidders
    auction = list_one(sella)
    bid(bruno, auction, 600)
    bid(bruno, auction, 900)
    assert selectors.glim(bruno) == 100


def test_a_bid_in_the_last_minute_adds_one_ten_times_at_most(
    watch: Watch, sella: int, bidders: tuple[int, int]
) -> None:
    auction = list_one(sella)
    watch.pass_s(12 * HOUR_S - 30)
    amount, ends = 100, auction.ends_at
    for n in range(12):
        seen = bid(bidders[n % 2], auction, amount)
        amount = seen.least
        ends += 60 if n < 10 else 0
        assert seen.ends_at == pytest.approx(ends)
        watch.pass_s(59 if n < 9 else 0)


def test_an_auction_may_be_taken_back_until_somebody_bids(sella: int, bidders: tuple[int, int]) -> None:
    first, second = list_one(sella), list_one(sella)
    bid(bidders[0], first, 100)
    expect_refusal(AuctionBidOnError, services.cancel_auction, character_id=sella, auction_id=first.id)
    expect_refusal(NoAuctionError, services.cancel_auction, character_id=bidders[0], auction_id=second.id)
    assert services.cancel_auction(character_id=sella, auction_id=second.id).state == "cancelled"
    assert (mailed(sella), selectors.glim(sella)) == ([("auction_unsold", 0, 1)], 48)


def test_staff_end_an_auction_and_everybody_has_back_what_is_theirs(
    sella: int, bidders: tuple[int, int]
) -> None:
    auction = list_one(sella)
    bid(bidders[0], auction, 100)
    services.cancel_auction_of(actor=game_master(), auction_id=auction.id, reason="a dupe")
    assert selectors.glim(bidders[0]) == 1000
    assert mailed(sella) == [("auction_unsold", 1, 1)]


def test_only_what_one_has_and_may_give_is_put_up(sella: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def listing(item: str, **other: Any) -> services.Listing:
        given = {"character_id": sella, "start_bid": 5, "buyout": None, "hours": 12, "idempotency_key": "x"}
        return services.Listing(item_id=item, **(given | other))  # type: ignore[arg-type]

    hook = item_id(sella, "reed_hook")
    expect_refusal(NotHeldError, services.open_auction, listing("00000000-0000-4000-8000-000000000000"))
    expect_refusal(NotHeldError, services.open_auction, listing("x" * 36))
    expect_refusal(BuyoutTooLowError, services.open_auction, listing(hook, buyout=4))
    expect_refusal(InsufficientError, services.open_auction, listing(hook, start_bid=10**6))
    monkeypatch.setattr(auctioning, "AUCTIONS_MAX", 0)
    expect_refusal(MarketFullError, services.open_auction, listing(hook))


def test_a_bound_item_is_not_put_up() -> None:
    documents = msgspec.json.decode(content.current().compiled)["documents"]
    documents["items"]["reed_hook"]["bound"] = True
    documents["shops"] = {}
    documents["dialogues"]["maren_sallow"]["nodes"][0]["options"][0].pop("effects")
    bound = character("Bound")
    with content.using(from_documents(content.current().info, documents)):
        give(bound, glim=50, reed_hook=1)
    expect_refusal(BoundItemError, list_one, bound)


def test_the_same_key_puts_up_one(sella: int) -> None:
    listing = services.Listing(
        character_id=sella,
        item_id=item_id(sella, "reed_hook"),
        start_bid=5,
        buyout=None,
        hours=12,
        idempotency_key="same",
    )
    assert services.open_auction(listing) == services.open_auction(listing)
    assert Auction.objects.count() == 1


def test_a_stopped_market_takes_no_bids_and_ends_nothing(
    watch: Watch, sella: int, bidders: tuple[int, int]
) -> None:
    auction = list_one(sella)
    FeatureSwitch.objects.update_or_create(feature="market", defaults={"is_on": False})
    expect_refusal(SwitchedOffError, bid, bidders[0], auction, 100)
    watch.pass_s(13 * HOUR_S)
    assert services.sweep() == 0


def test_no_time_runs_while_the_market_is_stopped(watch: Watch, sella: int) -> None:
    auction, gwen = list_one(sella), game_master()
    services.switch_off(actor=gwen, feature=services.Feature.MARKET, reason="a dupe")
    watch.pass_s(13 * HOUR_S)
    services.switch_on(actor=gwen, feature=services.Feature.MARKET, reason="mended")
    services.switch_on(actor=gwen, feature=services.Feature.MARKET, reason="once more")
    assert services.sweep() == 0
    ends_at = Auction.objects.get().ends_at.timestamp()
    assert ends_at == pytest.approx(auction.ends_at + 13 * HOUR_S)


def test_auctions_are_listed_in_the_order_in_which_they_end(
    sella: int, bidders: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auctions, "PAGE", 2)
    give(sella, key="more", glim=500, reed_hook=3)
    made = [list_one(sella, hours=hours) for hours in (48, 12, 24, 12)]
    first = auctions.auctions(bidders[0])
    assert [each.id for each in first.auctions] == [made[1].id, made[3].id]
    rest = auctions.auctions(bidders[0], after=first.after)
    assert ([each.id for each in rest.auctions], rest.after) == ([made[2].id, made[0].id], None)
    mine = auctions.auctions(sella, scope="mine")
    assert [each.id for each in mine.auctions] == [made[3].id, made[2].id]
    assert len(auctions.auctions(sella, scope="mine", after=mine.after).auctions) == 2
    assert auctions.auctions(sella, item="bog_charm").auctions == []
    bid(bidders[0], made[0], 100)
    assert [each.id for each in auctions.auctions(bidders[0], scope="bids").auctions] == [made[0].id]
    for cursor in ("x", "1", "1-", "-1-2", "9" * 30 + "-1"):
        with pytest.raises(BadRequestError):
            auctions.auctions(sella, after=cursor)


ACTS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2]), st.integers(90, 400), st.sampled_from([0, 0, 30, 20_000])),
    max_size=12,
)
"""Who bids how much, after how many seconds; 0 is the seller."""


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS, st.booleans())
def test_whatever_is_bid_all_is_conserved_and_one_wins(
    acts: list[tuple[int, int, int]], has_buyout: bool
) -> None:
    watch = Watch()
    with transaction.atomic(), clock.replaced(lambda: watch.now):
        people = [character(name) for name in ("Sella", "Bruno", "Carol")]
        give(people[0], glim=50, reed_hook=1)
        for each in people[1:]:
            give(each, glim=300)
        auction = list_one(people[0], buyout=250 if has_buyout else None)
        best = 0
        for who, amount, seconds in acts:
            watch.pass_s(seconds)
            auctioning.end_auctions()
            try:
                best = max(best, bid(people[who], auction, amount).bid or 0)
            except GameError:
                continue
        watch.pass_s(14 * HOUR_S)
        services.sweep()
        row = Auction.objects.get()
        won = [who for who in people[1:] if any(each[0] == "auction_won" for each in mailed(who))]
        assert (row.bid or 0) == best
        assert won == ([row.bidder_id] if best else [])
        losers = [who for who in people[1:] if who not in won]
        assert all(selectors.glim(who) == 300 for who in losers)
        assert auditing.audit_ledger() == []
        transaction.set_rollback(True)


def test_an_auction_tells_what_such_an_item_usually_costs_where_anybody_knows() -> None:
    alice = character()
    give(alice, glim=100, reed_hook=1)
    give(alice, key="lamp", inkglass_lamp=1)
    known = list_one(alice)
    assert known.reference == quotes.references(["reed_hook"])["reed_hook"]
    lamp = services.Listing(
        character_id=alice,
        item_id=item_id(alice, "inkglass_lamp"),
        start_bid=10,
        buyout=None,
        hours=12,
        idempotency_key="a:lamp",
    )
    with transaction.atomic():
        unknown = services.open_auction(lamp)
    assert unknown.reference is None
