"""The console's rooms of the economy: the ledger to read, never to write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aether.console.moments import moment_text
from aether.console.panels import Cell, Shown, link
from aether.console.rooms import Act, ReadOnlyRoom, act_button, ask_and_perform
from apps.economy import provenance, services, statements
from apps.economy.models import Account, Entry, FeatureSwitch, Hold, ItemInstance, Line


class LedgerRoom(ReadOnlyRoom):
    """A room whose objects are shown with tables of what belongs to them."""

    change_form_outer_after_template = "console/tables.html"
    show_facets = admin.ShowFacets.NEVER

    def tables(self, target: Any) -> list[Shown]:
        return []

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        target = self.get_object(request, object_id)
        shown = {"tables": self.tables(target)} if target is not None else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response


@admin.register(Entry)
class EntryRoom(LedgerRoom):
    """Entries: what moved, when, why and for whom."""

    list_display = ("id", "at", "kind", "cause", "actor_link")
    list_filter = ("kind",)
    search_fields = ("=cause", "=idempotency_key", "=actor_id")
    search_help_text = _("A cause such as battle:77, a key, or the id of a character")
    fields = ("id", "at", "kind", "cause", "idempotency_key", "actor_link", "reverses_link", "note_text")
    readonly_fields = fields
    ordering = ("-id",)

    @admin.display(description=_("acting character"), ordering="actor_id")
    def actor_link(self, entry: Entry) -> Cell:
        return character_link(entry.actor_id)

    @admin.display(description=_("reverses"))
    def reverses_link(self, entry: Entry) -> Cell:
        if entry.reverses_id is None:
            return "–"
        number = entry.reverses_id
        return link(f"#{number}", reverse("admin:economy_entry_change", args=[number]))

    @admin.display(description=_("reason of the staff"))
    def note_text(self, entry: Entry) -> str:
        return statements.note_of(entry.pk) or "–"

    def tables(self, target: Entry) -> list[Shown]:
        rows = [
            (account_link(line.account), asset_cell(line.asset), f"{line.amount:+d}")
            for line in statements.lines_of_entry(target.pk)
        ]
        return [
            Shown(
                title=_("Lines"),
                headers=[_("account"), _("asset"), _("amount")],
                rows=rows,
                empty=_("Nothing moved."),
            )
        ]


@admin.register(Account)
class LedgerAccountRoom(LedgerRoom):
    """Accounts with what they hold and their statement."""

    list_display = ("id", "owner_type", "owner_id", "bucket")
    list_filter = ("owner_type", "bucket")
    search_fields = ("=owner_id", "bucket__istartswith")
    search_help_text = _("The id of a character, or the beginning of a bucket's name")
    fields = ("owner_type", "owner_link", "bucket")
    readonly_fields = fields

    @admin.display(description=_("owner"))
    def owner_link(self, account: Account) -> Cell:
        return character_link(account.owner_id if statements.is_of_character(account) else None)

    def tables(self, target: Account) -> list[Shown]:
        statement = [
            (
                moment_text(line.entry.at),
                entry_link(line),
                line.entry.cause,
                asset_cell(line.asset),
                f"{line.amount:+d}",
            )
            for line in statements.last_lines_of(target.pk)
        ]
        return [
            Shown(
                title=_("Balances"),
                headers=[_("asset"), _("amount")],
                rows=[(asset_cell(asset), amount) for asset, amount in statements.holdings_of(target)],
                empty=_("Nothing."),
            ),
            Shown(
                title=_("Statement"),
                headers=[_("when"), _("entry"), _("cause"), _("asset"), _("amount")],
                rows=statement,
                empty=_("Nothing moved."),
            ),
        ]


@admin.register(ItemInstance)
class ItemInstanceRoom(LedgerRoom):
    """Unique items: what they are, who holds them, and how they came there."""

    list_display = ("id", "definition", "bound_to", "created_at")
    list_filter = ("definition",)
    search_fields = ("=id", "=bound_to")
    search_help_text = _("The id of an item, or of the character that it is bound to")
    fields = ("id", "definition", "stats", "bound_to", "created_at", "holder", "content_hash")
    readonly_fields = fields

    @admin.display(description=_("holder"))
    def holder(self, instance: ItemInstance) -> Cell:
        account = statements.holder_of(instance.pk)
        return account_link(account) if account else "–"

    def tables(self, target: ItemInstance) -> list[Shown]:
        rows = [
            (
                moment_text(line.entry.at),
                entry_link(line),
                line.entry.kind,
                line.entry.cause,
                character_link(line.entry.actor_id),
                account_link(line.account),
            )
            for line in statements.provenance(target.pk)
        ]
        events = [
            (
                moment_text(event.at),
                event.kind,
                event.facts,
            )
            for event in provenance.events_of(target.pk)
        ]
        return [
            Shown(
                title=_("Provenance"),
                headers=[_("when"), _("entry"), _("kind"), _("cause"), _("by"), _("to account")],
                rows=rows,
                empty=_("Nothing moved."),
            ),
            Shown(
                title=_("Made of"),
                headers=[_("asset"), _("amount")],
                rows=[(asset_cell(a), n) for a, n in provenance.ingredients_of(target).items()],
                empty=_("It was not crafted here."),
            ),
            Shown(
                title=_("What was made of it"),
                headers=[_("asset")],
                rows=[(asset_cell(each.asset),) for each in provenance.works_of(target)],
                empty=_("Nothing."),
            ),
            Shown(
                title=_("Events"),
                headers=[_("when"), _("kind"), _("facts")],
                rows=events,
                empty=_("Nothing has happened to it."),
            ),
        ]


@admin.register(Hold)
class HoldRoom(ReadOnlyRoom):
    """What is set aside: for what, until when, and how it was decided."""

    list_display = ("id", "character_text", "purpose", "cause", "state", "placed_at", "expires_at")
    list_filter = ("state", "purpose")
    search_fields = ("=character_id", "=cause")
    search_help_text = _("The id of a character, or a cause")
    fields = (*list_display[:5], "contents", *list_display[5:], "resolved_at")
    readonly_fields = fields

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, hold: Hold) -> Cell:
        return character_link(hold.character_id)


@admin.register(FeatureSwitch)
class SwitchRoom(ReadOnlyRoom):
    """The parts of the economy that can be stopped at once, everywhere."""

    list_display = ("feature", "is_on", "changed_at", "changed_by", "reason")
    fields = list_display
    readonly_fields = fields
    actions_detail = ("switch_off", "switch_on")

    def has_switch_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.switch_feature"))

    @act_button(description=_("Stop"), url_path="off/", permission="switch", icon="pause_circle")
    def switch_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, SWITCH_OFF)

    @act_button(description=_("Let it go on"), url_path="on/", permission="switch", icon="play_circle")
    def switch_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, SWITCH_ON)


def character_link(character_id: int | None) -> Cell:
    """Return a link to a character's page."""
    if not character_id:
        return "–"
    return link(character_id, reverse("admin:accounts_character_change", args=[character_id]))


def account_link(account: Account) -> Cell:
    return link(account, reverse("admin:economy_account_change", args=[account.pk]))


def entry_link(line: Line) -> Cell:
    return link(f"#{line.entry_id}", reverse("admin:economy_entry_change", args=[line.entry_id]))


def asset_cell(asset: str) -> Cell:
    """Return an asset; an instance links to its page."""
    if not asset.startswith("item:"):
        return asset
    instance_id = UUID(asset.removeprefix("item:"))
    return link(asset, reverse("admin:economy_iteminstance_change", args=[instance_id]))


def _switch_off(actor: Any, target: FeatureSwitch, form: Any) -> None:
    feature = services.Feature(target.feature)
    services.switch_off(actor=actor, feature=feature, reason=form.cleaned_data["reason"])


def _switch_on(actor: Any, target: FeatureSwitch, form: Any) -> None:
    feature = services.Feature(target.feature)
    services.switch_on(actor=actor, feature=feature, reason=form.cleaned_data["reason"])


SWITCH_OFF = Act(
    title=_("Stop this part of the economy"),
    explanation=_("Every player is refused at once; nothing of it moves until it is let go on."),
    perform=_switch_off,
    is_dangerous=True,
)
SWITCH_ON = Act(
    title=_("Let this part of the economy go on"),
    explanation=_("Players may use it again at once."),
    perform=_switch_on,
)
