"""What is known of guilds: who is in which, how one is shown, and who is asked into one.

Guilds lie in the realm, characters on their shards: what ties them is the name. So whoever is meant by its
number here is looked up by its name there; nothing joins the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections
from django.db.models import Count, QuerySet

from aether.kernel import clock, content, realm
from aether.protocol import guilds as wire
from apps.accounts import selectors as accounts
from apps.chat import selectors
from apps.chat.definitions import GuildRules
from apps.chat.models import Guild, GuildInvitation, GuildMember, GuildRank
from apps.chat.rules import guilds as rules

R = TypeVar("R")

PREFIX = "guild"
ID_MAX = 2**53 - 1
INVITATIONS_SHOWN = 20

_MEMBERSHIPS = """
    SELECT member.name_id, guild.id, guild.name, rank.name, member.joined_at, rank.position, rank.permissions
    FROM chat_guildmember member
    JOIN chat_guild guild ON guild.id = member.guild_id
    JOIN chat_guildrank rank ON rank.id = member.rank_id
    WHERE member.name_id = ANY(%s) AND guild.founded_at IS NOT NULL
"""
"""Written out: it is asked for whoever comes into a zone, and composing it costs more than its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A character in its guild, with the rank that it has there."""

    guild: int
    name: str
    rank: str
    joined_at: datetime
    standing: rules.Standing


def stream_of(guild_id: int) -> str:
    return f"{PREFIX}:{guild_id}"


def followed(guild_id: int) -> tuple[str, str]:
    """Return what the members of a guild follow: what becomes of it, and what is said in it."""
    return stream_of(guild_id), f"chat:{stream_of(guild_id)}"


def price() -> int:
    """Return what founding a guild costs, in glim, as the content says."""
    return next(iter(content.current().all(GuildRules).values()), GuildRules()).founding_price


def memberships(character_ids: Collection[int]) -> dict[int, Membership]:
    """Return the guilds that characters of this shard are in, of those who are in one."""
    keys = accounts.name_keys(character_ids)
    found = memberships_by_key(keys.values())
    return {who: found[key] for who, key in keys.items() if key in found}


def memberships_by_key(keys: Iterable[str]) -> dict[str, Membership]:
    """Return the guilds that characters of the realm are in, by what tells their names apart."""
    with connections[realm.alias()].cursor() as cursor:
        cursor.execute(_MEMBERSHIPS, [list(keys)])
        return {
            key: Membership(
                guild=guild,
                name=name,
                rank=rank,
                joined_at=joined_at,
                standing=rules.Standing(position, permissions),
            )
            for key, guild, name, rank, joined_at, position, permissions in cursor.fetchall()
        }


def streams(character_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the streams of their guilds that characters have to follow.

    While a realm apart does not answer that is none: nobody's other streams wait for it.
    """
    none: dict[int, Membership] = {}
    found = _unless_away(lambda: memberships(character_ids), none)
    return [(who, stream) for who, own in found.items() for stream in followed(own.guild)]


def names_of(guild_ids: Collection[int]) -> dict[int, str]:
    """Return how guilds are called, of those that there are; of none while a realm apart does not answer."""
    return _unless_away(lambda: dict(_founded().filter(pk__in=guild_ids).values_list("pk", "name")), {})


def versions(guild_ids: Collection[int]) -> dict[int, int]:
    """Return how often guilds have changed, of those that there are."""
    return dict(_founded().filter(pk__in=guild_ids).values_list("pk", "version"))


def standing(character_id: int) -> wire.GuildStanding:
    """Return the guild of a character, and what it is asked; nothing while a realm apart does not answer."""
    key = accounts.name_keys([character_id])[character_id]
    nothing = wire.GuildStanding(guild=None, stream=None, invitations=(), price=price())
    return _unless_away(lambda: _standing(character_id, key), nothing)


def _standing(character_id: int, key: str) -> wire.GuildStanding:
    own = memberships_by_key([key]).get(key)
    return wire.GuildStanding(
        guild=None if own is None else own.guild,
        stream=None if own is None else stream_of(own.guild),
        invitations=tuple(_invitations_to(character_id, key)),
        price=price(),
    )


def shown(guild_id: int) -> tuple[int, wire.Guild] | None:
    """Return a guild as its members see it, with its version; None where there is none.

    The version is read first: what has changed since is told again, never lost.
    """
    guild = _founded().select_related("leader").filter(pk=guild_id).first()
    if guild is None or guild.founded_at is None:
        return None
    members = GuildMember.objects.filter(guild=guild).select_related("name")
    return guild.version, wire.Guild(
        id=guild.pk,
        name=guild.name,
        leader=guild.leader.name,
        motd=guild.motd,
        founded_at=guild.founded_at.timestamp(),
        ranks=ranks_shown(guild.pk),
        members=members_shown(members),
        invited=invited_shown(guild.pk),
    )


def ranks_shown(guild_id: int) -> tuple[wire.GuildRank, ...]:
    return tuple(
        wire.GuildRank(id=each.pk, name=each.name, permissions=rules.named(each.permissions))
        for each in GuildRank.objects.filter(guild_id=guild_id)
    )


def members_shown(members: Iterable[GuildMember]) -> tuple[wire.GuildMember, ...]:
    """Return members, with their names, as the others see them."""
    return tuple(
        wire.GuildMember(
            name=each.name.name,
            rank=each.rank_id,
            shard=each.name.shard,
            joined_at=each.joined_at.timestamp(),
            away_since=None if each.away_since is None else each.away_since.timestamp(),
        )
        for each in members
    )


def invited_shown(guild_id: int) -> tuple[wire.GuildInvited, ...]:
    rows = open_invitations().filter(guild_id=guild_id).select_related("invited")
    return tuple(
        wire.GuildInvited(invitation=each.pk, name=each.invited.name, expires_at=each.expires_at.timestamp())
        for each in rows
    )


def _invitations_to(character_id: int, key: str) -> list[wire.GuildInvitation]:
    """Return the open invitations of a character, the latest first, but of those whom it does not hear."""
    rows = open_invitations().filter(invited_id=key)
    unheard = selectors.unheard_among(character_id, rows.values_list("inviter_id", flat=True))
    heard = rows.exclude(inviter_id__in=unheard).select_related("guild", "inviter").order_by("-pk")
    latest = list(heard[:INVITATIONS_SHOWN])
    counts = members_of({row.guild_id for row in latest}) if latest else {}
    return [invitation_shown(row, counts.get(row.guild_id, 0)) for row in latest]


def is_heard(character_id: int, row: GuildInvitation) -> bool:
    """Tell if who is asked, a character of this shard, listens to who asks, of any."""
    return selectors.hears_called(character_id, row.inviter.name)


def members_of(guild_ids: Iterable[int]) -> Mapping[int, int]:
    """Return how many members guilds have."""
    rows = GuildMember.objects.filter(guild_id__in=set(guild_ids)).order_by()
    return dict(rows.values_list("guild_id").annotate(Count("pk")))


def invitation_shown(row: GuildInvitation, members: int) -> wire.GuildInvitation:
    return wire.GuildInvitation(
        invitation=row.pk,
        guild=row.guild.name,
        name=row.inviter.name,
        members=members,
        expires_at=row.expires_at.timestamp(),
    )


def open_invitations() -> QuerySet[GuildInvitation]:
    return GuildInvitation.objects.filter(expires_at__gt=clock.utc_now())


def _unless_away(read: Callable[[], R], otherwise: R) -> R:
    """Return what is read of the realm, and something else while a realm apart does not answer."""
    try:
        return read()
    except (OperationalError, InterfaceError):
        if not realm.is_apart():
            raise
        return otherwise


def _founded() -> QuerySet[Guild]:
    return Guild.objects.filter(founded_at__isnull=False)
