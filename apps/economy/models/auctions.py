"""Auctions of unique items, and everything that was bid for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.economy.models.market import PRICE_MAX


class Auction(models.Model):
    """An auction. Item and deposit lie in the seller's `escrow:auction:<id>`, the bid in the bidder's."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SOLD = "sold", _("sold")
        UNSOLD = "unsold", _("unsold")
        CANCELLED = "cancelled", _("cancelled")

    seller_id = models.BigIntegerField(_("seller"))
    instance_id = models.UUIDField(_("item instance"))
    item = models.CharField(_("item"), max_length=48)
    start_bid = models.BigIntegerField(_("first bid"))
    buyout = models.BigIntegerField(_("buyout"), null=True)
    deposit = models.BigIntegerField(_("deposit"))
    bid = models.BigIntegerField(_("highest bid"), null=True)
    bidder_id = models.BigIntegerField(_("highest bidder"), null=True)
    bids = models.IntegerField(_("bids"), default=0)
    extensions = models.SmallIntegerField(_("extensions"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    opened_at = models.DateTimeField(_("opened at"), default=clock.utc_now)
    ends_at = models.DateTimeField(_("ends at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("auction")
        verbose_name_plural = _("auctions")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        permissions = (("cancel_auction", "Can cancel an auction"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["idempotency_key"], name="auction_once"),
            models.UniqueConstraint(
                fields=["instance_id"], condition=Q(state="open"), name="auction_of_instance_once"
            ),
            models.CheckConstraint(
                condition=Q(start_bid__gte=1) & Q(start_bid__lte=PRICE_MAX), name="auction_start"
            ),
            models.CheckConstraint(
                condition=Q(bid__isnull=True, bidder_id__isnull=True)
                | Q(bid__isnull=False, bidder_id__isnull=False),
                name="auction_bid_has_bidder",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="auction_closed_has_moment",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at", "id"], name="auction_due", condition=Q(state="open")),
            models.Index(fields=["item", "id"], name="auction_of_item", condition=Q(state="open")),
            models.Index(fields=["seller_id", "-id"], name="auction_of_seller"),
            models.Index(fields=["bidder_id", "-id"], name="auction_of_bidder"),
        ]

    def __str__(self) -> str:
        return f"{self.item} #{self.pk}"

    @property
    def asset(self) -> str:
        return f"item:{self.instance_id}"


class Bid(models.Model):
    """A bid, as it was made; its glim came back when somebody bid more."""

    auction = models.ForeignKey(
        Auction, on_delete=models.PROTECT, related_name="bid_rows", verbose_name=_("auction")
    )
    bidder_id = models.BigIntegerField(_("bidder"))
    amount = models.BigIntegerField(_("amount"))
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.amount)
