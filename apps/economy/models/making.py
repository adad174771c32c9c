"""What characters have learnt, are making, and have taken; how shops' prices have drifted; simulations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.economy.models.dice import DiceThrow


class Profession(models.Model):
    """What a character has learnt in a profession: the level follows from the total."""

    character_id = models.BigIntegerField(_("character"))
    profession = models.CharField(_("profession"), max_length=48)
    xp = models.PositiveIntegerField(_("experience"), default=0)

    class Meta:
        verbose_name = _("profession")
        verbose_name_plural = _("professions")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "profession"], name="profession_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.profession}: {self.xp}"


class LearntRecipe(models.Model):
    """A recipe that a character was taught, for good: by an item, a talk, a thing or a quest."""

    character_id = models.BigIntegerField(_("character"))
    recipe = models.CharField(_("recipe"), max_length=48)
    learnt_at = models.DateTimeField(_("learnt"), default=clock.utc_now)

    class Meta:
        verbose_name = _("learnt recipe")
        verbose_name_plural = _("learnt recipes")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "recipe"], name="recipe_learnt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.recipe}"


class GatherTally(models.Model):
    """How often a character has gathered on a day; days begin at four in the morning."""

    character_id = models.BigIntegerField(_("character"))
    day = models.DateField(_("day"))
    gathered = models.PositiveIntegerField(_("gathered"), default=0)

    class Meta:
        verbose_name = _("gatherings of a day")
        verbose_name_plural = _("gatherings by day")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "day"], name="gather_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.day}: {self.gathered}"


class CraftJob(models.Model):
    """Something that a character is making; what goes into it is held. At most one at a time.

    `ready` is what a release before left done but for room in the bag: it is handed over like what is due.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        READY = "ready", _("waits for room")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    character_id = models.BigIntegerField(_("character"))
    recipe = models.CharField(_("recipe"), max_length=48)
    count = models.PositiveSmallIntegerField(_("how many"))
    hold_id = models.BigIntegerField(_("hold"), unique=True)
    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    dice = models.ForeignKey(
        DiceThrow,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dice"),
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), default=clock.utc_now)
    finishes_at = models.DateTimeField(_("finishes"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("craft")
        verbose_name_plural = _("crafts")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["idempotency_key"], name="craft_once"),
            models.UniqueConstraint(
                fields=["character_id"],
                condition=Q(state__in=["running", "ready"]),
                name="craft_one_at_a_time",
            ),
            models.CheckConstraint(
                name="craft_ended_has_moment",
                condition=Q(state__in=["running", "ready"], ended_at__isnull=True)
                | (Q(state__in=["done", "cancelled"]) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("finishes_at", name="craft_due", condition=Q(state__in=["running", "ready"])),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} ×{self.count} #{self.pk}"


class Prepared(models.Model):
    """A consumable that a character has used: its stats count until the next battle is over."""

    character_id = models.BigIntegerField(_("character"))
    item = models.CharField(_("item"), max_length=48)
    stats = models.JSONField(_("stats"))
    used_at = models.DateTimeField(_("used"), default=clock.utc_now)

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "item"], name="prepared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} {self.item}"


class ShopDrift(models.Model):
    """How much more of an item has been bought at a shop than sold to it; it wears off with time."""

    shop = models.CharField(_("shop"), max_length=48)
    item = models.CharField(_("item"), max_length=48)
    pressure = models.IntegerField(_("demand"), default=0)
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("shop price")
        verbose_name_plural = _("shop prices")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop", "item"], name="shop_drift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.item}: {self.pressure:+d}"


class DropSimulation(models.Model):
    """A loot table thrown many times, some at once, beside what its closed form says."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")

    table = models.CharField(_("loot table"), max_length=48)
    content_hash = models.CharField(_("content"), max_length=64)
    luck_pct = models.PositiveSmallIntegerField(_("luck, %"), default=0)
    wanted = models.PositiveIntegerField(_("throws wanted"))
    thrown = models.PositiveIntegerField(_("throws"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    tally = models.JSONField(_("counts"), default=dict)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("drop simulation")
        verbose_name_plural = _("drop simulations")
        default_permissions = ("view",)
        permissions = (("simulate_drops", "Can throw a loot table many times"),)
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.table} #{self.pk}"
