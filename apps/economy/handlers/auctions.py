"""Commands of auctions."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
from aether.protocol.auctions import (
    Auctions,
    AuctionSeen,
    BidInAuction,
    CancelAuction,
    OpenAuction,
    ReadAuctions,
)
from apps.economy import auctions, services
from apps.economy.handlers.keys import key


@handles(ReadAuctions)
def read_auctions(caller: Caller, command: ReadAuctions) -> Auctions:
    return auctions.auctions(caller.character_id, scope=command.scope, item=command.item, after=command.after)


@handles(OpenAuction)
def open_auction(caller: Caller, command: OpenAuction) -> AuctionSeen:
    return services.open_auction(
        services.Listing(
            character_id=caller.character_id,
            item_id=command.item,
            start_bid=command.start_bid,
            buyout=command.buyout,
            hours=command.hours,
            idempotency_key=key("auction_open", caller),
        )
    )


@handles(BidInAuction)
def bid(caller: Caller, command: BidInAuction) -> AuctionSeen:
    return services.bid_in_auction(
        services.Offer(
            character_id=caller.character_id,
            auction_id=command.auction,
            amount=command.amount,
            idempotency_key=key("auction_bid", caller),
        )
    )


@handles(CancelAuction)
def cancel(caller: Caller, command: CancelAuction) -> AuctionSeen:
    return services.cancel_auction(character_id=caller.character_id, auction_id=command.auction)
