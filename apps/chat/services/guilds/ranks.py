"""The ranks of a guild: making, changing, moving and doing away with those below one's own."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from aether.kernel import plain_text
from aether.protocol import guilds as wire
from apps.chat import guilds
from apps.chat.errors import (
    BadTextError,
    LastRankError,
    RankNameTakenError,
    RankTooHighError,
    TooManyRanksError,
)
from apps.chat.models import Guild, GuildRank
from apps.chat.rules import guilds as rules
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import Actor, actor, in_realm, speak


@in_realm
def add_rank(*, character_id: int, name: str, permissions: Collection[str], below: int) -> None:
    """Make a rank just below another, which is the own one or lower."""
    speak(character_id)
    acting = actor(character_id)
    acting.require("ranks")
    above, granted = acting.rank_of(below), rules.bits(permissions)
    acting.require_above(above.position + 1)
    acting.require_all_of(granted)
    if acting.guild.ranks.count() >= rules.RANKS_MAX:
        raise TooManyRanksError(most=rules.RANKS_MAX)
    said = _named(acting.guild, name)
    _shift(acting.guild, above.position, by=1)
    GuildRank.objects.create(guild=acting.guild, position=above.position + 1, name=said, permissions=granted)
    moved = acting.guild.members.filter(rank__position__gt=above.position + 1)
    news.tell(acting.guild, wire.GuildChanged(ranks=guilds.ranks_shown(acting.guild.pk)), moved=moved)


@in_realm
def edit_rank(*, character_id: int, rank_id: int, name: str, permissions: Collection[str]) -> None:
    """Change a rank below the own one; what it is given beyond what it has, one must have oneself.

    The leader may rename the own rank, which keeps every permission.
    """
    acting = actor(character_id)
    acting.require("ranks")
    rank, wanted = acting.rank_of(rank_id), rules.bits(permissions)
    _require_editable(acting, rank, wanted)
    acting.require_all_of(rules.granted_by_edit(rank.permissions, wanted))
    if name != rank.name:
        speak(character_id)
        rank.name = _named(acting.guild, name, but=rank)
    is_another = rank.permissions != wanted
    rank.permissions = wanted
    rank.save(update_fields=["name", "permissions"])
    moved = acting.guild.members.filter(rank=rank) if is_another else ()
    news.tell(acting.guild, wire.GuildChanged(ranks=guilds.ranks_shown(acting.guild.pk)), moved=moved)


@in_realm
def move_rank(*, character_id: int, rank_id: int, below: int) -> None:
    """Let a rank below the own one stand just below another, which is the own one or lower.

    Whoever lets another one be the last gives newcomers what that one may do.
    """
    acting = actor(character_id)
    acting.require("ranks")
    rank, above = acting.rank_of(rank_id), acting.rank_of(below)
    acting.require_above(rank.position)
    acting.require_above(above.position + 1)
    before = list(acting.guild.ranks.all())
    after = rules.moved(before, rank, above)
    if after == before:
        return
    if after[-1] != before[-1]:
        acting.require_all_of(after[-1].permissions)
    others = [each for position, each in enumerate(after) if each.position != position]
    for position, each in enumerate(after):
        each.position = position
    GuildRank.objects.bulk_update(after, ["position"])
    moved = acting.guild.members.filter(rank__in=others)
    news.tell(acting.guild, wire.GuildChanged(ranks=guilds.ranks_shown(acting.guild.pk)), moved=moved)


@in_realm
def remove_rank(*, character_id: int, rank_id: int) -> None:
    """Do away with a rank below the own one; whoever has it takes the next lower one."""
    acting = actor(character_id)
    acting.require("ranks")
    rank = acting.rank_of(rank_id)
    acting.require_above(rank.position)
    lower = acting.guild.ranks.filter(position__gt=rank.position).first()
    if lower is None:
        raise LastRankError
    moved = list(acting.guild.members.filter(rank=rank).select_related("name"))
    if moved:
        acting.require_all_of(lower.permissions)
    acting.guild.members.filter(rank=rank).update(rank=lower)
    for member in moved:
        member.rank = lower
    below = list(
        acting.guild.members.filter(rank__position__gt=rank.position).exclude(
            pk__in=[each.pk for each in moved]
        )
    )
    rank.delete()
    _shift(acting.guild, rank.position, by=-1)
    news.tell(
        acting.guild,
        wire.GuildChanged(ranks=guilds.ranks_shown(acting.guild.pk), members=guilds.members_shown(moved)),
        moved=[*moved, *below],
    )


def _require_editable(acting: Actor, rank: GuildRank, wanted: int) -> None:
    is_renamed = acting.is_leader and rank.position == rules.LEADER and wanted == rank.permissions
    if not is_renamed and not rules.may_touch(acting.rank, rank.position):
        raise RankTooHighError


def _shift(guild: Guild, position: int, *, by: int) -> None:
    """Move the ranks below a position; two may share one until the transaction ends."""
    guild.ranks.filter(position__gt=position).update(position=F("position") + by)


def _named(guild: Guild, name: str, *, but: GuildRank | None = None) -> str:
    """Return a rank's name as it is stored; refuse one that another rank of the guild has."""
    said = plain_text.cleaned(name, longest=rules.RANK_NAME_LENGTH_MAX)
    if said is None:
        raise BadTextError
    others = [rank.name for rank in guild.ranks.all() if but is None or rank.pk != but.pk]
    if said.casefold() in (each.casefold() for each in others):
        raise RankNameTakenError(name=said)
    return said
