"""What the continuous audit and the telemetry have found to be wrong."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class Alarm(models.Model):
    """Something that must not be so. It stands until it is no longer found."""

    class Kind(models.TextChoices):
        LAW = "law", _("a law of the ledger is broken")
        ISSUANCE = "issuance", _("unusual issuance")
        FAUCET_SHARE = "faucet_share", _("one account draws much of a faucet")
        MONEY_SUPPLY = "money_supply", _("the money supply has jumped")
        GAIN = "gain", _("one account gains far more than others")
        RADAR = "radar", _("transfers that look bought for real money")
        SUPPLY = "supply", _("supply of a unique item is not one")
        BALANCE = "balance", _("a balance that cannot be")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    what = models.CharField(_("what"), max_length=300)
    details = models.JSONField(_("details"), default=dict)
    raised_at = models.DateTimeField(_("raised"), default=clock.utc_now)
    seen_at = models.DateTimeField(_("last seen"), default=clock.utc_now)
    cleared_at = models.DateTimeField(_("cleared"), null=True)

    class Meta:
        verbose_name = _("economy alarm")
        verbose_name_plural = _("economy alarms")
        default_permissions = ("view",)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "what"], condition=Q(cleared_at__isnull=True), name="alarm_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"
