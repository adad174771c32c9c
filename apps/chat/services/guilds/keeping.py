"""What time, coming and going do to guilds: who is online, what lapses, foundings that were cut off."""

from __future__ import annotations

from aether.kernel import clock, shards
from aether.kernel.live import presence
from aether.protocol import guilds as wire
from apps.accounts import selectors as accounts
from apps.chat import guilds
from apps.chat.models import Guild, GuildInvitation, GuildMember
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import held_guild, in_realm, key_of
from apps.chat.services.guilds.founding import being_founded, mend_foundings
from apps.chat.services.guilds.inviting import close_lapsed


def note_guild_presence(*, character_id: int, is_online: bool) -> None:
    """Let the guild of a character, on every shard, know that its player came or went."""
    note_presences({key_of(character_id): is_online})


def note_presences(is_online: dict[str, bool]) -> None:
    """Write down who of some members is there, by their keys, and tell of those of whom that is new.

    Each guild is held by itself: after a restart they may be all that there are.
    """
    rows = GuildMember.objects.filter(pk__in=is_online, guild__founded_at__isnull=False)
    for guild_id in sorted(set(rows.values_list("guild_id", flat=True))):
        _note_in(guild_id, is_online)


@in_realm
def _note_in(guild_id: int, is_online: dict[str, bool]) -> None:
    guild = held_guild(guild_id)
    if guild is not None:
        _note(guild, is_online)


def _note(guild: Guild, is_online: dict[str, bool]) -> None:
    members = guild.members.filter(pk__in=is_online).select_related("name")
    changed = [each for each in members if (each.away_since is None) is not is_online[str(each.pk)]]
    for member in changed:
        member.away_since = None if is_online[str(member.pk)] else clock.utc_now()
    if changed:
        GuildMember.objects.bulk_update(changed, ["away_since"])
        news.tell(guild, wire.GuildChanged(members=guilds.members_shown(changed)))


def keep_guilds() -> None:
    """Do what time asks for on this shard: settle foundings, see who is gone, close what lapsed.

    What comes and goes is told at once; here is noticed what was lost on the way.
    """
    for founder_id in being_founded():
        mend_foundings(founder_id)
    unnoticed = _unnoticed() | _on_silent_shards()
    if unnoticed:
        note_presences(unnoticed)
    lapsed = GuildInvitation.objects.filter(expires_at__lte=clock.utc_now())
    for guild_id in sorted(set(lapsed.values_list("guild_id", flat=True))):
        _close_lapsed(guild_id)


def _unnoticed() -> dict[str, bool]:
    """Return who of this shard came or went and is not written down so.

    It looks at those who are here, or said to be: whoever stays away costs nothing.
    """
    online = set(presence.online_characters())
    members = GuildMember.objects.filter(name__shard=shards.here(), guild__founded_at__isnull=False)
    noted = members.filter(away_since__isnull=True).values_list("pk", flat=True)
    gone = {key: False for key, who in accounts.borne_here(noted).items() if who not in online}
    here = accounts.name_keys(online).values()
    come = members.filter(pk__in=list(here), away_since__isnull=False).values_list("pk", flat=True)
    return gone | dict.fromkeys(come, True)


def _on_silent_shards() -> dict[str, bool]:
    """Return who is said to be on a shard that says nothing any more: nobody else will write it down."""
    silent = [each.id for each in shards.shards() if each.standing == "away" and each.id != shards.here()]
    if not silent:
        return {}
    members = GuildMember.objects.filter(name__shard__in=silent, away_since__isnull=True)
    return dict.fromkeys(members.values_list("pk", flat=True), False)


@in_realm
def _close_lapsed(guild_id: int) -> None:
    guild = held_guild(guild_id)
    if guild is not None and close_lapsed(guild):
        news.tell(guild, wire.GuildChanged(invited=guilds.invited_shown(guild.pk)))
