"""Letters and what is attached to them. The ledger holds the attachments, in `mail:<letter>`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.economy.models.ledger import ASSET_LENGTH_MAX, BALANCE_MAX


class Letter(models.Model):
    """A letter to a character; one of the house has no sender, and clients word it by its `source`.

    One of the story is written in the content: `words` is its subject and text in every language, and its
    `cause` says on what occasion it came, once.
    `correction` says what a rollback has changed for the recipient, and names no other person.
    `cod` is what the recipient pays the sender before anything of it is taken. When `expires_at` passes
    it goes back to its sender once; then what is still attached is lost (`closed_at`).
    """

    class Source(models.TextChoices):
        PLAYER = "player", _("a player")
        OVERFLOW = "overflow", _("what found no room")
        MARKET = "market", _("the market")
        AUCTION_WON = "auction_won", _("an auction won")
        AUCTION_SOLD = "auction_sold", _("an auction sold")
        AUCTION_UNSOLD = "auction_unsold", _("an auction without a sale")
        CORRECTION = "correction", _("something that was put right")
        STORY = "story", _("the story")

    recipient_id = models.BigIntegerField(_("recipient"))
    sender_id = models.BigIntegerField(_("sender"), null=True)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    subject = models.CharField(_("subject"), max_length=64, blank=True)
    body = models.CharField(_("text"), max_length=1000, blank=True)
    words = models.JSONField(_("subject and text in every language"), null=True)
    correction = models.JSONField(_("what was put right"), null=True)
    cause = models.CharField(_("cause"), max_length=200)
    cod = models.BigIntegerField(_("to pay"), default=0)
    is_paid = models.BooleanField(_("is paid"), default=False)
    is_returned = models.BooleanField(_("came back"), default=False)
    sent_at = models.DateTimeField(_("sent at"), default=clock.utc_now)
    expires_at = models.DateTimeField(_("expires at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    closed_at = models.DateTimeField(_("gone at"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(cod__gte=0) & Q(cod__lte=BALANCE_MAX), name="letter_cod_bounds"
            ),
            models.CheckConstraint(
                condition=Q(cod=0) | Q(sender_id__isnull=False), name="letter_cod_has_payee"
            ),
            models.UniqueConstraint(
                fields=["recipient_id", "cause"], name="letter_of_story_once", condition=Q(source="story")
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["recipient_id", "-id"],
                name="letter_of_recipient",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index("expires_at", name="letter_due", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def owes(self) -> int:
        """What is to be paid before anything is taken."""
        return 0 if self.is_paid else self.cod


class Attachment(models.Model):
    """An asset that a letter brings, until it is taken, once."""

    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("letter")
    )
    asset = models.CharField(_("asset"), max_length=ASSET_LENGTH_MAX)
    amount = models.BigIntegerField(_("amount"))
    taken_at = models.DateTimeField(_("taken at"), null=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar[list[str]] = ["id"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["letter", "asset"], name="attachment_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=BALANCE_MAX), name="attachment_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.asset}"
