"""Who acts in a guild: its row is held first, then the actor's own rank says what it may do.

Everything that changes a guild lies in the realm and is one transaction there, inside that of the shard,
which keeps the receipt of the command. Where the two are apart the realm's commits first: a command whose
process dies between the two is executed again, and finds done what it asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db.models import QuerySet

from aether.kernel import realm
from aether.kernel.transactions import transactional
from apps.accounts import selectors as accounts
from apps.chat import limits
from apps.chat.errors import (
    LackedPermissionError,
    MutedError,
    NoGuildError,
    NotGuildLeaderError,
    NotInGuildError,
    NotPermittedError,
    OneselfError,
    RankTooHighError,
    UnknownRankError,
)
from apps.chat.models import Guild, GuildMember, GuildRank
from apps.chat.rules import guilds as rules

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member of a guild whose row is held, as both are now."""

    guild: Guild
    member: GuildMember

    @property
    def key(self) -> str:
        return str(self.member.pk)

    @property
    def rank(self) -> rules.Standing:
        return self.member.rank.standing

    @property
    def is_leader(self) -> bool:
        return str(self.guild.leader_id) == self.key

    def require(self, permission: rules.Permission) -> None:
        if not rules.has(self.rank, permission):
            raise NotPermittedError(permission=permission)

    def require_leader(self) -> None:
        if not self.is_leader:
            raise NotGuildLeaderError

    def require_above(self, position: int) -> None:
        if not rules.may_touch(self.rank, position):
            raise RankTooHighError

    def require_all_of(self, granted: int) -> None:
        """Refuse to hand out what the actor does not have itself."""
        lacked = rules.lacked(self.rank, granted)
        if lacked:
            raise LackedPermissionError(permission=", ".join(lacked))

    def other(self, name: str) -> GuildMember:
        """Return somebody else of the guild."""
        key = accounts.name_key(name)
        if key == self.key:
            raise OneselfError
        return member_of(self.guild, key)

    def rank_of(self, rank_id: int) -> GuildRank:
        """Return a rank of the guild."""
        rank = GuildRank.objects.filter(pk=rank_id, guild=self.guild).first()
        if rank is None:
            raise UnknownRankError
        return rank


def in_realm(work: Callable[P, R]) -> Callable[P, R]:
    """Let a function be one transaction of the realm, and a part of the shard's."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        with realm.atomic():
            return work(*args, **kwargs)

    return transactional(done)


def actor(character_id: int) -> Actor:
    """Return a character of this shard in its guild, of which nobody else changes anything meanwhile."""
    key = key_of(character_id)
    guild = Guild.objects.select_for_update(of=("self",)).filter(members=key, founded_at__isnull=False)
    found = guild.first()
    # Read again, now that the guild is held: whoever held it before may have sent the character away.
    member = None if found is None else _members(found).filter(pk=key).first()
    if found is None or member is None:
        raise NoGuildError
    return Actor(guild=found, member=member)


def require_voice(character_id: int) -> int:
    """Refuse who may not speak: what a guild shows is said by somebody. Return the account."""
    speaker = accounts.speakers([character_id]).get(character_id)
    if speaker is None or not speaker.may_speak:
        raise MutedError(until=speaker and speaker.speaks_from)
    return speaker.account_id


def speak(character_id: int) -> None:
    """Let what somebody writes in its guild count as a line that is said; refuse what would be too many."""
    limits.use_before(limits.speaking(require_voice(character_id)))


def key_of(character_id: int) -> str:
    """Return what tells the name of a character of this shard from all others."""
    return accounts.name_keys([character_id])[character_id]


def held_guild(guild_id: int) -> Guild | None:
    """Return a guild, held, if there is one."""
    found = Guild.objects.select_for_update(of=("self",)).filter(pk=guild_id, founded_at__isnull=False)
    return found.first()


def member_of(guild: Guild, key: str) -> GuildMember:
    """Return a member of a guild; refuse whoever is none."""
    member = _members(guild).filter(pk=key).first()
    if member is None:
        raise NotInGuildError
    return member


def _members(guild: Guild) -> QuerySet[GuildMember]:
    return GuildMember.objects.select_related("rank", "name").filter(guild=guild)
