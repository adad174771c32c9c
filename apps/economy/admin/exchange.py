"""The console's rooms of what people exchange: letters and trades."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown
from apps.economy.admin.ledger import LedgerRoom, asset_cell, character_link
from apps.economy.models import Letter, Trade


@admin.register(Letter)
class LetterRoom(LedgerRoom):
    """Letters: between whom, what for, and what is attached. What people wrote is not in the list."""

    list_display = ("id", "recipient", "sender", "source", "cod", "sent_at", "expires_at", "closed_at")
    list_filter = ("source", "is_returned", "is_paid")
    search_fields = ("=recipient_id", "=sender_id", "=cause")
    search_help_text = _("The id of a character, or a cause")
    fields = (
        *("id", "recipient", "sender", "source", "title", "cause", "cod", "is_paid", "is_returned"),
        *("sent_at", "read_at", "expires_at", "closed_at"),
    )
    readonly_fields = fields

    @admin.display(description=_("recipient"), ordering="recipient_id")
    def recipient(self, letter: Letter) -> Cell:
        return character_link(letter.recipient_id)

    @admin.display(description=_("sender"), ordering="sender_id")
    def sender(self, letter: Letter) -> Cell:
        return character_link(letter.sender_id)

    @admin.display(description=_("subject"))
    def title(self, letter: Letter) -> str:
        """Return the subject; of a letter of the story in the language of who reads here."""
        if letter.words is None:
            return letter.subject
        kept: dict[str, str] = letter.words["subject"]
        return kept.get((get_language() or "en")[:2], kept["en"])

    def tables(self, target: Letter) -> list[Shown]:
        rows = [
            (asset_cell(each.asset), each.amount, each.taken_at or "–") for each in target.attachments.all()
        ]
        return [
            Shown(
                title=_("Attached"),
                headers=[_("asset"), _("amount"), _("taken at")],
                rows=rows,
                empty=_("Nothing."),
            )
        ]


@admin.register(Trade)
class TradeRoom(LedgerRoom):
    """Trades between two players: who, what each offered, and how it ended."""

    list_display = ("id", "inviter", "invitee", "state", "rev", "created_at", "ended_at")
    list_filter = ("state",)
    search_fields = ("=inviter_id", "=invitee_id")
    search_help_text = _("The id of a character")
    fields = ("id", "inviter", "invitee", "is_heard", "state", "rev", "created_at", "expires_at", "ended_at")
    readonly_fields = fields

    @admin.display(description=_("inviter"), ordering="inviter_id")
    def inviter(self, trade: Trade) -> Cell:
        return character_link(trade.inviter_id)

    @admin.display(description=_("invitee"), ordering="invitee_id")
    def invitee(self, trade: Trade) -> Cell:
        return character_link(trade.invitee_id)

    def tables(self, target: Trade) -> list[Shown]:
        rows = [
            (character_link(side), asset_cell(asset), amount)
            for side in target.sides
            for asset, amount in sorted(target.offer_of(side).items())
        ]
        return [
            Shown(
                title=_("Offers"),
                headers=[_("character"), _("asset"), _("amount")],
                rows=rows,
                empty=_("Nothing."),
            )
        ]
