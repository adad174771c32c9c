"""Trade between two players: what both have locked and confirmed at one revision is exchanged in one entry.

The trade's row is locked first, then both characters. Any change clears locks and confirmations, so that
nobody confirms what it has not seen; until the end nothing is set aside, so leaving changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from aether.kernel import clock, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol.exchange import GOODS_MAX, Goods
from aether.protocol.trade import TradeChanged, TradeSeen
from apps.accounts import selectors as accounts
from apps.economy import selectors, trades
from apps.economy.buckets import home
from apps.economy.errors import (
    CapacityError,
    EmptyTradeError,
    NotLockedError,
    NoTradeError,
    NotTogetherError,
    OwnCharacterError,
    SwitchedOffError,
    TooMuchGoodsError,
    TooSoonError,
    TradeChangedError,
    TradingAlreadyError,
)
from apps.economy.models import Trade
from apps.economy.services import trade_rows
from apps.economy.services.carrying import require_strength_to_swap
from apps.economy.services.due import each_alone
from apps.economy.services.freezing import lock_dealers
from apps.economy.services.goods import (
    assets_of,
    require_all_giveable,
    require_all_stackable,
    require_giveable,
)
from apps.economy.services.ledger import Move, Posting, post
from apps.economy.services.minting import rooms_in_bags
from apps.economy.services.surroundings import hears
from apps.economy.services.switches import Feature, require_on
from apps.economy.services.telling import Told, changes_told

LASTS = timedelta(seconds=120)
"""How long a trade in which nothing happens stays open."""
CONFIRM_DELAY = timedelta(seconds=2)
SWEPT_AT_ONCE = 200

State = Trade.State
Meeting = Callable[[int, int], bool]
_meeting: list[Meeting] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one side does to a trade at the revision that it saw."""

    character_id: int
    trade_id: int
    rev: int


def register_meeting(are_together: Meeting) -> None:
    """Have somebody further up decide whether two characters are in one place."""
    if are_together not in _meeting:
        _meeting.append(are_together)


@transactional
def invite_to_trade(*, character_id: int, invitee_id: int) -> TradeSeen:
    """Ask somebody to trade; one has one trade or invitation of one's own at a time.

    Whoever has blocked the inviter is not told, and the invitation lapses as if nobody had answered.
    """
    require_on(Feature.TRADE)
    found = accounts.characters([character_id, invitee_id])
    inviter, invitee = found.get(character_id), found.get(invitee_id)
    if inviter is None or invitee is None:
        raise NotFoundError
    if inviter.account_id == invitee.account_id:
        raise OwnCharacterError()
    _require_together(character_id, invitee_id)
    lock_dealers(character_id, invitee_id)
    trade = Trade(
        inviter_id=character_id,
        invitee_id=invitee_id,
        is_heard=hears(invitee_id, character_id),
        names={str(each.id): each.name for each in (inviter, invitee)},
        expires_at=clock.utc_now() + LASTS,
    )
    if not trade_rows.begin(trade):
        raise TradingAlreadyError()
    return _told(trade, character_id)


@transactional
def accept_trade(*, character_id: int, trade_id: int) -> TradeSeen:
    """Begin the trade that one was asked for."""
    trade = _going_on(character_id, trade_id)
    if trade.state != State.INVITED or character_id != trade.invitee_id:
        raise NoTradeError()
    _require_together(*trade.sides)
    lock_dealers(character_id, trade.inviter_id)
    if not trade_rows.seat(trade, character_id):
        raise TradingAlreadyError()
    trade.state = State.OPEN
    return _kept(trade, character_id)


@transactional
def offer_in_trade(step: Step, goods: Goods) -> TradeSeen:
    """Offer these goods instead of those before; the other side's lock and confirmation are void."""
    trade = _open(step)
    assets = assets_of(goods)
    if len(assets) > GOODS_MAX:
        raise TooMuchGoodsError(most=GOODS_MAX)
    require_giveable(step.character_id, assets)
    trade.offers[str(step.character_id)] = assets
    trade.rev += 1
    trade.state, trade.locks, trade.confirmed, trade.confirm_from = State.OPEN, {}, [], None
    return _kept(trade, step.character_id)


@transactional
def lock_trade(step: Step) -> TradeSeen:
    """Say that one would take this revision; for a moment after it nobody can confirm."""
    trade = _open(step)
    if not any(trade.offers.values()):
        raise EmptyTradeError()
    me = str(step.character_id)
    if trade.locks.get(me) == trade.rev:
        return trades.trade_seen(trade, step.character_id)
    _require_strength(trade)
    trade.locks[me] = trade.rev
    trade.seen[me] = trade.offers
    trade.confirm_from = clock.utc_now() + CONFIRM_DELAY
    if len(trade.locks) == 2:
        trade.state = State.LOCKED
    return _kept(trade, step.character_id)


@transactional
def confirm_trade(step: Step) -> TradeSeen:
    """Confirm the revision that both have locked; with the second confirmation it is exchanged."""
    trade = _open(step)
    if trade.state not in (State.LOCKED, State.CONFIRMING):
        raise NotLockedError()
    if trade.confirm_from is not None and clock.utc_now() < trade.confirm_from:
        raise TooSoonError()
    if step.character_id not in trade.confirmed:
        trade.confirmed = sorted([*trade.confirmed, step.character_id])
    if len(trade.confirmed) < 2:
        trade.state = State.CONFIRMING
        return _kept(trade, step.character_id)
    told = _commit(trade, step.character_id)
    return _ended(trade, State.COMMITTED, step.character_id, told)


@transactional
def cancel_trade(*, character_id: int, trade_id: int) -> TradeSeen:
    """End a trade, or decline an invitation; nothing has moved."""
    trade, _ = _locked(character_id, trade_id)
    return _ended(trade, State.CANCELLED, character_id)


def expire_trades() -> int:
    """End the trades in which nothing has happened for too long; return how many."""
    due = Trade.objects.filter(ended_at__isnull=True, expires_at__lte=clock.utc_now())
    ids = due.order_by("expires_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return each_alone(_expire, ids, what="trade")


@transaction.atomic
def end_trade(trade_id: int) -> bool:
    """End a trade as if one side had cancelled it, whatever its time."""
    found = trade_rows.lock(trade_id)
    if found is None:
        return False
    _ended(found[0], State.CANCELLED, found[0].inviter_id)
    return True


@transaction.atomic
def _expire(trade_id: int) -> bool:
    trade = (
        Trade.objects.select_for_update(skip_locked=True)
        .filter(pk=trade_id, ended_at__isnull=True, expires_at__lte=clock.utc_now())
        .first()
    )
    if trade is None:
        return False
    _ended(trade, State.EXPIRED, trade.inviter_id)
    return True


def _locked(character_id: int, trade_id: int) -> tuple[Trade, bool]:
    """Return a trade of the character that has not ended, locked, and whether trade is stopped.

    Another's is as if it did not exist.
    """
    found = trade_rows.lock(trade_id)
    if found is None or character_id not in found[0].audience or found[0].expires_at <= clock.utc_now():
        raise NoTradeError()
    return found


def _going_on(character_id: int, trade_id: int) -> Trade:
    """Return the same, and refuse while trade is stopped."""
    trade, is_stopped = _locked(character_id, trade_id)
    if is_stopped:
        raise SwitchedOffError(feature=str(Feature.TRADE.value))
    return trade


def _open(step: Step) -> Trade:
    """Return a trade that was accepted, at the revision that the player saw."""
    trade = _going_on(step.character_id, step.trade_id)
    if trade.state == State.INVITED:
        raise NoTradeError()
    if trade.rev != step.rev:
        raise TradeChangedError()
    return trade


def _commit(trade: Trade, actor_id: int) -> list[Told]:
    """Exchange what both offer, in one entry, where both still have it and have room for it.

    Return what each side is to be told of its holdings.
    """
    _require_together(*trade.sides)
    lock_dealers(actor_id, trade.partner_of(actor_id))
    one, other = map(trade.offer_of, trade.sides)
    if one.keys() & other.keys() or any(map(_unique, (one, other))):
        require_all_giveable({side: trade.offer_of(side) for side in trade.sides})
        _require_room(trade)
    else:
        # Whether there is enough of what goes one way only, the posting says by itself.
        require_all_stackable(asset for side in trade.sides for asset in trade.offer_of(side))
    _require_strength(trade)
    moves = [
        Move(asset=asset, amount=amount, source=home(side, asset), target=home(trade.partner_of(side), asset))
        for side in trade.sides
        for asset, amount in sorted(trade.offer_of(side).items())
    ]
    cause = f"trade:{trade.pk}"
    post(
        Posting(
            kind="trade", idempotency_key=cause, cause=cause, moves=tuple(moves), actor_id=trade.inviter_id
        )
    )
    return changes_told(trade.sides, cause, moves)


def _require_strength(trade: Trade) -> None:
    require_strength_to_swap({side: trade.offer_of(side) for side in trade.sides})


def _require_room(trade: Trade) -> None:
    rooms = rooms_in_bags(trade.sides)
    for side in trade.sides:
        given, taken = trade.offer_of(side), trade.offer_of(trade.partner_of(side))
        if _unique(taken) - _unique(given) > rooms[side]:
            raise CapacityError(asset="bag")


def _unique(assets: dict[str, int]) -> int:
    return sum(asset.startswith(selectors.INSTANCE) for asset in assets)


def _kept(trade: Trade, actor_id: int) -> TradeSeen:
    trade.expires_at = clock.utc_now() + LASTS
    trade_rows.keep(trade)
    return _told(trade, actor_id)


def _ended(trade: Trade, state: State, actor_id: int, told: Iterable[Told] = ()) -> TradeSeen:
    trade.state, trade.ended_at = state, clock.utc_now()
    trade_rows.end(trade)
    return _told(trade, actor_id, told)


def _told(trade: Trade, actor_id: int, told: Iterable[Told] = ()) -> TradeSeen:
    """Tell who knows of a trade what it is now, after what else they are told; return what the actor sees."""
    seen = trades.views(trade)
    realtime.tell_characters([*told, *((side, TradeChanged(trade=seen[side])) for side in trade.audience)])
    return seen[actor_id]


def _require_together(one: int, other: int) -> None:
    if not all(are_together(one, other) for are_together in _meeting):
        raise NotTogetherError()
