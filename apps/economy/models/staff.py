"""What staff have decided about single characters: whose dealings are frozen, and what is granted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.economy.models.ledger import ASSET_LENGTH_MAX, BALANCE_MAX, Entry


class Freeze(models.Model):
    """Whether the dealings of a character are frozen: nothing of value leaves its hands."""

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    is_frozen = models.BooleanField(_("is frozen"), default=True)
    changed_at = models.DateTimeField(_("changed"), default=clock.utc_now)
    changed_by = models.CharField(_("changed by"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("frozen character")
        verbose_name_plural = _("frozen characters")
        ordering: ClassVar[list[str]] = ["-changed_at"]
        default_permissions = ("view",)
        permissions = (("freeze_character", "Can freeze the dealings of a character"),)

    def __str__(self) -> str:
        return f"character {self.character_id}"


class StaffGrant(models.Model):
    """What staff give to a character, and why. Without an entry it waits for a second person."""

    character_id = models.BigIntegerField(_("character"))
    item = models.CharField(_("item"), max_length=ASSET_LENGTH_MAX)
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.BigIntegerField(_("granted by"))
    asked_name = models.CharField(_("granted by"), max_length=150)
    asked_at = models.DateTimeField(_("at"), default=clock.utc_now)
    approved_by = models.BigIntegerField(_("approved by"), null=True)
    approved_name = models.CharField(_("approved by"), max_length=150, blank=True)
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("entry")
    )

    class Meta:
        verbose_name = _("grant of the staff")
        verbose_name_plural = _("grants of the staff")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        permissions = (("grant_assets", "Can give items and glim to a character"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="grant_amount", condition=Q(amount__gte=1) & Q(amount__lte=BALANCE_MAX)
            ),
            models.CheckConstraint(
                name="grant_by_two", condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.amount} {self.item}"
