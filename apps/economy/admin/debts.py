"""The console's room of debts: who owes what after a rollback, and letting them off."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell
from aether.console.rooms import Act, ReadOnlyRoom, act_button, ask_and_perform
from apps.economy import statements
from apps.economy.admin.ledger import character_link
from apps.economy.models import Debt
from apps.economy.services import rollback


@admin.register(Debt)
class DebtRoom(ReadOnlyRoom):
    """Debts are paid off by a share of what their debtors earn."""

    list_display = ("id", "character_cell", "asset", "owed", "share_pct", "opened_at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter), "asset")
    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")
    fields = ("character_cell", "asset", "owed", "due", "share_pct", "case", "opened_at", "settled_at")
    readonly_fields = fields
    actions_detail = ("waive",)

    def has_waive_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.waive_debt"))

    @act_button(description=_("Waive"), url_path="waive/", permission="waive", icon="volunteer_activism")
    def waive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, WAIVE)

    @admin.display(description=_("character"), ordering="character_id")
    def character_cell(self, debt: Debt) -> Cell:
        return character_link(debt.character_id)

    @admin.display(description=_("still owed"))
    def owed(self, debt: Debt) -> int:
        return statements.owed(debt.character_id, debt.asset)


def _waive(actor: Any, debt: Debt, form: Any) -> None:
    rollback.waive_debt(actor=actor, debt_id=debt.pk, reason=form.cleaned_data["reason"])


WAIVE = Act(
    title=_("Waive this debt"),
    explanation=_("Nothing is owed any more; the house pays the rest, and the telemetry says so."),
    perform=_waive,
)
