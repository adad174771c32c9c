"""What is set aside until something is decided, and the switches that stop a part of the economy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class Hold(models.Model):
    """Assets of a character that lie in `escrow:<purpose>:<id>` until the hold is resolved, once.

    `contents` is what was set aside, by asset. When `expires_at` passes, a sweeper gives it back.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        POSTED = "posted", _("posted")
        VOIDED = "voided", _("voided")
        EXPIRED = "expired", _("expired")

    character_id = models.BigIntegerField(_("character"))
    purpose = models.CharField(_("purpose"), max_length=16)
    cause = models.CharField(_("cause"), max_length=200)
    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    contents = models.JSONField(_("contents"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    placed_at = models.DateTimeField(_("placed at"), default=clock.utc_now)
    expires_at = models.DateTimeField(_("expires at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["idempotency_key"], name="hold_once"),
            models.CheckConstraint(
                name="hold_resolved_has_moment",
                condition=Q(state="pending", resolved_at__isnull=True)
                | (~Q(state="pending") & Q(resolved_at__isnull=False)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("expires_at", name="hold_due", condition=Q(state="pending")),
            models.Index("character_id", name="hold_by_character"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class FeatureSwitch(models.Model):
    """A part of the economy that staff have stopped, or let go on; one without a row goes on."""

    class Feature(models.TextChoices):
        TRADE = "trade", _("trade")
        MARKET = "market", _("market")
        MAIL = "mail", _("mail")
        CRAFT = "craft", _("crafting")

    feature = models.CharField(_("part"), max_length=8, choices=Feature.choices, primary_key=True)
    is_on = models.BooleanField(_("is on"), default=True)
    changed_at = models.DateTimeField(_("changed at"), default=clock.utc_now)
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("switch")
        verbose_name_plural = _("switches")
        ordering: ClassVar[list[str]] = ["feature"]
        default_permissions = ("view",)
        permissions = (("switch_feature", "Can stop a part of the economy and let it go on"),)

    def __str__(self) -> str:
        return str(self.get_feature_display())
