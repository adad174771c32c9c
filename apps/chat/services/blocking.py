"""Whom a character does not want to hear."""

from __future__ import annotations

from django.db import transaction

from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.chat import selectors
from apps.chat.errors import OneselfError, TooManyBlockedError
from apps.chat.models import Block, BlockedName
from apps.chat.services import far, friends

BLOCKED_MAX = 200


@transaction.atomic
def block(*, character_id: int, name: str) -> None:
    """Stop hearing somebody, who is no friend any more.

    Blocking twice is blocking once, also where no more may be blocked.
    """
    try:
        blocked = accounts.character_named(name).id
    except NotFoundError:
        far.whereabouts(name)
        _, is_new = BlockedName.objects.get_or_create(
            character_id=character_id, name_key=accounts.name_key(name)
        )
    else:
        if blocked == character_id:
            raise OneselfError
        _, is_new = Block.objects.get_or_create(character_id=character_id, blocked_id=blocked)
        friends.part(character_id, blocked)
    if is_new and _count(character_id) > BLOCKED_MAX:
        raise TooManyBlockedError(most=BLOCKED_MAX)


def _count(character_id: int) -> int:
    blocked = (Block, BlockedName)
    return sum(each.objects.filter(character_id=character_id).count() for each in blocked)


@transaction.atomic
def unblock(*, character_id: int, name: str) -> None:
    """Hear somebody again."""
    if BlockedName.objects.filter(character_id=character_id, name_key=accounts.name_key(name)).delete()[0]:
        return
    Block.objects.filter(character_id=character_id, blocked_id=selectors.character_named(name)).delete()
