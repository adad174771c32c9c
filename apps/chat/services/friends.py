"""How characters become friends, and how that ends."""

from __future__ import annotations

from django.db import connection, transaction

from aether.kernel import realtime
from aether.protocol import friends as wire
from apps.accounts import selectors as accounts
from apps.chat import friends, selectors
from apps.chat.errors import NoFriendError, OneselfError, TooManyFriendsError
from apps.chat.models import Block, Friend

FRIENDS_MAX = 100

_LOCK_TWO = "SELECT pg_advisory_xact_lock(hashtext('chat friends'), hashtext(%s))"


@transaction.atomic
def add_friend(*, character_id: int, name: str) -> None:
    """Ask somebody, or agree to who has asked; whom one wants for a friend, one hears.

    Whoever does not hear the character is asked, and never told. Asking again within a day is no news.
    """
    other = selectors.character_named(name)
    if other == character_id:
        raise OneselfError
    _lock_two(character_id, other)
    Block.objects.filter(character_id=character_id, blocked_id=other).delete()
    _, is_new = Friend.objects.get_or_create(character_id=character_id, friend_id=other)
    if not is_new:
        return
    if Friend.objects.filter(character_id=character_id).count() > FRIENDS_MAX:
        raise TooManyFriendsError(most=FRIENDS_MAX)
    if other in friends.wishing(character_id):
        _tell(character_id, other, "friends", "friends")
    else:
        _tell_asked(character_id, other)


@transaction.atomic
def remove_friend(*, character_id: int, name: str) -> None:
    """End a friendship, decline who has asked, or ask no more."""
    other = selectors.character_named(name)
    if not part(character_id, other):
        raise NoFriendError


def part(one: int, other: int) -> bool:
    """Let two be nothing to each other, and tell both; return if they were anything."""
    _lock_two(one, other)
    ended = [
        Friend.objects.filter(character_id=who, friend_id=whom).delete()[0]
        for who, whom in ((one, other), (other, one))
    ]
    if any(ended):
        _tell(one, other, "none", "none")
    return any(ended)


def tell_friends(*, character_id: int, is_online: bool) -> None:
    """Let the friends of a character know that its player came or went."""
    theirs = friends.friends_of(character_id)
    if theirs:
        seen = wire.FriendSeen(name=accounts.character(character_id).name, is_online=is_online)
        realtime.tell_characters((who, seen) for who in sorted(theirs))


def _lock_two(one: int, other: int) -> None:
    """Let nobody else change what two are to each other: both may ask at the same time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_TWO, [f"{min(one, other)}:{max(one, other)}"])


def _tell_asked(one: int, other: int) -> None:
    """Tell both that one asks the other, if that one hears of it."""
    known = accounts.characters([one, other])
    realtime.tell_character(one, wire.FriendChanged(name=known[other].name, standing="asked"))
    if selectors.hears(other, one):
        transaction.on_commit(lambda: _tell_request(known[one], other), robust=True)


def _tell_request(asking: accounts.CharacterRecord, other: int) -> None:
    is_again = friends.is_asked_again(asking.id, other)
    request = wire.FriendChanged(name=asking.name, standing="asked_me", is_again=is_again)
    realtime.tell_character(other, request)


def _tell(one: int, other: int, to_one: wire.Standing, to_other: wire.Standing) -> None:
    """Tell both what the other is now; who has blocked somebody hears nothing of it."""
    known = accounts.characters([one, other])
    for who, whom, standing in ((one, other, to_one), (other, one, to_other)):
        if who == one or selectors.hears(who, whom):
            realtime.tell_character(who, wire.FriendChanged(name=known[whom].name, standing=standing))
