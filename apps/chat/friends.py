"""What is known of friends: who agreed with whom, who asks, where friends are, and who hears whom not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from aether.kernel import live
from aether.kernel.live import redis
from aether.protocol import friends as wire
from apps.accounts import selectors as accounts
from apps.chat.models import Block, BlockedName, Friend
from apps.chat.selectors import blocked_by, zones_of

NEWS_EVERY = timedelta(days=1)
"""How often a request of one for another is news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """What others are to a character, each since when."""

    friends: Mapping[int, datetime]
    asking: Mapping[int, datetime]
    asked: Mapping[int, datetime]
    blocking: Mapping[int, datetime]
    blocked: Mapping[int, datetime]
    blocked_names: Mapping[str, datetime]


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


def is_asked_again(character_id: int, other_id: int) -> bool:
    """Tell if one has asked the other within a day, and note that it does. Call outside transactions."""
    try:
        return not redis().set(asked_key(character_id, other_id), 1, nx=True, ex=NEWS_EVERY)
    except (RedisError, OSError):
        return True


def asked_key(character_id: int, other_id: int) -> str:
    return f"chat:asked:{character_id}:{other_id}"


def bonds_of(character_id: int) -> Bonds:
    """Return what others are to a character, as the staff see it."""
    mine = dict(Friend.objects.filter(character_id=character_id).values_list("friend_id", "at"))
    theirs = dict(Friend.objects.filter(friend_id=character_id).values_list("character_id", "at"))
    names = BlockedName.objects.filter(character_id=character_id)
    return Bonds(
        friends={who: max(mine[who], theirs[who]) for who in mine.keys() & theirs.keys()},
        asking={who: theirs[who] for who in theirs.keys() - mine.keys()},
        asked={who: mine[who] for who in mine.keys() - theirs.keys()},
        blocking=dict(Block.objects.filter(blocked_id=character_id).values_list("character_id", "at")),
        blocked=dict(Block.objects.filter(character_id=character_id).values_list("blocked_id", "at")),
        blocked_names=dict(names.values_list("name_key", "at")),
    )
