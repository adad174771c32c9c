"""Whom a character does not want to hear."""

from __future__ import annotations

from django.db import transaction

from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.chat.errors import OneselfError, TooManyBlockedError, UnknownCharacterError
from apps.chat.models import Block

BLOCKED_MAX = 200


@transaction.atomic
def block(*, character_id: int, name: str) -> None:
    """Stop hearing somebody. Blocking twice is blocking once."""
    blocked = character_named(name)
    if blocked == character_id:
        raise OneselfError
    if Block.objects.filter(character_id=character_id).count() >= BLOCKED_MAX:
        raise TooManyBlockedError(most=BLOCKED_MAX)
    Block.objects.get_or_create(character_id=character_id, blocked_id=blocked)


@transaction.atomic
def unblock(*, character_id: int, name: str) -> None:
    """Hear somebody again."""
    Block.objects.filter(character_id=character_id, blocked_id=character_named(name)).delete()


def character_named(name: str) -> int:
    """Return the character of a name; refuse a name that nobody bears."""
    try:
        return accounts.character_named(name).id
    except NotFoundError:
        raise UnknownCharacterError from None
