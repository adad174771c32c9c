"""The console's rooms of the market: books, orders, what was filled, and auctions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown
from aether.console.rooms import Act, act_button, ask_and_perform
from apps.economy import market, services
from apps.economy.admin.ledger import LedgerRoom, asset_cell, character_link
from apps.economy.models import Auction, Book, Fill, Order


class MarketRoom(LedgerRoom):
    """A room in which those who may halt books may act."""

    def has_halt_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.halt_book"))


@admin.register(Book)
class BookRoom(MarketRoom):
    """Order books: the depth of each, and a way to halt it."""

    list_display = ("item", "is_halted", "last_price")
    list_filter = ("is_halted",)
    search_fields = ("item__istartswith",)
    search_help_text = _("The beginning of an item's name")
    fields = list_display
    readonly_fields = fields
    actions_detail = ("halt", "reopen")

    @act_button(description=_("Halt"), url_path="halt/", permission="halt", icon="pause_circle")
    def halt(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, HALT)

    @act_button(description=_("Open again"), url_path="reopen/", permission="halt", icon="play_circle")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, REOPEN)

    def tables(self, target: Book) -> list[Shown]:
        seen = market.book(target.item, character_id=None)
        sides = ((_("Bids"), seen.bids), (_("Asks"), seen.asks))
        return [
            Shown(
                title=title,
                headers=[_("price of one"), _("quantity"), _("orders")],
                rows=[(level.price, level.quantity, level.orders) for level in levels],
                empty=_("Nothing."),
            )
            for title, levels in sides
        ]


@admin.register(Order)
class OrderRoom(MarketRoom):
    """Orders: whose, of what, how much is left, and a way to take one out of its book."""

    list_display = ("id", "book", "character_text", "side", "price", "quantity", "remaining", "state")
    list_filter = ("side", "state", "book")
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    fields = (*list_display, "proceeds", "placed_at", "expires_at", "closed_at")
    readonly_fields = fields
    actions_detail = ("cancel",)

    @act_button(description=_("Cancel"), url_path="cancel/", permission="halt", icon="cancel")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CANCEL_ORDER)

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, order: Order) -> Cell:
        return character_link(order.character_id)


@admin.register(Fill)
class FillRoom(LedgerRoom):
    """What was filled: between whom, at which price, with which tax."""

    list_display = ("id", "book", "price", "quantity", "tax", "buyer", "seller", "at")
    list_filter = ("book",)
    list_select_related = ("buy_order", "sell_order")
    search_fields = ("=buy_order__character_id", "=sell_order__character_id")
    search_help_text = _("The id of a character")
    fields = (*list_display, "buy_order", "sell_order")
    readonly_fields = fields

    @admin.display(description=_("buyer"))
    def buyer(self, fill: Fill) -> Cell:
        return character_link(fill.buy_order.character_id)

    @admin.display(description=_("seller"))
    def seller(self, fill: Fill) -> Cell:
        return character_link(fill.sell_order.character_id)


@admin.register(Auction)
class AuctionRoom(LedgerRoom):
    """Auctions: of what, by whom, what was bid, and a way to end one for both sides' good."""

    list_display = ("id", "item", "seller", "start_bid", "buyout", "bid", "bidder", "state", "ends_at")
    list_filter = ("state", "item")
    search_fields = ("=seller_id", "=bidder_id", "=instance_id")
    search_help_text = _("The id of a character, or of an item")
    fields = (*list_display, "instance", "deposit", "bids", "extensions", "opened_at", "closed_at")
    readonly_fields = fields
    actions_detail = ("cancel",)

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.cancel_auction"))

    @act_button(description=_("Cancel"), url_path="cancel/", permission="cancel", icon="cancel")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CANCEL_AUCTION)

    @admin.display(description=_("seller"), ordering="seller_id")
    def seller(self, auction: Auction) -> Cell:
        return character_link(auction.seller_id)

    @admin.display(description=_("highest bidder"), ordering="bidder_id")
    def bidder(self, auction: Auction) -> Cell:
        return character_link(auction.bidder_id)

    @admin.display(description=_("item instance"))
    def instance(self, auction: Auction) -> Cell:
        return asset_cell(auction.asset)

    def tables(self, target: Auction) -> list[Shown]:
        rows = [(each.at, character_link(each.bidder_id), each.amount) for each in target.bid_rows.all()]
        return [
            Shown(
                title=_("Bids"),
                headers=[_("when"), _("bidder"), _("amount")],
                rows=rows,
                empty=_("Nothing."),
            )
        ]


def _halt(actor: Any, target: Book, form: Any) -> None:
    services.halt_book(actor=actor, item=target.item, reason=form.cleaned_data["reason"])


def _reopen(actor: Any, target: Book, form: Any) -> None:
    services.open_book(actor=actor, item=target.item, reason=form.cleaned_data["reason"])


def _cancel_order(actor: Any, target: Order, form: Any) -> None:
    services.cancel_order_of(actor=actor, order_id=target.pk, reason=form.cleaned_data["reason"])


def _cancel_auction(actor: Any, target: Auction, form: Any) -> None:
    services.cancel_auction_of(actor=actor, auction_id=target.pk, reason=form.cleaned_data["reason"])


HALT = Act(
    title=_("Halt this order book"),
    explanation=_("Nothing more of it can be ordered; what waits may still be taken out."),
    perform=_halt,
    is_dangerous=True,
)
REOPEN = Act(
    title=_("Open this order book again"),
    explanation=_("It can be ordered again at once."),
    perform=_reopen,
)
CANCEL_ORDER = Act(
    title=_("Cancel this order"),
    explanation=_("What it has still set aside goes back to whose it is."),
    perform=_cancel_order,
    is_dangerous=True,
)
CANCEL_AUCTION = Act(
    title=_("Cancel this auction"),
    explanation=_("The item and the deposit go back to the seller, the highest bid to the bidder."),
    perform=_cancel_auction,
    is_dangerous=True,
)
