"""REST of the economy: what the caller's characters have, long lists in pages, and where an item was."""

from __future__ import annotations

from typing import cast, get_args
from uuid import UUID

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from aether.kernel.errors import BadRequestError, NotFoundError
from aether.kernel.rest import documented
from aether.protocol.auctions import Auctions, AuctionScope
from aether.protocol.dice import DiceExport, SeedPairs
from aether.protocol.economy import Equipped, Inventory, ItemHistory
from aether.protocol.exchange import Mailbox
from aether.protocol.making import Bank, Crafting
from aether.protocol.market import Books, BookSeen, Candles, Interval, Orders, OrderScope
from aether.protocol.movements import Movements, MovementTopic
from aether.protocol.trade import CurrentTrade
from apps.accounts import selectors as accounts
from apps.economy import auctions, mailbox, making_selectors, market, movements, provenance, selectors, trades
from apps.economy import dice as fair

NUMBER_MAX = 2**53 - 1
DIGITS_MAX = 16
TEXT_MAX = 64


@documented(reply=Inventory, errors=[NotFoundError])
@api_view(["GET"])
def inventory(request: Request, character: int) -> Response:
    """What one of the caller's characters carries and wears."""
    _require_own(request, character)
    return _reply(selectors.inventory(character))


@documented(reply=Equipped, errors=[NotFoundError])
@api_view(["GET"])
def equipment(request: Request, character: int) -> Response:
    """Which items one of the caller's characters wears, by slot."""
    _require_own(request, character)
    return _reply(Equipped(equipped=selectors.equipped(character)))


@documented(reply=Bank, errors=[NotFoundError])
@api_view(["GET"])
def bank(request: Request, character: int) -> Response:
    """What lies in the bank of one of the caller's characters; to move it one has to stand there."""
    _require_own(request, character)
    return _reply(making_selectors.bank_of(character))


@documented(reply=Crafting, errors=[NotFoundError])
@api_view(["GET"])
def crafting(request: Request, character: int) -> Response:
    """The professions and recipes of one of the caller's characters, and what it is making."""
    _require_own(request, character)
    return _reply(making_selectors.crafting(character))


@documented(reply=CurrentTrade, errors=[NotFoundError])
@api_view(["GET"])
def trade(request: Request, character: int) -> Response:
    """The trade that one of the caller's characters is in, or is invited to; null without one."""
    _require_own(request, character)
    return _reply(trades.current_trade(character))


@documented(reply=Movements, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def movement_list(request: Request, character: int) -> Response:
    """What came into the hands of one of the caller's characters and left them, newest first.

    `topic` and `item` choose; `before` continues the list.
    """
    _require_own(request, character)
    found = movements.movements(
        character,
        topic=cast(MovementTopic | None, _choice(request, "topic", get_args(MovementTopic))),
        item=_text(request, "item"),
        before=_number(request, "before"),
    )
    return _reply(found)


@documented(reply=Mailbox, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def letters(request: Request, character: int) -> Response:
    """The letters of one of the caller's characters, newest first; `before` continues the list."""
    _require_own(request, character)
    return _reply(mailbox.mailbox(character, before=_number(request, "before")))


@documented(reply=Orders, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def orders(request: Request, character: int) -> Response:
    """The market orders of one of the caller's characters, newest first; `before` continues the list.

    `scope` is all, open or past.
    """
    _require_own(request, character)
    scope = cast(OrderScope, _choice(request, "scope", get_args(OrderScope)) or "all")
    return _reply(market.orders_of(character, scope=scope, before=_number(request, "before")))


@documented(reply=Auctions, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def auction_list(request: Request, character: int) -> Response:
    """Auctions as one of the caller's characters sees them: `scope` all, mine or bids; `item`; `after`."""
    _require_own(request, character)
    scope = cast(AuctionScope, _choice(request, "scope", get_args(AuctionScope)) or "all")
    found = auctions.auctions(
        character,
        scope=scope,
        item=_text(request, "item"),
        after=_text(request, "after"),
    )
    return _reply(found)


@extend_schema(operation_id="dice_list")
@documented(reply=SeedPairs, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def dice(request: Request, character: int) -> Response:
    """The ended pairs of seeds of one of the caller's characters, the last first; `before` goes on."""
    _require_own_ever(request, character)
    return _reply(fair.shown_pairs(character, before=_number(request, "before")))


@documented(reply=DiceExport, errors=[NotFoundError])
@api_view(["GET"])
def dice_export(request: Request, character: int, pair: int) -> Response:
    """Everything that one of the caller's characters has thrown with a pair that has ended."""
    _require_own_ever(request, character)
    return _reply(fair.export(character, pair))


@extend_schema(operation_id="market_books_list")
@documented(reply=Books)
@api_view(["GET"])
def books(request: Request) -> Response:
    """The order books, with the best prices of each."""
    return _reply(market.books())


@documented(reply=BookSeen)
@api_view(["GET"])
def book(request: Request, item: str) -> Response:
    """The depth of one order book."""
    return _reply(market.book(item, character_id=None))


@documented(reply=Candles, errors=[BadRequestError])
@api_view(["GET"])
def candles(request: Request, item: str) -> Response:
    """How the price of an item went; `interval` is hour or day."""
    interval = cast(Interval, _choice(request, "interval", get_args(Interval)) or "hour")
    return _reply(market.candles(item, interval))


@documented(reply=ItemHistory, errors=[NotFoundError])
@api_view(["GET"])
def item_history(request: Request, instance: UUID) -> Response:
    """Where a unique item was, ever: told to who holds it, and to whom it is offered."""
    assert request.user.pk is not None  # the permission let nobody else in
    own = [record.id for record in accounts.characters_of(int(request.user.pk))]
    return _reply(provenance.history_for_reader(instance, own))


def _require_own(request: Request, character_id: int) -> None:
    assert request.user.pk is not None  # the permission let nobody else in
    if character_id > NUMBER_MAX:
        raise NotFoundError
    accounts.character_of_account(int(request.user.pk), character_id)


def _require_own_ever(request: Request, character_id: int) -> None:
    """Refuse who does not own a character, wherever it is now: what it threw here stays here."""
    assert request.user.pk is not None  # the permission let nobody else in
    if character_id > NUMBER_MAX or not accounts.is_of_account(int(request.user.pk), character_id):
        raise NotFoundError


def _number(request: Request, name: str) -> int | None:
    """Return a number out of the query, None where it is not given."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX and 0 < int(text) <= NUMBER_MAX):
        raise BadRequestError(problem=f"`{name}` is not a number")
    return int(text)


def _choice(request: Request, name: str, choices: tuple[str, ...]) -> str | None:
    """Return one of some words out of the query, None where it is not given."""
    text = request.query_params.get(name)
    if text is not None and text not in choices:
        raise BadRequestError(problem=f"`{name}` is one of {', '.join(choices)}")
    return text


def _text(request: Request, name: str) -> str | None:
    """Return a short text out of the query, None where it is not given."""
    text = request.query_params.get(name)
    if text is not None and (len(text) > TEXT_MAX or not text.isprintable()):
        raise BadRequestError(problem=f"`{name}` is not valid")
    return text


def _reply(answer: msgspec.Struct) -> Response:
    return Response(msgspec.to_builtins(answer))
