"""Who hears whom, and in which channel of its zone a character speaks."""

from __future__ import annotations

from collections.abc import Callable

from apps.accounts import selectors as accounts
from apps.chat.errors import NowhereError
from apps.chat.models import Block

ZoneFinder = Callable[[int], str | None]
"""Returns the copy of a zone that a character stands in. Runs in a database thread."""

_zone_finders: list[ZoneFinder] = []


def register_zone_finder(find: ZoneFinder) -> None:
    """Let an app further up say where characters are."""
    _zone_finders[:] = [find]


def zone_of(character_id: int) -> str:
    """Return the copy of a zone that a character stands in; refuse who is not in the world."""
    for find in _zone_finders:
        if instance := find(character_id):
            return instance
    raise NowhereError


def may_speak(account_id: int) -> bool:
    """Tell if an account has its voice, whichever channel, socket or character it uses."""
    return not accounts.is_muted(account_id) and not accounts.is_banned(account_id)


def blocked_by(character_id: int) -> frozenset[int]:
    """Return whom a character does not hear."""
    return frozenset(Block.objects.filter(character_id=character_id).values_list("blocked_id", flat=True))


def hears(character_id: int, speaker_id: int) -> bool:
    """Tell if a character listens to another."""
    return not Block.objects.filter(character_id=character_id, blocked_id=speaker_id).exists()
