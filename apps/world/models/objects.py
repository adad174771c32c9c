"""The things of a zone, and who has had what they give."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

GUILD_NAME_LENGTH_MAX = 24
NODE_STATE = "^(whole|[0-9]{1,3})$"


class ObjectUse(models.Model):
    """A character has had what an object gives."""

    character_id = models.BigIntegerField(_("character"))
    zone = models.CharField(_("zone"), max_length=64)
    object_id = models.CharField(_("object"), max_length=64)
    used_at = models.DateTimeField(_("used"), default=clock.utc_now)

    class Meta:
        verbose_name = _("use of an object")
        verbose_name_plural = _("uses of objects")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "zone", "object_id"], name="object_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.object_id}"


class ObjectTaking(models.Model):
    """How a thing stands for a character that has had something of it: the fold of a stream (kind TAKING).

    It stays when the character goes to another shard. `state` is empty where the stream begins with a use of
    before there were streams.
    """

    character_id = models.BigIntegerField(_("character"))
    zone = models.CharField(_("zone"), max_length=64)
    object_id = models.CharField(_("object"), max_length=64)
    state = models.CharField(_("state"), max_length=48, blank=True, default="")
    version = models.PositiveIntegerField(_("times"), default=0)
    hash = models.BinaryField(default=bytes(32))
    first_at = models.DateTimeField(_("first"), default=clock.utc_now)
    taken_at = models.DateTimeField(_("last"), default=clock.utc_now)

    class Meta:
        verbose_name = _("taking of an object")
        verbose_name_plural = _("takings of objects")
        default_permissions = ("view",)
        permissions = (("give_again", "Can give a thing back to a character"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["zone", "object_id", "character_id"], name="object_taking_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["zone", "object_id", "-taken_at"], name="object_takings_latest"),
            models.Index(fields=["character_id"], name="object_takings_of_character"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.zone}/{self.object_id}"


class WorldObject(models.Model):
    """How a thing or a node of a zone copy stands: the fold of its stream (kind OBJECT, its own id).

    `guild_id` is the guild in whose name it stands, as it was called then. `hash` is that of the stream's
    last entry. At `returns_at` it goes back to `returns_to` by itself. The state of a node is how many
    charges it has left; a thing that had its name in a release of before has a row of its own.
    """

    instance = models.CharField(_("zone copy"), max_length=80)
    zone = models.CharField(_("zone"), max_length=64)
    object_id = models.CharField(_("object"), max_length=64)
    definition = models.CharField(_("kind"), max_length=64)
    is_node = models.BooleanField(_("can be gathered from"), default=False, db_default=False)
    state = models.CharField(_("state"), max_length=48)
    guild_id = models.BigIntegerField(_("guild"), default=0, db_default=0)
    guild_name = models.CharField(
        _("guild"), max_length=GUILD_NAME_LENGTH_MAX, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    hash = models.BinaryField(default=bytes(32))
    changed_at = models.DateTimeField(_("changed"), default=clock.utc_now)
    returns_at = models.DateTimeField(_("goes back"), null=True, blank=True)
    returns_to = models.CharField(_("goes back to"), max_length=48, blank=True, default="")

    class Meta:
        verbose_name = _("object")
        verbose_name_plural = _("objects")
        default_permissions = ("view",)
        permissions = (("reset_object", "Can put an object back"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["instance", "object_id", "is_node"], name="object_once_in_a_copy"
            ),
            models.CheckConstraint(
                condition=models.Q(returns_at__isnull=True) | ~models.Q(returns_to=""),
                name="object_returns_to_a_state",
            ),
            models.CheckConstraint(
                condition=models.Q(is_node=False) | models.Q(state__regex=NODE_STATE),
                name="node_charges_not_negative",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["instance", "returns_at"],
                name="object_due",
                condition=models.Q(returns_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}/{self.object_id}"


class ObjectSnapshot(models.Model):
    """How an object stood after so many events, so that no read has to begin at the first one."""

    object = models.ForeignKey(WorldObject, on_delete=models.CASCADE, related_name="snapshots")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=48)
    guild_id = models.BigIntegerField(default=0, db_default=0)
    guild_name = models.CharField(max_length=GUILD_NAME_LENGTH_MAX, blank=True, default="", db_default="")
    at = models.DateTimeField(_("at"))
    whole_at = models.FloatField(default=0.0, db_default=0.0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["object", "version"], name="object_snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} at {self.version}: {self.state}"
