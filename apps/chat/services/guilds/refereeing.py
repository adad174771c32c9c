"""What game masters do to guilds: rename, change the message, hand over, disband; each with a reason.

The journal of the shard is first: an act without a trace would be worse than a trace without its act.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from aether.kernel import audit, realm
from aether.kernel.errors import NotFoundError
from aether.protocol import guilds as wire
from apps.accounts import selectors as accounts
from apps.chat.errors import GuildNameTakenError
from apps.chat.models import Guild
from apps.chat.rules import guilds as rules
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import held_guild, member_of
from apps.chat.services.guilds.founding import checked_name
from apps.chat.services.guilds.membership import disband, enthrone, write_motd


def rename_guild(*, actor: AbstractBaseUser, guild_id: int, name: str, reason: str) -> None:
    """Give a guild another name, by the same rules as at its founding (staff)."""
    name = checked_name(name)
    try:
        with _refereed(actor, guild_id, "rename_guild", reason, name=name) as guild:
            guild.name, guild.name_key = name, rules.skeleton(name)
            guild.save(update_fields=["name", "name_key"])
            news.tell(guild, wire.GuildChanged(name=name))
    except IntegrityError as error:
        raise GuildNameTakenError from error


def change_guild_motd(*, actor: AbstractBaseUser, guild_id: int, text: str, reason: str) -> None:
    """Write another message of the day, or none (staff)."""
    with _refereed(actor, guild_id, "change_guild_motd", reason, text=text) as guild:
        write_motd(guild, text)


def hand_over_as_staff(*, actor: AbstractBaseUser, guild_id: int, name: str, reason: str) -> None:
    """Let another member lead a guild (staff)."""
    with _refereed(actor, guild_id, "hand_over_guild", reason, to=name) as guild:
        heir = member_of(guild, accounts.name_key(name))
        if heir.pk != guild.leader_id:
            enthrone(guild, heir)


def disband_as_staff(*, actor: AbstractBaseUser, guild_id: int, reason: str) -> None:
    """End a guild (staff)."""
    with _refereed(actor, guild_id, "disband_guild", reason) as guild:
        disband(guild)


@contextmanager
def _refereed(
    actor: AbstractBaseUser, guild_id: int, action: str, reason: str, **details: str
) -> Iterator[Guild]:
    with realm.atomic(), transaction.atomic():
        guild = held_guild(guild_id)
        if guild is None:
            raise NotFoundError
        audit.record(actor, action, f"guild:{guild_id}", reason, {"guild": guild.name, **details})
        yield guild
