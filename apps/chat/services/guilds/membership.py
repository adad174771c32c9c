"""Being in a guild: leaving, sending away, ranks of members, leading, the message of the day, and the end."""

from __future__ import annotations

from collections.abc import Collection

from aether.protocol import guilds as wire
from apps.chat import guilds
from apps.chat.errors import BadTextError, GuildNameWrongError, LeaderStaysError
from apps.chat.models import Guild, GuildMember
from apps.chat.rules import guilds as rules
from apps.chat.rules import plain_motd
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import actor, held_guild, in_realm, speak


@in_realm
def leave_guild(*, character_id: int) -> None:
    """Leave one's guild, unless one leads it."""
    acting = actor(character_id)
    if acting.is_leader:
        raise LeaderStaysError
    remove(acting.guild, acting.member, cause="left")


@in_realm
def remove_from_guild(*, character_id: int, name: str) -> None:
    """Send away a member of a lower rank."""
    acting = actor(character_id)
    acting.require("kick")
    member = acting.other(name)
    acting.require_above(member.rank.position)
    remove(acting.guild, member, cause="removed")


@in_realm
def change_member_rank(*, character_id: int, name: str, rank_id: int) -> None:
    """Give a member of a lower rank another rank below one's own, of no permission that one lacks."""
    acting = actor(character_id)
    acting.require("promote")
    member, rank = acting.other(name), acting.rank_of(rank_id)
    acting.require_above(member.rank.position)
    acting.require_above(rank.position)
    acting.require_all_of(rank.permissions)
    member.rank = rank
    member.save(update_fields=["rank"])
    news.tell(acting.guild, wire.GuildChanged(members=guilds.members_shown([member])), moved=[member])


@in_realm
def hand_over_guild(*, character_id: int, name: str) -> None:
    """Let another member lead."""
    acting = actor(character_id)
    acting.require_leader()
    enthrone(acting.guild, acting.other(name))


@in_realm
def change_motd(*, character_id: int, text: str) -> None:
    """Write the message of the day, in plain text, or none."""
    speak(character_id)
    acting = actor(character_id)
    acting.require("motd")
    write_motd(acting.guild, text)


@in_realm
def disband_guild(*, character_id: int, name: str) -> None:
    """End a guild, for whoever says its name again."""
    acting = actor(character_id)
    acting.require("dissolve")
    if rules.skeleton(name) != acting.guild.name_key:
        raise GuildNameWrongError(name=acting.guild.name)
    disband(acting.guild)


def let_go(keys: Collection[str]) -> None:
    """Let those whose names end leave their guilds; one that loses its leader goes on with the next.

    Call inside a transaction of the realm.
    """
    gone = GuildMember.objects.filter(pk__in=list(keys))
    # In the order of the guilds, as everybody holds more than one.
    for guild_id in sorted(set(gone.values_list("guild_id", flat=True))):
        guild = held_guild(guild_id) or Guild.objects.select_for_update().get(pk=guild_id)
        for member in gone.filter(guild=guild).select_related("rank", "name"):
            _let_go(guild, member)


def _let_go(guild: Guild, member: GuildMember) -> None:
    if guild.leader_id == member.pk:
        others = guild.members.exclude(pk=member.pk).select_related("rank", "name")
        heir = others.order_by("rank__position", "joined_at", "pk").first()
        if heir is None:
            disband(guild)
            return
        enthrone(guild, heir)
        member.refresh_from_db()
    remove(guild, member, cause="left")


def remove(guild: Guild, member: GuildMember, *, cause: news.Cause) -> None:
    """Let somebody be no member any more, and ask nobody in. Call while holding the guild."""
    key, name = str(member.pk), member.name.name
    member.delete()
    words = [news.goes(key, guild, cause=cause), *_withdrawn(guild, inviter=key)]
    is_asking, _ = guild.invitations.filter(inviter=key).delete()
    invited = guilds.invited_shown(guild.pk) if is_asking else None
    news.tell(guild, wire.GuildChanged(gone=(name,), invited=invited), words)


def enthrone(guild: Guild, heir: GuildMember) -> None:
    """Let a member lead, and tell it; who led takes the rank below. Call while holding the guild."""
    first, second = guild.ranks.all()[:2]
    before = guild.members.select_related("name").get(pk=guild.leader_id)
    before.rank, heir.rank = second, first
    guild.leader = heir.name
    for member in (before, heir):
        member.save(update_fields=["rank"])
    guild.save(update_fields=["leader"])
    both = [before, heir]
    change = wire.GuildChanged(leader=heir.name.name, members=guilds.members_shown(both))
    news.tell(guild, change, moved=both)


def write_motd(guild: Guild, text: str) -> None:
    """Change the message of a guild, and tell it. Call while holding the guild."""
    said = plain_motd(text)
    if said is None:
        raise BadTextError
    guild.motd = said
    guild.save(update_fields=["motd"])
    news.tell(guild, wire.GuildChanged(motd=said))


def disband(guild: Guild) -> None:
    """End a guild, and tell everybody who was in it or asked into it. Call while holding the guild."""
    words = [
        news.goes(str(key), guild, cause="disbanded") for key in guild.members.values_list("pk", flat=True)
    ]
    news.tell(guild, None, [*words, *_withdrawn(guild)])
    guild.delete()


def _withdrawn(guild: Guild, **whose: str) -> list[news.Word]:
    """Return what both sides of a guild's invitations are told when these end."""
    rows = guilds.open_invitations().filter(guild=guild, **whose).select_related("inviter", "invited")
    return [word for row in rows for word in news.closes(row, answer="withdrawn")]
