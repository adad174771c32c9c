"""Auctions: one item, one winner, and everybody else has back what they bid, at the moment they are outbid.

The auction's row is locked first, then everybody whom a bid concerns. What is won goes by mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from aether.kernel import audit, clock, realtime
from aether.kernel.errors import IdReusedError
from aether.kernel.transactions import transactional
from aether.protocol.auctions import AuctionChanged, AuctionSeen
from apps.accounts import selectors as accounts
from apps.economy import auctions
from apps.economy.buckets import Bucket, bag, escrow, sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.errors import (
    AuctionBidOnError,
    BidTooLowError,
    BuyoutTooLowError,
    MarketFullError,
    NoAuctionError,
    OwnCharacterError,
)
from apps.economy.models import Auction, Bid
from apps.economy.rules.fees import deposit, least_bid, sale_tax
from apps.economy.services.due import each_alone
from apps.economy.services.freezing import require_free, require_free_with
from apps.economy.services.goods import free_instance
from apps.economy.services.ledger import Move, Posting, lock_holder, lock_holders, post
from apps.economy.services.letters import Draft, Source, deliveries, post_home
from apps.economy.services.switches import Feature, is_on, require_on, when_reopened
from apps.economy.services.telling import tell_change

AUCTIONS_MAX = 30
"""How many open auctions a character has."""
LAST_MOMENT = timedelta(seconds=60)
EXTENSIONS_MAX = 10
SWEPT_AT_ONCE = 100

State = Auction.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a character means to put up for auction."""

    character_id: int
    item_id: str
    start_bid: int
    buyout: int | None
    hours: int
    idempotency_key: str


@transactional
def open_auction(listing: Listing) -> AuctionSeen:
    """Put an item up for auction: it and the deposit are set aside."""
    require_on(Feature.MARKET)
    seller = listing.character_id
    lock_holder(seller)
    earlier = Auction.objects.filter(idempotency_key=listing.idempotency_key).first()
    if earlier is not None:
        return auctions.auction_seen(earlier, seller)
    require_free(seller)
    if listing.buyout is not None and listing.buyout < listing.start_bid:
        raise BuyoutTooLowError()
    instance = free_instance(seller, listing.item_id)
    if Auction.objects.filter(seller_id=seller, state=State.OPEN).count() >= AUCTIONS_MAX:
        raise MarketFullError(most=AUCTIONS_MAX)
    now = clock.utc_now()
    auction = Auction.objects.create(
        seller_id=seller,
        instance_id=instance.pk,
        item=instance.definition,
        start_bid=listing.start_bid,
        buyout=listing.buyout,
        deposit=deposit(listing.start_bid, listing.hours),
        idempotency_key=listing.idempotency_key,
        opened_at=now,
        ends_at=now + timedelta(hours=listing.hours),
    )
    target = _escrow(auction, seller)
    moves = [
        Move(asset=auction.asset, amount=1, source=bag(seller), target=target),
        Move(asset=CURRENCY, amount=auction.deposit, source=wallet(seller), target=target),
    ]
    _post(auction, "auction_open", listing.idempotency_key, moves, actor_id=seller)
    tell_change(seller, f"auction:{auction.pk}", moves)
    return auctions.auction_seen(auction, seller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a character bids."""

    character_id: int
    auction_id: int
    amount: int
    idempotency_key: str


@transactional
def bid_in_auction(offer: Offer) -> AuctionSeen:
    """Bid more than the last one, who has its glim back at once; the buyout ends the auction."""
    require_on(Feature.MARKET)
    auction = _locked(offer.auction_id)
    bidder, before = offer.character_id, auction.bidder_id
    _require_other(auction, bidder)
    is_buyout = auction.buyout is not None and offer.amount >= auction.buyout
    least = least_bid(auction.bid, auction.start_bid)
    amount = auction.buyout if is_buyout and auction.buyout is not None else offer.amount
    if not is_buyout and amount < least:
        raise BidTooLowError(least=least)
    lock_holders(each for each in (bidder, before, auction.seller_id) if each is not None)
    require_free_with(bidder, auction.seller_id)
    moves = [
        Move(asset=CURRENCY, amount=amount, source=wallet(bidder), target=_escrow(auction, bidder)),
        *_refund(auction),
    ]
    _post(auction, "auction_bid", offer.idempotency_key, moves, actor_id=bidder)
    auction.bid, auction.bidder_id = amount, bidder
    auction.bids += 1
    Bid.objects.create(auction=auction, bidder_id=bidder, amount=amount)
    _extend(auction)
    cause = f"auction:{auction.pk}"
    for each in {bidder, before if before is not None else bidder}:
        tell_change(each, cause, moves)
    if is_buyout:
        _sell(auction)
    auction.save()
    _tell(auction, {before, auction.seller_id, *({bidder} if is_buyout else ())})
    return auctions.auction_seen(auction, bidder)


@transactional
def cancel_auction(*, character_id: int, auction_id: int) -> AuctionSeen:
    """Take back an auction in which nobody has bid; the deposit is lost."""
    require_on(Feature.MARKET)
    auction = _locked(auction_id)
    if auction.seller_id != character_id:
        raise NoAuctionError()
    if auction.bid is not None:
        raise AuctionBidOnError()
    lock_holder(character_id)
    _take_back(auction, State.CANCELLED)
    auction.save()
    return auctions.auction_seen(auction, character_id)


@transaction.atomic
def cancel_auction_of(*, actor: AbstractBaseUser, auction_id: int, reason: str) -> None:
    """Let staff end an auction: everybody has back what is theirs, the deposit too."""
    audit.record(actor, "cancel_auction", f"auction:{auction_id}", reason)
    _call_off(_locked(auction_id))


@transaction.atomic
def withdraw_auction(auction_id: int) -> bool:
    """End an auction as staff do; false where it has ended by itself."""
    try:
        auction = _locked(auction_id)
    except NoAuctionError:
        return False
    _call_off(auction)
    return True


def _call_off(auction: Auction) -> None:
    lock_holders(each for each in (auction.seller_id, auction.bidder_id) if each is not None)
    refund = _refund(auction)
    contents = {auction.asset: 1, CURRENCY: auction.deposit}
    moves = [*refund, *_by_mail(auction, auction.seller_id, Source.AUCTION_UNSOLD, contents)]
    _post(auction, "auction_end", f"auction:{auction.pk}:end", moves)
    _close(auction, State.CANCELLED)
    if auction.bidder_id is not None:
        tell_change(auction.bidder_id, f"auction:{auction.pk}", refund)
    auction.save()
    _tell(auction, {auction.seller_id, auction.bidder_id})


def end_auctions() -> int:
    """Settle the auctions whose time is over; return how many."""
    if not is_on(Feature.MARKET):
        return 0
    due = Auction.objects.filter(state=State.OPEN, ends_at__lte=clock.utc_now())
    ids = due.order_by("ends_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return each_alone(_end, ids, what="auction")


@when_reopened(Feature.MARKET)
def _keep_auctions_longer(stopped_for: timedelta) -> None:
    Auction.objects.filter(state=State.OPEN).update(ends_at=F("ends_at") + stopped_for)


@transaction.atomic
def _end(auction_id: int) -> bool:
    auction = (
        Auction.objects.select_for_update(skip_locked=True)
        .filter(pk=auction_id, state=State.OPEN, ends_at__lte=clock.utc_now())
        .first()
    )
    if auction is None:
        return False
    lock_holders(each for each in (auction.seller_id, auction.bidder_id) if each is not None)
    if auction.bid is None:
        _take_back(auction, State.UNSOLD)
    else:
        _sell(auction)
    auction.save()
    _tell(auction, {auction.seller_id, auction.bidder_id})
    return True


def _locked(auction_id: int) -> Auction:
    """Return an auction that goes on, locked."""
    auction = Auction.objects.select_for_update().filter(pk=auction_id, state=State.OPEN).first()
    if auction is None or auction.ends_at <= clock.utc_now():
        raise NoAuctionError()
    return auction


def _require_other(auction: Auction, bidder: int) -> None:
    """Refuse who bids in its own auction, or in that of another character of its account."""
    found = accounts.characters([bidder, auction.seller_id])
    if bidder == auction.seller_id or found[bidder].account_id == found[auction.seller_id].account_id:
        raise OwnCharacterError()


def _refund(auction: Auction) -> list[Move]:
    """Return the moves that give the highest bidder its glim back."""
    if auction.bidder_id is None or auction.bid is None:
        return []
    delivery = deliveries({auction.bidder_id: [CURRENCY]}, cause=f"auction:{auction.pk}")
    moves = delivery.bring(auction.bidder_id, {CURRENCY: auction.bid}, _escrow(auction, auction.bidder_id))
    delivery.finish()
    return moves


def _extend(auction: Auction) -> None:
    """Let nobody win by being the last: a bid in the last minute adds one, ten times at most."""
    if auction.ends_at - clock.utc_now() < LAST_MOMENT and auction.extensions < EXTENSIONS_MAX:
        auction.ends_at += LAST_MOMENT
        auction.extensions += 1


def _sell(auction: Auction) -> None:
    """Give the item to the highest bidder, and to the seller what it brought; both by mail."""
    assert auction.bid is not None, "what is sold was bid for"
    assert auction.bidder_id is not None, "what is sold was bid for"
    tax = sale_tax(auction.bid)
    paid_from, seller = _escrow(auction, auction.bidder_id), auction.seller_id
    moves = [
        *_by_mail(auction, auction.bidder_id, Source.AUCTION_WON, {auction.asset: 1}),
        Move(asset=CURRENCY, amount=tax, source=paid_from, target=sink("tax")),
    ]
    letter = _draft(auction, seller, Source.AUCTION_SOLD, {CURRENCY: auction.bid - tax + auction.deposit})
    for move in post_home(letter, paid_from):
        deposit_back = Move(
            asset=CURRENCY, amount=auction.deposit, source=_escrow(auction, seller), target=move.target
        )
        moves.append(deposit_back)
        if auction.bid > tax:
            moves.append(Move(asset=CURRENCY, amount=auction.bid - tax, source=paid_from, target=move.target))
    _post(auction, "auction_end", f"auction:{auction.pk}:end", moves)
    _close(auction, State.SOLD)


def _take_back(auction: Auction, state: State) -> None:
    """Send the item back to the seller; the deposit is lost."""
    source = _escrow(auction, auction.seller_id)
    moves = [
        *_by_mail(auction, auction.seller_id, Source.AUCTION_UNSOLD, {auction.asset: 1}),
        Move(asset=CURRENCY, amount=auction.deposit, source=source, target=sink("deposit")),
    ]
    _post(auction, "auction_end", f"auction:{auction.pk}:end", moves)
    _close(auction, state)


def _by_mail(auction: Auction, to: int, source: Source, contents: dict[str, int]) -> list[Move]:
    return post_home(_draft(auction, to, source, contents), _escrow(auction, auction.seller_id))


def _draft(auction: Auction, to: int, source: Source, contents: dict[str, int]) -> Draft:
    return Draft(recipient_id=to, source=source, cause=f"auction:{auction.pk}", contents=contents)


def _close(auction: Auction, state: State) -> None:
    auction.state, auction.closed_at = state, clock.utc_now()


def _escrow(auction: Auction, owner: int) -> Bucket:
    return escrow(owner, "auction", auction.pk)


def _tell(auction: Auction, people: Iterable[int | None]) -> None:
    for each in sorted(who for who in people if who is not None):
        realtime.tell_character(each, AuctionChanged(auction=auctions.auction_seen(auction, each)))


def _post(auction: Auction, kind: str, key: str, moves: list[Move], actor_id: int | None = None) -> None:
    cause = f"auction:{auction.pk}"
    posting = Posting(kind=kind, idempotency_key=key, cause=cause, moves=tuple(moves), actor_id=actor_id)
    if not post(posting).is_new:
        raise IdReusedError()
