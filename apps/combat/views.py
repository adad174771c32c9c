"""REST of combat: the battles of a character, and what proves the dice of those that are over."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from aether.kernel.errors import BadRequestError, NotFoundError
from aether.kernel.rest import documented
from aether.protocol.battles import PastBattles
from aether.protocol.combat_events import Reveal
from aether.protocol.spectating import LiveBattles
from apps.accounts import selectors as accounts
from apps.combat import engine, replays, selectors
from apps.combat.errors import BattleNotOverError, BattleUnreadableError

PAGE = 20
PAGE_MAX = 100
LIVE_MOST = 50
ID_MAX = 2**53 - 1


@documented(reply=PastBattles, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def past_battles(request: Request) -> Response:
    """The battles of one of the account's characters, the latest first.

    `character` says whose; `before` is the `next` of the page before; `most` is up to 100.
    """
    character_id = _own_character(request)
    found = selectors.past_battles(
        character_id,
        before=_number(request, "before", most=ID_MAX),
        most=_number(request, "most", most=PAGE_MAX) or PAGE,
    )
    return Response(msgspec.to_builtins(found))


@documented(reply=LiveBattles, errors=[NotFoundError, BadRequestError])
@api_view(["GET"])
def live_battles(request: Request) -> Response:
    """The battles that go on in the zone of one of the account's characters and may be watched.

    `character` says whose zone.
    """
    character_id = _own_character(request)
    return Response(msgspec.to_builtins(selectors.battles_to_watch(character_id, most=LIVE_MOST)))


@documented(reply=Reveal, errors=[NotFoundError, BattleNotOverError, BattleUnreadableError])
@api_view(["GET"])
def reveal_battle(request: Request, battle_id: int) -> Response:
    """The seeds and receipts of a battle that is over, for everybody who might have watched it.

    Where spectators are told late, others find it when they may know its end; where there are none, only
    those who took part do, and staff.
    """
    is_over = selectors.is_over(battle_id)
    if not is_over or not (request.user.is_staff or selectors.is_revealed_to_all(battle_id)):
        _require_part(request, battle_id)
    if not is_over:
        raise BattleNotOverError
    return Response(msgspec.to_builtins(replays.reveal(replays.read_log(battle_id))))


@documented(reply=engine.BattleExport, errors=[NotFoundError, BattleNotOverError, BattleUnreadableError])
@api_view(["GET"])
def export_battle(request: Request, battle_id: int) -> HttpResponse:
    """A battle that is over as one file, for those who took part; for others it does not exist."""
    _require_part(request, battle_id)
    exported = replays.export(replays.read_log(battle_id))
    response = HttpResponse(msgspec.json.encode(exported), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="battle-{battle_id}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _own_character(request: Request) -> int:
    """Return the character of the account that is asked for."""
    character_id = _number(request, "character", most=ID_MAX)
    if character_id is None:
        raise BadRequestError(problem="say whose battles: ?character=")
    accounts.character_of_account(_account_id(request), character_id)
    return character_id


def _require_part(request: Request, battle_id: int) -> None:
    mine = [character.id for character in accounts.characters_of(_account_id(request))]
    if not selectors.took_part(battle_id, mine):
        raise NotFoundError


def _account_id(request: Request) -> int:
    assert request.user.pk is not None  # the permission let nobody else in
    return int(request.user.pk)


def _number(request: Request, name: str, *, most: int) -> int | None:
    """Return a number of the query, if it is there; one that is none is refused."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 0 < int(text) <= most):
        raise BadRequestError(problem=f"{name} is a number from 1 to {most}")
    return int(text)
