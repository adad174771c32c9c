"""Whom a character does not want to hear."""

from __future__ import annotations

from django.db import transaction

from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.chat.errors import OneselfError, TooManyBlockedError, UnknownCharacterError
from apps.chat.models import Block, BlockedName
from apps.chat.services import far

BLOCKED_MAX = 200


@transaction.atomic
def block(*, character_id: int, name: str) -> None:
    """Stop hearing somebody. Blocking twice is blocking once."""
    blocked_here = Block.objects.filter(character_id=character_id).count()
    blocked_elsewhere = BlockedName.objects.filter(character_id=character_id).count()
    if blocked_here + blocked_elsewhere >= BLOCKED_MAX:
        raise TooManyBlockedError(most=BLOCKED_MAX)
    try:
        blocked = accounts.character_named(name).id
    except NotFoundError:
        far.whereabouts(name)
        BlockedName.objects.get_or_create(character_id=character_id, name_key=accounts.name_key(name))
        return
    if blocked == character_id:
        raise OneselfError
    Block.objects.get_or_create(character_id=character_id, blocked_id=blocked)


@transaction.atomic
def unblock(*, character_id: int, name: str) -> None:
    """Hear somebody again."""
    if BlockedName.objects.filter(character_id=character_id, name_key=accounts.name_key(name)).delete()[0]:
        return
    Block.objects.filter(character_id=character_id, blocked_id=character_named(name)).delete()


def character_named(name: str) -> int:
    """Return the character of a name; refuse a name that nobody bears."""
    try:
        return accounts.character_named(name).id
    except NotFoundError:
        raise UnknownCharacterError from None
