"""What waits for a second person: acts that one member of the staff asks for and another one approves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Approval(models.Model):
    """An act that was asked for. Whoever asked may take it back, but never approves it."""

    class State(models.TextChoices):
        OPEN = "open", _("waits")
        APPROVED = "approved", _("approved and done")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    act = models.CharField(_("act"), max_length=64)
    target = models.CharField(_("target"), max_length=64)
    values = models.JSONField(_("values"))
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked for by"),
        db_constraint=False,
    )
    requested_at = models.DateTimeField(_("asked for"), db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("decided by"),
        db_constraint=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        default_permissions = ("view",)
        permissions = (("decide_approval", "Can approve what others ask for"),)
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["act", "target"], condition=Q(state="open"), name="approval_open_once"
            ),
            models.CheckConstraint(
                name="approval_by_a_second_person",
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="approval_decided_has_moment",
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.target}"
