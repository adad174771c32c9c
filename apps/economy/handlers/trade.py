"""Commands of trade between two players."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, handles
from aether.protocol.trade import (
    AcceptTrade,
    CancelTrade,
    ConfirmTrade,
    CurrentTrade,
    InviteToTrade,
    LockTrade,
    OfferInTrade,
    ReadTrade,
    TradeSeen,
)
from apps.economy import services, trades


@handles(ReadTrade)
def read_trade(caller: Caller, command: ReadTrade) -> CurrentTrade:
    return trades.current_trade(caller.character_id)


@handles(InviteToTrade)
def invite(caller: Caller, command: InviteToTrade) -> TradeSeen:
    return services.invite_to_trade(character_id=caller.character_id, invitee_id=command.character)


@handles(AcceptTrade)
def accept(caller: Caller, command: AcceptTrade) -> TradeSeen:
    return services.accept_trade(character_id=caller.character_id, trade_id=command.trade)


@handles(OfferInTrade)
def offer(caller: Caller, command: OfferInTrade) -> TradeSeen:
    return services.offer_in_trade(_step(caller, command), command.goods)


@handles(LockTrade)
def lock(caller: Caller, command: LockTrade) -> TradeSeen:
    return services.lock_trade(_step(caller, command))


@handles(ConfirmTrade)
def confirm(caller: Caller, command: ConfirmTrade) -> TradeSeen:
    return services.confirm_trade(_step(caller, command))


@handles(CancelTrade)
def cancel(caller: Caller, command: CancelTrade) -> TradeSeen:
    return services.cancel_trade(character_id=caller.character_id, trade_id=command.trade)


def _step(caller: Caller, command: OfferInTrade | LockTrade | ConfirmTrade) -> services.Step:
    return services.Step(character_id=caller.character_id, trade_id=command.trade, rev=command.rev)


realtime.register_part("trade", trades.current_trade)
