"""REST of accounts: classes, characters, tickets for sockets."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import get_language
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from aether.kernel import content
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
