"""What is known of friends: who agreed with whom, who asks, and where friends are."""

from __future__ import annotations

from aether.kernel import live
from aether.protocol import friends as wire
from apps.accounts import selectors as accounts
from apps.chat.models import Friend
from apps.chat.selectors import blocked_by, zones_of


def befriended_by(character_id: int) -> frozenset[int]:
    """Return whom a character wants for friends."""
    rows = Friend.objects.filter(character_id=character_id)
    return frozenset(rows.values_list("friend_id", flat=True))


def wishing(character_id: int) -> frozenset[int]:
    """Return who wants a character for a friend."""
    rows = Friend.objects.filter(friend_id=character_id)
    return frozenset(rows.values_list("character_id", flat=True))


def friends_of(character_id: int) -> frozenset[int]:
    """Return the friends of a character: who wants it, and is wanted."""
    return befriended_by(character_id) & wishing(character_id)


def standing(character_id: int) -> wire.Friends:
    """Return the friends of a character as it sees them; who is blocked asks in vain."""
    mine, theirs = befriended_by(character_id), wishing(character_id)
    friends, asking = mine & theirs, theirs - mine - blocked_by(character_id)
    known = accounts.characters(mine | asking)
    zones, online = zones_of(friends), live.online_among(sorted(friends))
    return wire.Friends(
        friends=[
            wire.Friend(
                character=each.id,
                name=each.name,
                class_id=each.class_id,
                level=each.level,
                zone=zones[each.id].rpartition(".")[0] if each.id in zones else None,
                is_online=each.id in online,
            )
            for each in sorted(known.values(), key=lambda each: each.name.casefold())
            if each.id in friends
        ],
        asking_me=sorted((known[who].name for who in asking if who in known), key=str.casefold),
        asked=sorted((known[who].name for who in mine - theirs if who in known), key=str.casefold),
    )
