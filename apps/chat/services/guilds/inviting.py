"""Asking somebody of the realm into a guild, the answers, and asking no more.

The guild's row is held, so that of two who come at once one finds it full. Whether who is asked hears the
inviter is known to its own shard alone: whoever does not is asked all the same, and never told.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError

from aether.kernel import clock, realm
from aether.kernel.errors import RateLimitedError
from aether.protocol import guilds as wire
from apps.accounts import selectors as accounts
from apps.chat import guilds, limits
from apps.chat.errors import (
    AlreadyInGuildError,
    AlreadyInvitedError,
    AskedOftenError,
    GuildFullError,
    InvitationGoneError,
    OneselfError,
    TheyHaveGuildError,
    TooManyInvitationsError,
    UnknownCharacterError,
)
from apps.chat.models import Guild, GuildInvitation, GuildMember
from apps.chat.rules import guilds as rules
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import actor, held_guild, in_realm, key_of

INVITATION_LIFE = timedelta(days=1)


@in_realm
def invite_to_guild(*, character_id: int, name: str) -> wire.GuildInvitationSent:
    """Ask somebody into one's guild; it has a day to answer, wherever it is."""
    acting = actor(character_id)
    acting.require("invite")
    # Whoever comes has the permissions of the last rank: the inviter gives them.
    last = acting.guild.ranks.last()
    acting.require_all_of(last.permissions if last else 0)
    invited = _somebody(name)
    if invited == acting.key:
        raise OneselfError
    _require_room(acting.guild)
    if GuildMember.objects.filter(pk=invited).exists():
        raise TheyHaveGuildError
    row = _keep(acting.guild, acting.key, invited)
    _require_patience(character_id, invited)
    members = acting.guild.members.count()
    news.tell(acting.guild, _asked_now(acting.guild), [news.asks(row, members)])
    return wire.GuildInvitationSent(invitation=row.pk, expires_at=row.expires_at.timestamp())


@in_realm
def accept_guild_invitation(*, character_id: int, invitation_id: int) -> wire.GuildEntered:
    """Come into the guild that asks, at its last rank."""
    guild, row = _open_invitation(character_id, invitation_id)
    _require_room(guild)
    last = guild.ranks.last()
    assert last is not None, "a guild has ranks"
    try:
        with realm.atomic():
            member = GuildMember.objects.create(name=row.invited, guild=guild, rank=last)
    except IntegrityError:
        raise AlreadyInGuildError from None
    words = [news.comes(str(row.invited_id), guild, cause="joined"), *news.closes(row, answer="accepted")]
    row.delete()
    change = wire.GuildChanged(members=guilds.members_shown([member]), invited=guilds.invited_shown(guild.pk))
    news.tell(guild, change, words)
    return wire.GuildEntered(guild=guild.pk, stream=guilds.stream_of(guild.pk))


@in_realm
def decline_guild_invitation(*, character_id: int, invitation_id: int) -> None:
    """Answer no."""
    guild, row = _open_invitation(character_id, invitation_id)
    words = news.closes(row, answer="declined")
    row.delete()
    news.tell(guild, _asked_now(guild), words)


@in_realm
def withdraw_guild_invitation(*, character_id: int, invitation_id: int) -> None:
    """Ask somebody no more, whoever of the guild has asked."""
    acting = actor(character_id)
    acting.require("invite")
    asked = guilds.open_invitations().filter(pk=invitation_id, guild=acting.guild)
    row = asked.select_related("guild", "inviter", "invited").first()
    if row is None:
        raise InvitationGoneError
    words = news.closes(row, answer="withdrawn")
    row.delete()
    news.tell(acting.guild, _asked_now(acting.guild), words)


def close_lapsed(guild: Guild) -> bool:
    """Close the invitations of a guild whose time is over; tell if there were any. Call while holding it."""
    return bool(guild.invitations.filter(expires_at__lte=clock.utc_now()).delete()[0])


def _asked_now(guild: Guild) -> wire.GuildChanged:
    return wire.GuildChanged(invited=guilds.invited_shown(guild.pk))


def _somebody(name: str) -> str:
    """Return the key of a name that somebody of the realm bears."""
    if accounts.whereabouts(name) is None:
        raise UnknownCharacterError
    return accounts.name_key(name)


def _require_room(guild: Guild) -> None:
    if guild.members.count() >= rules.MEMBERS_MAX:
        raise GuildFullError(most=rules.MEMBERS_MAX)


def _require_patience(character_id: int, invited: str) -> None:
    """Refuse to ask somebody again and again who declines; what is refused anyway does not count."""
    account_id = accounts.character(character_id).account_id
    try:
        limits.use_before(limits.inviting(account_id, invited))
    except RateLimitedError as error:
        raise AskedOftenError(**error.details) from error


def _keep(guild: Guild, inviter: str, invited: str) -> GuildInvitation:
    close_lapsed(guild)
    if guild.invitations.filter(invited_id=invited).exists():
        raise AlreadyInvitedError
    if guild.invitations.count() >= rules.INVITATIONS_MAX:
        raise TooManyInvitationsError
    return GuildInvitation.objects.create(
        guild=guild,
        inviter_id=inviter,
        invited_id=invited,
        expires_at=clock.utc_now() + INVITATION_LIFE,
    )


def _open_invitation(character_id: int, invitation_id: int) -> tuple[Guild, GuildInvitation]:
    """Return the guild that asks, held, and its invitation as it is then; refuse what nobody may answer."""
    mine = guilds.open_invitations().filter(pk=invitation_id, invited_id=key_of(character_id))
    wanted = mine.values_list("guild_id", flat=True).first()
    guild = None if wanted is None else held_guild(wanted)
    row = None if guild is None else mine.select_related("guild", "inviter", "invited").first()
    if guild is None or row is None or not guilds.is_heard(character_id, row):
        raise InvitationGoneError
    return guild, row
