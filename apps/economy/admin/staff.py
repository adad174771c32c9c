"""The console's rooms of what staff decide about single characters: frozen dealings, and grants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from aether.console import approvals
from aether.console.panels import Cell, link
from aether.console.rooms import (
    Act,
    Opening,
    ReadOnlyRoom,
    ReasonForm,
    act_button,
    ask_and_open,
    ask_and_perform,
)
from apps.economy import services
from apps.economy.admin.ledger import character_link
from apps.economy.models import Freeze, StaffGrant
from apps.economy.services import staff_grants


class FreezeForm(ReasonForm):
    character = forms.IntegerField(
        label=_("Character"),
        min_value=1,
        help_text=_("The id of a character"),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    field_order = ["character", "reason"]


@admin.register(Freeze)
class FreezeRoom(ReadOnlyRoom):
    """Characters whose dealings are, or were, frozen."""

    list_display = ("changed_at", "character_text", "is_frozen", "changed_by", "reason")
    list_filter = ("is_frozen",)
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    fields = list_display
    readonly_fields = fields
    actions_list = ("freeze",)
    actions_detail = ("freeze_again", "thaw")

    def has_freeze_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.freeze_character"))

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, row: Freeze) -> Cell:
        return character_link(row.character_id)

    @action(  # type: ignore[untyped-decorator]  # the library is untyped
        description=_("Freeze a character"), url_path="freeze/", permissions=["freeze"], icon="ac_unit"
    )
    def freeze(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, FREEZE)

    @act_button(description=_("Freeze again"), url_path="again/", permission="freeze", icon="ac_unit")
    def freeze_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, FREEZE_AGAIN)

    @act_button(description=_("Let it deal again"), url_path="thaw/", permission="freeze", icon="sunny")
    def thaw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, THAW)


class GrantForm(FreezeForm):
    item = forms.CharField(
        label=_("Item"),
        max_length=64,
        initial="glim",
        help_text=_("glim, or the name of an item in the content, such as reed_fibre."),
        widget=UnfoldAdminTextInputWidget,
    )
    amount = forms.IntegerField(
        label=_("Amount"),
        min_value=1,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=format_lazy(
            _(
                "What is worth more than {glim} glim within a day, {total} for all characters together, or "
                "has no price, takes a second person."
            ),
            glim=staff_grants.ALONE_GLIM_MAX,
            total=staff_grants.ALONE_TOTAL_GLIM_MAX,
        ),
    )
    field_order = ["character", "item", "amount", "reason"]


@admin.register(StaffGrant)
class GrantRoom(ReadOnlyRoom):
    """What staff gave to characters, and why; what waits for a second person is not given yet."""

    list_display = (
        "id",
        "character_text",
        "item",
        "amount",
        "given",
        "asked_name",
        "approved_name",
        "asked_at",
    )
    list_filter = (("entry", admin.EmptyFieldListFilter), "item")
    search_fields = ("=character_id", "asked_name__istartswith")
    search_help_text = _("The id of a character, or the beginning of a game master's name")
    fields = (*list_display, "reason")
    readonly_fields = fields
    actions_list = ("grant",)

    def has_grant_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.grant_assets"))

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, row: StaffGrant) -> Cell:
        return character_link(row.character_id)

    @admin.display(description=_("entry"))
    def given(self, row: StaffGrant) -> Cell:
        if row.entry_id is None:
            return _("not given: it takes a second person")
        return link(f"#{row.entry_id}", reverse("admin:economy_entry_change", args=[row.entry_id]))

    @action(  # type: ignore[untyped-decorator]  # the library is untyped
        description=_("Give something"), url_path="give/", permissions=["grant"], icon="redeem"
    )
    def grant(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, GIVE)


def _freeze(actor: Any, form: Any) -> Freeze:
    given = form.cleaned_data
    return services.freeze_dealings(actor=actor, character_id=given["character"], reason=given["reason"])


def _freeze_again(actor: Any, row: Freeze, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    services.freeze_dealings(actor=actor, character_id=row.character_id, reason=reason)


def _thaw(actor: Any, row: Freeze, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    services.thaw_dealings(actor=actor, character_id=row.character_id, reason=reason)


def _give(actor: Any, form: Any) -> StaffGrant:
    """Give it, or ask for a second person where it is much."""
    given = form.cleaned_data
    made = staff_grants.grant_as_staff(
        actor=actor,
        character_id=given["character"],
        item=given["item"].strip(),
        amount=given["amount"],
        reason=given["reason"],
    )
    if made.entry_id is None:
        approvals.ask(
            actor=actor,
            act="grant_assets",
            target=f"grant:{made.pk}",
            values={"character": made.character_id, "item": made.item, "amount": made.amount},
            reason=given["reason"],
        )
    return made


def _give_approved(granted: approvals.Granted) -> None:
    staff_grants.give_approved(actor=granted.approved_by, grant_id=granted.target_id, reason=granted.reason)


_WHAT_FREEZING_DOES = _(
    "It may not trade, send or pay for letters, order, bid, use banks and shops, craft, throw anything away, "
    "or leave for another shard. What it has open is taken back; what comes to it arrives. "
    "The player is shown the reason."
)
FREEZE = Opening(
    title=_("Freeze what a character deals in"),
    explanation=_WHAT_FREEZING_DOES,
    perform=_freeze,
    form=FreezeForm,
    is_dangerous=True,
)
FREEZE_AGAIN = Act(
    title=_("Freeze what a character deals in"),
    explanation=_WHAT_FREEZING_DOES,
    perform=_freeze_again,
    is_dangerous=True,
)
THAW = Act(
    title=_("Let the character deal again"),
    explanation=_("It may do so at once. What was taken back stays so."),
    perform=_thaw,
)
GIVE = Opening(
    title=_("Give something to a character"),
    explanation=_("By an entry of the ledger, out of gm:grant. The player is shown what and why."),
    perform=_give,
    form=GrantForm,
)
approvals.register(
    "grant_assets",
    approvals.Kind(title=GIVE.title, permission="economy.grant_assets", perform=_give_approved),
)
