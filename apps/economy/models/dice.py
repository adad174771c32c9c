"""The dice that characters throw outside battles: pairs of seeds, and what was thrown with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock, rng

COMMITMENT_LENGTH = 64


class SeedPair(models.Model):
    """A seed of the house, committed to before its owner adds one, for a week of a character's dice.

    Each character has one pair that waits, open for its owner's seed, and at most one in use. A pair that
    has ended is shown to its owner, and never used again.
    """

    character_id = models.BigIntegerField(_("character"))
    number = models.PositiveIntegerField(_("number"))
    sealed_seed = models.BinaryField(_("sealed seed"), max_length=rng.SEED_BYTES_MAX)
    commitment = models.CharField(_("commitment"), max_length=COMMITMENT_LENGTH)
    client_seed = models.BinaryField(_("seed of the player"), max_length=rng.SEED_BYTES_MAX, default=b"")
    throws = models.PositiveIntegerField(_("throws"), default=0)
    created_at = models.DateTimeField(_("created"), default=clock.utc_now)
    started_at = models.DateTimeField(_("in use since"), null=True)
    ended_at = models.DateTimeField(_("shown since"), null=True)

    class Meta:
        verbose_name = _("pair of seeds")
        verbose_name_plural = _("pairs of seeds")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "number"], name="seed_pair_once"),
            models.UniqueConstraint(
                fields=["character_id"],
                condition=Q(started_at__isnull=True),
                name="seed_pair_one_waits",
            ),
            models.UniqueConstraint(
                fields=["character_id"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="seed_pair_one_in_use",
            ),
            models.CheckConstraint(
                name="seed_pair_ends_after_use",
                condition=Q(ended_at__isnull=True) | Q(started_at__lte=F("ended_at")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "started_at",
                name="seed_pair_due",
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character_id} #{self.number}"


class DiceThrow(models.Model):
    """One use of a pair, the `nonce`th from 0: (index, n, value, next index) of each of its dice.

    `entry_key` is the idempotency key of the ledger entry that gave what fell.
    """

    pair = models.ForeignKey(
        SeedPair, on_delete=models.PROTECT, related_name="thrown", verbose_name=_("pair of seeds")
    )
    nonce = models.PositiveIntegerField(_("number"))
    cause = models.CharField(_("cause"), max_length=200)
    entry_key = models.CharField(_("key of the entry"), max_length=200)
    content_hash = models.CharField(_("content"), max_length=64)
    rolls = models.JSONField(_("rolls"))
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("throw of dice")
        verbose_name_plural = _("throws of dice")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["nonce"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pair", "nonce"], name="dice_throw_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} #{self.nonce}"
