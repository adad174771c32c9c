"""Where characters were last, how they are, and what they have to wait for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class CharacterPlace(models.Model):
    """A checkpoint of where a character stands: live positions are rebuilt from it.

    `battle` is the battle that the character is in: it cannot walk, travel or begin another one.
    """

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    bind_zone = models.CharField(_("bound to"), max_length=64)
    bind_arrival = models.CharField(
        _("bound to the place"), max_length=48, default="start", db_default="start"
    )
    is_present = models.BooleanField(_("in the world"), default=False)
    battle = models.BigIntegerField(_("battle"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept"), default=clock.utc_now)
    copy_joined_at = models.DateTimeField(_("chose its copy"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        permissions = (
            ("unstick_character", "Can bring a character home"),
            ("teleport_character", "Can put a character anywhere"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance"], name="place_present", condition=models.Q(is_present=True)),
            models.Index(fields=["battle"], name="place_battle", condition=models.Q(battle__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(x__lt=128, y__lt=128), name="place_on_a_map"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.instance} ({self.x}, {self.y})"

    @property
    def cell(self) -> tuple[int, int]:
        return self.x, self.y


class ExitUnlock(models.Model):
    """A character may pass an exit that asks to be unlocked, for good."""

    character_id = models.BigIntegerField(_("character"))
    zone = models.CharField(_("zone"), max_length=64)
    exit_id = models.CharField(_("exit"), max_length=64)
    unlocked_at = models.DateTimeField(_("unlocked"), default=clock.utc_now)

    class Meta:
        verbose_name = _("unlocked exit")
        verbose_name_plural = _("unlocked exits")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "zone", "exit_id"], name="exit_unlocked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.zone}/{self.exit_id}"


class Vitality(models.Model):
    """What is left of a character's hit points out of battle, in parts of ten thousand, at `measured_at`.

    Since then it regains `pace` parts a minute. Monsters spare it until `spared_until`. Who has no row
    misses nothing.
    """

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    health = models.PositiveSmallIntegerField(_("health"), default=10_000)
    measured_at = models.DateTimeField(_("measured"), default=clock.utc_now)
    pace = models.PositiveIntegerField(_("pace"), default=0)
    is_resting = models.BooleanField(_("resting"), default=False)
    spared_until = models.DateTimeField(_("spared until"), null=True, blank=True)

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(health__lte=10_000), name="health_at_most_whole"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("character_id", name="vitality_resting", condition=models.Q(is_resting=True)),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.health}"


class Cooldown(models.Model):
    """Until when a character has to wait for something; `times` counts how often it has done it."""

    character_id = models.BigIntegerField(_("character"))
    key = models.CharField(_("cooldown"), max_length=48)
    until = models.DateTimeField(_("until"))
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("cooldown")
        verbose_name_plural = _("cooldowns")
        default_permissions = ("view",)
        permissions = (("end_wait", "Can end what a character waits for"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "key"], name="cooldown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.key}"
