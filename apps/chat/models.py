"""What chat keeps: who wants whom for a friend or not to be heard, parties, and guilds.

What was said is in Redis. Guilds are the realm's, as the names are that their members are bound to.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.chat.rules import MOTD_LENGTH_MAX
from apps.chat.rules import guilds as rules


class Announcement(models.Model):
    """What the staff have told everybody, or those in one zone copy."""

    text_en = models.CharField(_("in English"), max_length=300)
    text_fr = models.CharField(_("in French"), max_length=300)
    instance = models.CharField(_("zone copy"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        default_permissions = ("view",)
        permissions = (("announce", "Can speak to everybody as staff"),)

    def __str__(self) -> str:
        return self.text_en


class Block(models.Model):
    """One character does not hear another."""

    character_id = models.BigIntegerField(_("character"))
    blocked_id = models.BigIntegerField(_("blocked character"))
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "blocked_id"], name="block_once"),
            models.CheckConstraint(condition=~Q(character_id=F("blocked_id")), name="block_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} blocks {self.blocked_id}"


class BlockedName(models.Model):
    """A character does not hear somebody of another shard, whom only the name tells from others here."""

    character_id = models.BigIntegerField(_("character"))
    name_key = models.CharField(_("blocked name"), max_length=64, db_index=True)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "name_key"], name="name_blocked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} blocks {self.name_key}"


class Friend(models.Model):
    """One character wants another for a friend; they are friends when both do."""

    character_id = models.BigIntegerField(_("character"))
    friend_id = models.BigIntegerField(_("friend"), db_index=True)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "friend_id"], name="friend_once"),
            models.CheckConstraint(condition=~Q(character_id=F("friend_id")), name="friend_of_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} likes {self.friend_id}"


class Party(models.Model):
    """Characters who travel together. `version` counts its changes: the numbers of its stream."""

    leader_id = models.BigIntegerField(_("leader"))
    version = models.IntegerField(default=1)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self) -> str:
        return f"#{self.pk}"


class PartyMember(models.Model):
    """A character in its party; nobody is in two. `away_since` is when it was last seen to be offline."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="members")
    character_id = models.BigIntegerField(_("character"))
    joined_at = models.DateTimeField(_("joined"), default=clock.utc_now)
    away_since = models.DateTimeField(_("away since"), null=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering: ClassVar[list[str]] = ["joined_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id"], name="character_in_one_party"),
        ]

    def __str__(self) -> str:
        return f"#{self.character_id}"


class PartyInvitation(models.Model):
    """Somebody is asked into a party, until `expires_at`; one who does not hear the inviter never knows."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="invitations")
    inviter_id = models.BigIntegerField(_("inviter"))
    invited_id = models.BigIntegerField(_("invited character"), db_index=True)
    is_heard = models.BooleanField(_("heard"), db_default=True, default=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["party", "invited_id"], name="invited_once_to_a_party"),
        ]

    def __str__(self) -> str:
        return f"#{self.invited_id}"


class Guild(models.Model):
    """A guild of the realm. `version` counts its changes: the numbers of its stream.

    Until it is paid for, on the shard where it is founded, `founded_at` is empty and nobody sees it.
    """

    name = models.CharField(_("name"), max_length=rules.NAME_LENGTH_MAX)
    name_key = models.CharField(max_length=64, unique=True, editable=False)
    leader = models.ForeignKey(
        "accounts.CharacterName", on_delete=models.PROTECT, related_name="+", verbose_name=_("leader")
    )
    motd = models.CharField(_("message of the day"), max_length=MOTD_LENGTH_MAX, blank=True)
    version = models.IntegerField(default=1)
    founded_at = models.DateTimeField(_("founded"), null=True)
    shard = models.CharField(_("founded on"), max_length=32)
    founder_id = models.BigIntegerField(_("founder"))
    founding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    price = models.PositiveBigIntegerField(_("paid"))

    class Meta:
        verbose_name = _("guild")
        verbose_name_plural = _("guilds")
        default_permissions = ("view",)
        permissions = (("run_guild", "Can rename, hand over and disband guilds"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index("shard", name="guild_being_founded", condition=Q(founded_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class GuildRank(models.Model):
    """A rank of a guild. The first, at 0, is the leader's; newcomers begin with the last."""

    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="ranks")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=rules.RANK_NAME_LENGTH_MAX)
    permissions = models.PositiveIntegerField(_("permissions"))

    class Meta:
        verbose_name = _("rank")
        verbose_name_plural = _("ranks")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["guild", "position"],
                name="guild_rank_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__lt=rules.RANKS_MAX), name="guild_ranks_bounded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> rules.Standing:
        return rules.Standing(self.position, self.permissions)


class GuildMember(models.Model):
    """A character in its guild, by its name: nobody is in two, on whichever shard it is."""

    name = models.OneToOneField(
        "accounts.CharacterName", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="members")
    rank = models.ForeignKey(GuildRank, on_delete=models.RESTRICT, related_name="members")
    joined_at = models.DateTimeField(_("joined"), default=clock.utc_now)
    away_since = models.DateTimeField(_("away since"), null=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["joined_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)


class GuildInvitation(models.Model):
    """Somebody of the realm is asked into a guild, until `expires_at`.

    Whether it hears who asks is known to the shard where it is, whenever it looks.
    """

    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="invitations")
    inviter = models.ForeignKey("accounts.CharacterName", on_delete=models.CASCADE, related_name="+")
    invited = models.ForeignKey("accounts.CharacterName", on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guild", "invited"], name="invited_once_to_a_guild"),
        ]

    def __str__(self) -> str:
        return str(self.invited_id)
