"""Wire types of auctions of unique items."""

from __future__ import annotations

from typing import ClassVar, Literal

from aether.protocol.base import Command, Update, Wire
from aether.protocol.economy import ContentId, ItemId, UniqueItem
from aether.protocol.exchange import Reference
from aether.protocol.market import OrderPrice

AuctionState = Literal["open", "sold", "unsold", "cancelled"]
AuctionScope = Literal["all", "mine", "bids"]
AuctionHours = Literal[12, 24, 48]


class AuctionSeen(Wire, frozen=True, kw_only=True):
    """An auction as its reader sees it. `least` is what the next bid has to be.

    `is_leading` and `is_mine` are about the reader; who bids is told to nobody. `reference` is what such an
    item usually costs, where anybody knows.
    """

    id: int
    goods: UniqueItem
    seller: str
    start_bid: int
    buyout: int | None
    bid: int | None
    least: int
    bids: int
    deposit: int
    state: AuctionState
    ends_at: float
    is_mine: bool
    is_leading: bool
    reference: int | None = None


class Auctions(Wire, frozen=True, kw_only=True):
    """Auctions: open ones in the order in which they end, one's own newest first; `after` continues."""

    auctions: list[AuctionSeen]
    after: str | None


class ReadAuctions(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The open auctions, of one item or of all; one's own; or those that one has the highest bid in."""

    type_name: ClassVar[str] = "economy.auctions"
    reply_type: ClassVar[type[Wire]] = Auctions
    is_durable: ClassVar[bool] = False

    scope: AuctionScope = "all"
    item: ContentId | None = None
    after: ContentId | None = None


class OpenAuction(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put an item of the bag up for auction; the deposit is lost when nobody bids."""

    type_name: ClassVar[str] = "economy.auction_open"
    reply_type: ClassVar[type[Wire]] = AuctionSeen

    item: ItemId
    start_bid: OrderPrice
    hours: AuctionHours
    buyout: OrderPrice | None = None


class BidInAuction(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bid; one who is outbid has its glim back at once. A bid of the buyout ends the auction."""

    type_name: ClassVar[str] = "economy.auction_bid"
    reply_type: ClassVar[type[Wire]] = AuctionSeen

    auction: Reference
    amount: OrderPrice


class CancelAuction(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take back an auction in which nobody has bid; the deposit is lost."""

    type_name: ClassVar[str] = "economy.auction_cancel"
    reply_type: ClassVar[type[Wire]] = AuctionSeen

    auction: Reference


class AuctionChanged(Update, frozen=True, kw_only=True):
    """On `me`: an auction of one's own, or that one has bid in, as it is now."""

    type_name: ClassVar[str] = "economy.auction_changed"

    auction: AuctionSeen
