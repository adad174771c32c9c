"""Wire types of trade between two players: invitation, offers, locks and confirmations."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Update, Wire
from aether.protocol.exchange import Goods, GoodsSeen, Reference

TradeState = Literal["invited", "open", "locked", "confirming", "committed", "cancelled", "expired"]
Revision = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class TradeSide(Wire, frozen=True, kw_only=True):
    """What one side offers. `worth` is an estimate by what the market and the shops ask, null without one."""

    goods: GoodsSeen
    is_locked: bool
    is_confirmed: bool
    worth: int | None


class TradeChange(Wire, frozen=True, kw_only=True):
    """What has changed since the reader's last lock: a number of `item`, or one instance of it."""

    is_mine: bool
    item: str
    before: int
    after: int


class TradeSeen(Wire, frozen=True, kw_only=True):
    """A trade as one of the two sees it. Any change makes a new `rev` and clears all locks.

    Both have to lock the same `rev`; from `confirm_from` on both may confirm it; then it is exchanged.
    """

    id: int
    rev: int
    state: TradeState
    partner: int
    partner_name: str
    is_inviter: bool
    mine: TradeSide
    theirs: TradeSide
    changes: list[TradeChange]
    confirm_from: float | None
    expires_at: float


class CurrentTrade(Wire, frozen=True, kw_only=True):
    trade: TradeSeen | None


class InviteToTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask somebody in the same place to trade."""

    type_name: ClassVar[str] = "economy.trade_invite"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    character: Reference


class AcceptTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.trade_accept"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    trade: Reference


class OfferInTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Offer these goods instead of what one has offered; `rev` is the one that the player saw."""

    type_name: ClassVar[str] = "economy.trade_offer"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    trade: Reference
    rev: Revision
    goods: Goods


class LockTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.trade_lock"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    trade: Reference
    rev: Revision


class ConfirmTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Confirm exactly this `rev`; the second of the two has it exchanged."""

    type_name: ClassVar[str] = "economy.trade_confirm"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    trade: Reference
    rev: Revision


class CancelTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """End a trade, or decline an invitation."""

    type_name: ClassVar[str] = "economy.trade_cancel"
    reply_type: ClassVar[type[Wire]] = TradeSeen

    trade: Reference


class ReadTrade(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "economy.trade"
    reply_type: ClassVar[type[Wire]] = CurrentTrade
    is_durable: ClassVar[bool] = False


class TradeChanged(Update, frozen=True, kw_only=True):
    """On `me`: a trade as it is now, an invitation and its end too."""

    type_name: ClassVar[str] = "economy.trade_changed"

    trade: TradeSeen
