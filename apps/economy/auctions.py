"""What is read of auctions: pages of them, and one as its reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from django.db.models import Q, QuerySet

from aether.kernel.clock import utc_now
from aether.kernel.errors import BadRequestError
from aether.protocol.auctions import Auctions, AuctionScope, AuctionSeen, AuctionState
from apps.economy import quotes, selectors
from apps.economy.mailbox import names_of
from apps.economy.models import Auction
from apps.economy.rules.fees import least_bid

PAGE = 50


def auctions(
    reader: int, *, scope: AuctionScope = "all", item: str | None = None, after: str | None = None
) -> Auctions:
    """Return a page of auctions; `after` is where the one before it ended."""
    if scope == "all":
        rows = _open_ones(item, after)
    else:
        own = Q(seller_id=reader) if scope == "mine" else Q(bidder_id=reader)
        rows = Auction.objects.filter(own).order_by("-id")
        if after is not None:
            rows = rows.filter(pk__lt=_numbers(after, 1)[0])
    page = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return Auctions(
        auctions=seen_by(reader, page[:PAGE]),
        after=None if last is None else _cursor(last) if scope == "all" else str(last.pk),
    )


def auction_seen(auction: Auction, reader: int) -> AuctionSeen:
    """Return an auction as one reader sees it."""
    return seen_by(reader, [auction])[0]


def seen_by(reader: int, rows: Sequence[Auction]) -> list[AuctionSeen]:
    """Return auctions as one reader sees them."""
    items = selectors.items_seen(selectors.instances_by_asset(each.asset for each in rows))
    names = names_of(each.seller_id for each in rows)
    usual = quotes.references(each.item for each in rows)
    return [
        AuctionSeen(
            id=each.pk,
            goods=items[each.asset],
            seller=names.get(each.seller_id, "?"),
            start_bid=each.start_bid,
            buyout=each.buyout,
            bid=each.bid,
            least=least_bid(each.bid, each.start_bid),
            bids=each.bids,
            deposit=each.deposit,
            state=cast(AuctionState, each.state),
            ends_at=each.ends_at.timestamp(),
            is_mine=each.seller_id == reader,
            is_leading=each.bidder_id == reader,
            reference=usual.get(each.item),
        )
        for each in rows
    ]


def _open_ones(item: str | None, after: str | None) -> QuerySet[Auction]:
    rows = Auction.objects.filter(state=Auction.State.OPEN, ends_at__gt=utc_now())
    if item is not None:
        rows = rows.filter(item=item)
    if after is not None:
        micros, number = _numbers(after, 2)
        ends_at = datetime.fromtimestamp(micros // 10**6, UTC).replace(microsecond=micros % 10**6)
        rows = rows.filter(Q(ends_at__gt=ends_at) | Q(ends_at=ends_at, pk__gt=number))
    return rows.order_by("ends_at", "id")


def _cursor(auction: Auction) -> str:
    whole = int(auction.ends_at.replace(microsecond=0).timestamp())
    return f"{whole * 10**6 + auction.ends_at.microsecond}-{auction.pk}"


def _numbers(cursor: str, count: int) -> list[int]:
    parts = cursor.split("-")
    if len(parts) != count or not all(p.isascii() and p.isdigit() and len(p) <= 16 for p in parts):
        raise BadRequestError(problem="`after` is not where a page ended")
    return [int(part) for part in parts]
