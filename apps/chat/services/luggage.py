"""Whom a character does not hear goes along by name, for ids are a shard's own; so does who does not hear it.

Who is on another shard is blocked by name; with whoever comes here that turns into a block by id.
Friends are of one shard: a friendship ends with the journey, unless that ends where it began.
"""

from __future__ import annotations

from collections.abc import Iterator

from apps.accounts import selectors
from apps.accounts import services as accounts
from apps.accounts.services import Blocker, Content, Journey
from apps.chat.models import Block, BlockedName, Friend, PartyMember

_PARTY = Blocker("party", "a party", "un groupe")


def blockers(character_id: int, fee: int) -> Iterator[Blocker]:
    """A party is left first: its members are told who goes."""
    if PartyMember.objects.filter(character_id=character_id).exists():
        yield _PARTY


def pack(journey: Journey) -> Content:
    """Take along whom it does not hear; who does not hear it keeps to that by its name."""
    me = journey.character_id
    blocked = list(Block.objects.filter(character_id=me).values_list("blocked_id", flat=True))
    elsewhere = BlockedName.objects.filter(character_id=me)
    keys = {*selectors.name_keys(blocked).values(), *elsewhere.values_list("name_key", flat=True)}
    my_key = selectors.name_keys([me])[me]
    deaf = Block.objects.filter(blocked_id=me)
    BlockedName.objects.bulk_create(
        (
            BlockedName(character_id=who, name_key=my_key)
            for who in deaf.values_list("character_id", flat=True)
        ),
        ignore_conflicts=True,
    )
    wanted, wanting = Friend.objects.filter(character_id=me), Friend.objects.filter(friend_id=me)
    content = {
        "blocked": sorted(keys),
        "friends": sorted(wanted.values_list("friend_id", flat=True)),
        "friend_of": sorted(wanting.values_list("character_id", flat=True)),
    }
    for rows in (deaf, elsewhere, Block.objects.filter(character_id=me), wanted, wanting):
        rows.delete()
    return content


def unpack(journey: Journey, brought: Content) -> None:
    """Do not hear the same people, here by their ids; nor be heard by who did not want to."""
    me = journey.character_id
    here = selectors.borne_here(brought["blocked"])
    Block.objects.bulk_create(
        (Block(character_id=me, blocked_id=who) for who in here.values() if who != me), ignore_conflicts=True
    )
    BlockedName.objects.bulk_create(
        (BlockedName(character_id=me, name_key=key) for key in brought["blocked"] if key not in here),
        ignore_conflicts=True,
    )
    deaf = BlockedName.objects.filter(name_key=selectors.name_keys([me])[me]).exclude(character_id=me)
    Block.objects.bulk_create(
        (Block(character_id=who, blocked_id=me) for who in deaf.values_list("character_id", flat=True)),
        ignore_conflicts=True,
    )
    deaf.delete()


def put_back(journey: Journey, brought: Content) -> None:
    """Let everything be as it was before the journey."""
    unpack(journey, brought)
    me = journey.character_id
    pairs = [(me, who) for who in brought.get("friends", ())]
    pairs += [(who, me) for who in brought.get("friend_of", ())]
    Friend.objects.bulk_create(
        (Friend(character_id=one, friend_id=other) for one, other in pairs), ignore_conflicts=True
    )


accounts.register_luggage(
    accounts.Luggage(name="chat", pack=pack, unpack=unpack, put_back=put_back, blockers=blockers)
)
