"""REST of accounts: classes, characters, tickets for sockets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import get_language
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from aether.kernel import content, shards
from aether.kernel.errors import NotFoundError
from aether.kernel.live import tickets
from aether.kernel.rest import documented, read_body
from aether.protocol.gateway import CharacterSummary
from aether.protocol.rest import (
    CharacterList,
    ClassList,
    NewCharacter,
    PlayableClass,
    SocketTicket,
    TicketRequest,
)
from aether.protocol.shards import (
    Blocking,
    ShardList,
    ShardSummary,
    TransferList,
    TransferPlan,
    TransferRequest,
    TransferSummary,
)
from apps.accounts import errors, selectors, services
from apps.accounts.selectors import CHARACTERS_MAX, CharacterRecord


@documented(reply=ClassList, is_public=True)
@api_view(["GET"])
@permission_classes([AllowAny])
def classes(request: Request) -> Response:
    """The classes that a character may have."""
    language = get_language() or "en"
    documents = content.current().raw("classes").values()
    return _reply(ClassList(classes=tuple(_playable(each, language) for each in documents)))


@documented(reply=CharacterList, method="GET")
@documented(
    body=NewCharacter,
    reply=CharacterSummary,
    status=201,
    method="POST",
    errors=[
        errors.NameLengthError,
        errors.NameLettersError,
        errors.NameReservedError,
        errors.NameTakenError,
        errors.TooManyCharactersError,
        errors.UnknownClassError,
    ],
)
@api_view(["GET", "POST"])
def characters(request: Request) -> Response:
    """The account's characters; POST makes another."""
    if request.method == "POST":
        wanted = read_body(request, NewCharacter)
        made = services.create_character(
            account_id=_account_id(request), name=wanted.name, class_id=wanted.class_id
        )
        return _reply(_summary(made), status=201)
    mine = selectors.characters_of(_account_id(request))
    return _reply(CharacterList(characters=tuple(map(_summary, mine)), most=CHARACTERS_MAX))


@documented(body=TicketRequest, reply=SocketTicket, status=201, errors=[NotFoundError])
@api_view(["POST"])
def socket_tickets(request: Request) -> Response:
    """A ticket that opens one socket, for a character of the account or for none."""
    wanted = read_body(request, TicketRequest)
    if wanted.character is not None:
        selectors.character_of_account(_account_id(request), wanted.character)
    secret = tickets.issue(
        account_id=_account_id(request), character_id=wanted.character, session_key=_session_key(request)
    )
    scheme = "wss" if request.is_secure() else "ws"
    url = f"{scheme}://{request.get_host()}/ws/"
    return _reply(SocketTicket(ticket=secret, expires_in=tickets.EXPIRES_IN_S, url=url), status=201)


@documented(reply=ShardList, is_public=True)
@api_view(["GET"])
@permission_classes([AllowAny])
def shard_list(request: Request) -> Response:
    """The shards of the realm, with how many people are on each."""
    language = get_language() or "en"
    mine = selectors.shards_of(request.user.pk) if request.user.pk else {}
    known = tuple(
        ShardSummary(
            id=each.id,
            name=each.name_in(language),
            address=each.address,
            standing=each.standing,
            online=each.online,
            capacity=each.capacity,
            mine=mine.get(each.id, 0),
        )
        for each in shards.shards()
    )
    return _reply(ShardList(here=shards.here(), shards=known))


@documented(reply=TransferPlan, method="GET", errors=[NotFoundError, errors.CharacterAwayError])
@documented(
    body=TransferRequest,
    reply=TransferSummary,
    status=201,
    method="POST",
    errors=[
        NotFoundError,
        errors.CharacterAwayError,
        errors.SameShardError,
        errors.ShardNotOpenError,
        errors.TooManyCharactersError,
        errors.TransferBlockedError,
        errors.TransferTooSoonError,
        errors.TransferUnderWayError,
    ],
)
@api_view(["GET", "POST"])
def character_transfer(request: Request, character_id: int) -> Response:
    """What moving a character to another shard means; POST sends it on its way."""
    account_id = _account_id(request)
    if request.method == "POST":
        wanted = read_body(request, TransferRequest)
        made = services.request_transfer(account_id=account_id, character_id=character_id, target=wanted.to)
        return _reply(_transfer(selectors.transfer_of(account_id, made)), status=201)
    plan = services.plan_transfer(account_id=account_id, character_id=character_id)
    language = get_language() or "en"
    return _reply(
        TransferPlan(
            fee=plan.fee,
            may_leave_at=plan.may_leave_at.timestamp() if plan.may_leave_at else None,
            blockers=tuple(
                Blocking(code=each.code, text=each.in_language(language)) for each in plan.blockers
            ),
            goes_along=plan.goes_along,
        )
    )


@documented(reply=TransferList)
@api_view(["GET"])
def transfers(request: Request) -> Response:
    """The account's transfers, whichever shard they began on."""
    mine = selectors.transfers_of(_account_id(request))
    return _reply(TransferList(transfers=tuple(map(_transfer, mine))))


@documented(reply=TransferSummary, errors=[NotFoundError, errors.TransferTooLateError])
@api_view(["DELETE"])
def transfer(request: Request, transfer_id: UUID) -> Response:
    """Call a character back that has not arrived yet."""
    services.call_back(account_id=_account_id(request), transfer_id=transfer_id)
    return _reply(_transfer(selectors.transfer_of(_account_id(request), transfer_id)))


def _transfer(found: selectors.TransferRecord) -> TransferSummary:
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return TransferSummary(
        id=str(found.id),
        character=found.name,
        source=found.source,
        target=found.target,
        state=found.state,
        fee=found.fee,
        why=tuple(Blocking(code=each["code"], text=each[language]) for each in found.why),
        requested_at=found.requested_at.timestamp(),
        changed_at=found.changed_at.timestamp(),
        may_be_called_back=found.may_be_called_back,
    )


def _account_id(request: Request) -> int:
    assert request.user.pk is not None  # the permission let nobody else in
    return int(request.user.pk)


def _session_key(request: Request) -> str:
    """Return the key of the session that the caller proved, by token or by cookie."""
    session = request.auth if isinstance(request.auth, SessionBase) else request.session
    assert session.session_key is not None  # it was found by its key
    return session.session_key


def _playable(document: dict[str, Any], language: str) -> PlayableClass:
    texts = {
        key: msgspec.convert(document[key], content.LocalText).in_language(language)
        for key in ("name", "description")
    }
    return msgspec.convert({**document, **texts}, PlayableClass)


def _summary(character: CharacterRecord) -> CharacterSummary:
    return CharacterSummary(
        id=character.id, name=character.name, class_id=character.class_id, level=character.level
    )


def _reply(answer: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.to_builtins(answer), status=status)
