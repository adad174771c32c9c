"""Trades between two characters. Nothing is set aside for one: until it is committed, nothing moves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock


class Trade(models.Model):
    """A trade. The JSON columns are by character, as text: its name when it began, what it offers
    (asset → amount), the revision that it has locked, what both offered when it last locked, and whether it
    has confirmed.
    An invitee who does not hear the inviter never knows of it.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        OPEN = "open", _("open")
        LOCKED = "locked", _("locked")
        CONFIRMING = "confirming", _("confirmed by one")
        COMMITTED = "committed", _("committed")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    inviter_id = models.BigIntegerField(_("inviter"))
    invitee_id = models.BigIntegerField(_("invitee"))
    is_heard = models.BooleanField(_("heard"), db_default=True, default=True)
    names = models.JSONField(_("names"), default=dict, db_default={})
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.INVITED)
    rev = models.IntegerField(_("revision"), default=0)
    offers = models.JSONField(_("offers"), default=dict)
    locks = models.JSONField(_("locks"), default=dict)
    seen = models.JSONField(_("seen when locking"), default=dict)
    confirmed = models.JSONField(_("confirmed"), default=list)
    confirm_from = models.DateTimeField(_("may be confirmed from"), null=True)
    created_at = models.DateTimeField(_("begun"), default=clock.utc_now)
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(inviter_id=F("invitee_id")), name="trade_between_two"),
            models.CheckConstraint(
                name="trade_ended_has_moment",
                condition=Q(state__in=["committed", "cancelled", "expired"], ended_at__isnull=False)
                | Q(state__in=["invited", "open", "locked", "confirming"], ended_at__isnull=True),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("expires_at", name="trade_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["invitee_id"], name="trade_invitations", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def sides(self) -> tuple[int, int]:
        return (self.inviter_id, self.invitee_id)

    @property
    def audience(self) -> tuple[int, ...]:
        """Who knows of it."""
        return self.sides if self.is_heard else (self.inviter_id,)

    def partner_of(self, character_id: int) -> int:
        return self.invitee_id if character_id == self.inviter_id else self.inviter_id

    def offer_of(self, character_id: int) -> dict[str, int]:
        found: dict[str, int] = self.offers.get(str(character_id), {})
        return found


class TradeSeat(models.Model):
    """The one trade that a character is in: its own invitation, or one that is open."""

    character_id = models.BigIntegerField(primary_key=True)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="seats")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.character_id} in {self.trade_id}"
