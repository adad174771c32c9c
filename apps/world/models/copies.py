"""Copies of zones, what each remembers, and how full and how late they were."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class ZoneCopy(models.Model):
    """A copy of a zone, which one process runs while somebody is in it: the `instance` of all that is there.

    A shared one is open to everybody; the others belong to their owner: `run:<id>` of a dungeon,
    `guild:<id>` or `character:<id>`.
    """

    class Kind(models.TextChoices):
        SHARED = "shared", _("for everybody")
        INSTANCE = "instance", _("of a party or a guild")
        PRIVATE = "private", _("of a character")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DRAINING = "draining", _("draining")
        CLOSED = "closed", _("closed")

    id = models.CharField(_("zone copy"), max_length=80, primary_key=True)
    zone = models.CharField(_("zone"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.SHARED)
    owner = models.CharField(_("owner"), max_length=64, null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=clock.utc_now)
    emptied_at = models.DateTimeField(_("empty since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("zone copy")
        verbose_name_plural = _("zone copies")
        default_permissions = ("view",)
        permissions = (("drain_copy", "Can drain a zone copy"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["zone", "number"], name="copy_in_use", condition=~models.Q(state="closed")),
            models.Index(fields=["id"], name="copy_draining", condition=models.Q(state="draining")),
            models.Index(
                fields=["id"],
                name="copy_not_empty",
                condition=models.Q(state="open", emptied_at__isnull=True),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["zone", "number"], name="copy_number_once"),
            models.UniqueConstraint(
                fields=["zone", "owner"],
                name="copy_once_for_an_owner",
                condition=models.Q(owner__isnull=False) & ~models.Q(state="closed"),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="shared", owner__isnull=True)
                | (~models.Q(kind="shared") & models.Q(owner__isnull=False)),
                name="copy_shared_or_owned",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="copy_closed_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class CopyFlag(models.Model):
    """A number that content keeps about a zone copy."""

    instance = models.CharField(_("zone copy"), max_length=80)
    key = models.CharField(_("flag"), max_length=48)
    value = models.BigIntegerField(_("value"))

    class Meta:
        verbose_name = _("flag of a zone copy")
        verbose_name_plural = _("flags of zone copies")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "key"], name="copy_flag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.key} = {self.value}"


class PopulationSample(models.Model):
    """How a zone copy was in a minute: who was there, and how late its ticks came at worst."""

    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    at = models.DateTimeField(_("minute"))
    people = models.PositiveIntegerField(_("people"))
    lag_ms = models.PositiveIntegerField(_("tick lag in ms"))

    class Meta:
        verbose_name = _("population sample")
        verbose_name_plural = _("population samples")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["at", "instance"], name="sampled_once_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.instance} {self.at:%H:%M}: {self.people}"


class Footfall(models.Model):
    """For how many minutes, all people together, somebody stood in a block of cells in an hour."""

    zone = models.CharField(_("zone"), max_length=64)
    hour = models.DateTimeField(_("hour"))
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("footfall")
        verbose_name_plural = _("footfall")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["zone", "hour", "x", "y"], name="footfall_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.hour:%d.%m. %H} ({self.x}, {self.y}): {self.minutes}"
