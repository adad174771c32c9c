"""The market: a book for each item that stacks, the orders in it, and what was filled."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock

PRICE_MAX = 10**9
QUANTITY_MAX = 10**6


class Book(models.Model):
    """The orders of one item; whoever changes them holds this row's lock."""

    item = models.CharField(_("item"), max_length=48, primary_key=True)
    is_halted = models.BooleanField(_("is halted"), default=False)
    last_price = models.BigIntegerField(_("last price"), null=True)

    class Meta:
        verbose_name = _("order book")
        verbose_name_plural = _("order books")
        ordering: ClassVar[list[str]] = ["item"]
        default_permissions = ("view",)
        permissions = (("halt_book", "Can halt an order book and cancel orders"),)

    def __str__(self) -> str:
        return self.item


class Order(models.Model):
    """A limit order. What it needs lies in `escrow:order:<id>`: goods, or the price of what remains."""

    class Side(models.TextChoices):
        BUY = "buy", _("buys")
        SELL = "sell", _("sells")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        FILLED = "filled", _("filled")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="orders", verbose_name=_("item"))
    character_id = models.BigIntegerField(_("character"))
    side = models.CharField(_("side"), max_length=4, choices=Side.choices)
    price = models.BigIntegerField(_("price of one"))
    quantity = models.IntegerField(_("quantity"))
    remaining = models.IntegerField(_("remaining"))
    proceeds = models.BigIntegerField(_("proceeds"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    placed_at = models.DateTimeField(_("placed at"), default=clock.utc_now)
    expires_at = models.DateTimeField(_("expires at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["idempotency_key"], name="order_once"),
            models.CheckConstraint(condition=Q(price__gte=1) & Q(price__lte=PRICE_MAX), name="order_price"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(quantity__lte=QUANTITY_MAX), name="order_quantity"
            ),
            models.CheckConstraint(
                condition=Q(remaining__gte=0) & Q(remaining__lte=F("quantity")), name="order_remaining"
            ),
            models.CheckConstraint(
                name="order_open_remains",
                condition=Q(state="open", remaining__gt=0, closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["book", "price", "id"], name="order_asks", condition=Q(state="open", side="sell")
            ),
            models.Index(
                fields=["book", "-price", "id"], name="order_bids", condition=Q(state="open", side="buy")
            ),
            models.Index(fields=["character_id", "-id"], name="order_of_character"),
            models.Index(fields=["character_id"], name="order_open_of_character", condition=Q(state="open")),
            models.Index(fields=["expires_at"], name="order_due", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DailySales(models.Model):
    """What was sold of an item in one day (UTC): its average is a day's price."""

    pk = models.CompositePrimaryKey("book_id", "day")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    turnover = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.book_id} {self.day}"


class Fill(models.Model):
    """A part of two orders that met, at the price of the one that was there."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="fills", verbose_name=_("item"))
    price = models.BigIntegerField(_("price of one"))
    quantity = models.IntegerField(_("quantity"))
    tax = models.BigIntegerField(_("tax"))
    buy_order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="bought", verbose_name=_("order that buys")
    )
    sell_order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="sold", verbose_name=_("order that sells")
    )
    at = models.DateTimeField(_("at"), default=clock.utc_now)

    class Meta:
        verbose_name = _("fill")
        verbose_name_plural = _("fills")
        ordering: ClassVar[list[str]] = ["-id"]
        default_permissions = ("view",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["book", "at"], name="fill_by_moment"),
            # Fills are only ever appended, so this tells the last day's from all others at no cost.
            BrinIndex(fields=["at"], name="fill_lately", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
