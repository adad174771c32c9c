"""Who hears whom, who is with whom, and in which channel of its zone a character speaks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.chat.errors import NowhereError, UnknownCharacterError
from apps.chat.lines import Unheard
from apps.chat.models import Block, BlockedName, PartyMember

ZoneFinder = Callable[[Collection[int]], dict[int, str]]
"""Returns the copies of zones that characters stand in, of those who do. Runs in a database thread."""

_BLOCKED = "SELECT blocked_id FROM chat_block WHERE character_id = %s"
_BLOCKS = "SELECT 1 FROM chat_block WHERE character_id = %s AND blocked_id = %s LIMIT 1"

# Written out: everybody who comes somewhere asks.
_KEPT_TOGETHER = """
    SELECT mate.character_id, true FROM chat_partymember AS own
    JOIN chat_partymember AS mate ON mate.party_id = own.party_id AND mate.character_id <> own.character_id
    WHERE own.character_id = %(character)s
    UNION ALL
    SELECT wanted.friend_id, false FROM chat_friend AS wanted
    JOIN chat_friend AS wanting
        ON wanting.character_id = wanted.friend_id AND wanting.friend_id = wanted.character_id
    WHERE wanted.character_id = %(character)s
"""
_COMPANY = """
    SELECT party.id, party.leader_id, member.character_id
    FROM chat_partymember AS own
    JOIN chat_party AS party ON party.id = own.party_id
    JOIN chat_partymember AS member ON member.party_id = party.id
    WHERE own.character_id = %s ORDER BY member.joined_at, member.id
"""

_zone_finders: list[ZoneFinder] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A party as other apps see it; members in the order in which they came."""

    id: int
    leader: int
    members: tuple[int, ...]


def register_zone_finder(find: ZoneFinder) -> None:
    """Let an app further up say where characters are."""
    _zone_finders[:] = [find]


def zone_of(character_id: int) -> str:
    """Return the copy of a zone that a character stands in; refuse who is not in the world."""
    found = zones_of([character_id])
    if character_id not in found:
        raise NowhereError
    return found[character_id]


def zones_of(character_ids: Collection[int]) -> dict[int, str]:
    """Return the copies of zones that characters stand in; who is not in the world is not in it."""
    return {who: zone for find in _zone_finders for who, zone in find(character_ids).items()}


def character_named(name: str) -> int:
    """Return the character here of a name; refuse a name that nobody bears."""
    try:
        return accounts.character_named(name).id
    except NotFoundError:
        raise UnknownCharacterError from None


def blocked_by(character_id: int) -> frozenset[int]:
    """Return whom a character does not hear."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED, [character_id])
        return frozenset(blocked for (blocked,) in cursor)


def unheard_by(character_id: int) -> Unheard:
    """Return whose lines a character does not read, on whichever shard they are said."""
    keys = BlockedName.objects.filter(character_id=character_id).values_list("name_key", flat=True)
    return Unheard(ids=blocked_by(character_id), names=frozenset(keys))


def blocked_names(character_id: int) -> list[str]:
    """Return the names of those whom a character does not hear, those on other shards included."""
    here = [each.name for each in accounts.characters(blocked_by(character_id)).values()]
    keys = BlockedName.objects.filter(character_id=character_id).values_list("name_key", flat=True)
    written = accounts.names_of_keys(keys)
    # A name that nobody bears any more is told as it was kept: it can still be unblocked.
    return sorted([*here, *(written.get(key, key) for key in keys)], key=str.casefold)


def hears(character_id: int, speaker_id: int) -> bool:
    """Tell if a character listens to another."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, [character_id, speaker_id])
        return cursor.fetchone() is None


def hears_name(character_id: int, name: str) -> bool:
    """Tell if a character listens to somebody of another shard."""
    key = accounts.name_key(name)
    return not BlockedName.objects.filter(character_id=character_id, name_key=key).exists()


def hears_called(character_id: int, name: str) -> bool:
    """Tell if a character listens to somebody of a name, who is on this shard or on another."""
    key = accounts.name_key(name)
    speaker_id = accounts.borne_here([key]).get(key)
    return hears_name(character_id, name) if speaker_id is None else hears(character_id, speaker_id)


def unheard_among(character_id: int, keys: Iterable[str]) -> frozenset[str]:
    """Return to whom a character does not listen, of some on any shard, by what tells their names apart."""
    asked = frozenset(keys)
    if not asked:
        return asked
    here, blocked = accounts.borne_here(asked), unheard_by(character_id)
    return frozenset(
        key for key in asked if (here[key] in blocked.ids if key in here else key in blocked.names)
    )


def deaf_to(speaker_id: int, character_ids: Collection[int]) -> frozenset[int]:
    """Return who of these characters does not listen to another."""
    blocks = Block.objects.filter(character_id__in=character_ids, blocked_id=speaker_id)
    return frozenset(blocks.values_list("character_id", flat=True))


def companions_of(character_ids: Collection[int]) -> frozenset[int]:
    """Return all who are in a party with one of these characters, those of them in parties included."""
    mates = PartyMember.objects.filter(party__members__character_id__in=character_ids)
    return frozenset(mates.values_list("character_id", flat=True))


def kept_together(character_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return who wants to be where a character is: the others of its party, and its friends."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_TOGETHER, {"character": character_id})
        rows = cursor.fetchall()
    party = frozenset(who for who, is_mate in rows if is_mate)
    return party, frozenset(who for who, is_mate in rows if not is_mate) - party


def company_of(character_id: int) -> Company | None:
    """Return the party that a character is in, if any."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPANY, [character_id])
        members = cursor.fetchall()
    if not members:
        return None
    party, leader, _ = members[0]
    return Company(id=party, leader=leader, members=tuple(who for _, _, who in members))
