"""What is read of trades: a trade as one of its two sides sees it, and what has changed since it locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from aether.kernel.clock import utc_now
from aether.protocol.economy import UniqueItem
from aether.protocol.trade import CurrentTrade, TradeChange, TradeSeen, TradeSide, TradeState
from apps.accounts import selectors as accounts
from apps.economy import quotes, selectors
from apps.economy.mailbox import goods_of
from apps.economy.models import Trade, TradeSeat


def current_trade(character_id: int) -> CurrentTrade:
    """Return the trade that a character is in, or else the latest invitation to one."""
    seat = TradeSeat.objects.filter(pk=character_id).select_related("trade").first()
    trade = seat.trade if seat else _invitation(character_id)
    return CurrentTrade(trade=trade_seen(trade, character_id) if trade else None)


def trade_seen(trade: Trade, viewer: int) -> TradeSeen:
    """Return a trade as one of its sides sees it."""
    return views(trade)[viewer]


def views(trade: Trade) -> dict[int, TradeSeen]:
    """Return a trade as each of its sides sees it; what both need is read once."""
    offers = [*trade.offers.values(), *(offer for seen in trade.seen.values() for offer in seen.values())]
    instances = selectors.instances_by_asset({asset for offer in offers for asset in offer})
    # What it is worth is a warning to who may still decide.
    decided = [None] * len(trade.sides)
    worth = (
        quotes.worths([trade.offer_of(side) for side in trade.sides], instances)
        if trade.ended_at is None
        else decided
    )
    known = _Known(
        trade, selectors.items_seen(instances), dict(zip(trade.sides, worth, strict=True)), _names(trade)
    )
    return {side: known.seen_by(side) for side in trade.sides}


def _invitation(character_id: int) -> Trade | None:
    open_ones = Trade.objects.filter(
        invitee_id=character_id, is_heard=True, state=Trade.State.INVITED, expires_at__gt=utc_now()
    )
    return open_ones.order_by("-id").first()


def _names(trade: Trade) -> dict[int, str]:
    """Return what both sides are called; a trade that an older version began has not kept it."""
    if trade.names:
        return {int(side): name for side, name in trade.names.items()}
    return {each.id: each.name for each in accounts.characters(trade.sides).values()}


@dataclass(frozen=True, slots=True)
class _Known:
    """A trade, and what is known of those whom and what it is about."""

    trade: Trade
    items: Mapping[str, UniqueItem]
    worth: Mapping[int, int | None]
    names: Mapping[int, str]

    def seen_by(self, viewer: int) -> TradeSeen:
        trade, partner = self.trade, self.trade.partner_of(viewer)
        return TradeSeen(
            id=trade.pk,
            rev=trade.rev,
            state=cast(TradeState, trade.state),
            partner=partner,
            partner_name=self.names.get(partner, "?"),
            is_inviter=viewer == trade.inviter_id,
            mine=self._side(viewer),
            theirs=self._side(partner),
            changes=[*self._changes(viewer, viewer), *self._changes(viewer, partner)],
            confirm_from=trade.confirm_from.timestamp() if trade.confirm_from else None,
            expires_at=trade.expires_at.timestamp(),
        )

    def _side(self, character_id: int) -> TradeSide:
        return TradeSide(
            goods=goods_of(self.trade.offer_of(character_id), self.items),
            is_locked=self.trade.locks.get(str(character_id)) == self.trade.rev,
            is_confirmed=character_id in self.trade.confirmed,
            worth=self.worth[character_id],
        )

    def _changes(self, viewer: int, side: int) -> list[TradeChange]:
        """Return how a side's offer differs from what the viewer saw when it last locked."""
        seen = self.trade.seen.get(str(viewer))
        if seen is None:
            return []
        before, after = seen.get(str(side), {}), self.trade.offer_of(side)
        return [
            TradeChange(
                is_mine=side == viewer,
                item=self.items[asset].item if asset in self.items else asset,
                before=before.get(asset, 0),
                after=after.get(asset, 0),
            )
            for asset in sorted({*before, *after})
            if before.get(asset, 0) != after.get(asset, 0)
        ]
