"""The console's room of rollbacks: a case, its dry run, whom it concerns, and what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from aether.console import approvals
from aether.console.moments import MomentField
from aether.console.panels import Shown
from aether.console.rooms import (
    Act,
    Opening,
    ReasonForm,
    act_button,
    ask_and_open,
    ask_and_perform,
)
from apps.economy.admin import case_tables
from apps.economy.admin.ledger import LedgerRoom
from apps.economy.models import RollbackCase
from apps.economy.services import rollback

State = RollbackCase.State


class CaseForm(ReasonForm):
    """Which entries: several numbers or names are separated by commas."""

    characters = forms.CharField(
        label=_("Characters"),
        required=False,
        help_text=_("Ids, with commas between them."),
        widget=UnfoldAdminTextInputWidget,
    )
    causes = forms.CharField(
        label=_("Causes"),
        required=False,
        help_text=_("Such as battle:77; battle:* is all that begin so."),
        widget=UnfoldAdminTextInputWidget,
    )
    kinds = forms.CharField(label=_("Kinds"), required=False, widget=UnfoldAdminTextInputWidget)
    assets = forms.CharField(
        label=_("Assets"),
        required=False,
        help_text=_("glim, the name of an item, or item: and the id of one."),
        widget=UnfoldAdminTextInputWidget,
    )
    entries = forms.CharField(label=_("Entries"), required=False, widget=UnfoldAdminTextInputWidget)
    since = MomentField(label=_("From"), required=False)
    until = MomentField(label=_("To"), required=False)
    subjects = forms.CharField(
        label=_("Subjects"),
        required=False,
        help_text=_("Who may be left in debt. Nobody named: the characters above, else who was given it."),
        widget=UnfoldAdminTextInputWidget,
    )
    income_share_pct = forms.IntegerField(
        label=_("Share of a debtor's income, %"),
        min_value=1,
        max_value=100,
        initial=20,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number"}),
    )
    revokes_xp = forms.BooleanField(
        label=_("Revoke the experience too"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    reopens_quests = forms.BooleanField(
        label=_("Let quests be done again"),
        required=False,
        initial=True,
        help_text=_("Those whose rewards go, unless a quest that needs them has begun."),
        widget=UnfoldBooleanSwitchWidget,
    )
    evidence = forms.JSONField(required=False, widget=forms.HiddenInput)
    NUMBERS: ClassVar[tuple[str, ...]] = ("characters", "entries", "subjects")
    NAMES: ClassVar[tuple[str, ...]] = ("causes", "kinds", "assets")

    def scope(self) -> dict[str, object]:
        """Return what was typed as a scope; what it refuses, the service says."""
        given = self.cleaned_data
        found: dict[str, object] = {name: _numbers(given[name]) for name in self.NUMBERS if given[name]}
        found |= {name: _names(given[name]) for name in self.NAMES if given[name]}
        found |= {name: given[name].isoformat() for name in ("since", "until") if given[name]}
        return {**found, **{name: given[name] for name in ("revokes_xp", "reopens_quests")}}


@admin.register(RollbackCase)
class CaseRoom(LedgerRoom):
    """Rollbacks. One person opens a case, another one approves its dry run; then it happens."""

    list_display = ("id", "reason", "state", "opened_name", "opened_at", "approved_name", "ended_at")
    list_filter = ("state",)
    search_fields = ("reason__icontains", "opened_name__istartswith")
    fields = (
        "reason",
        "state",
        "scope_text",
        "evidence_text",
        "opened_name",
        "opened_at",
        "planned_at",
        "approved_name",
        "ended_at",
        "progress",
        "undoes",
    )
    readonly_fields = fields
    actions_list = ("open_case",)
    actions_detail = ("plan", "ask", "withdraw", "undo")

    def has_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.run_rollback"))

    @action(description=_("Open a case"), url_path="open/", permissions=["run"], icon="add")  # type: ignore[untyped-decorator]
    def open_case(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, OPEN)

    @act_button(description=_("New dry run"), url_path="plan/", permission="run", icon="science")
    def plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, PLAN)

    @act_button(description=_("Ask for approval"), url_path="ask/", permission="run", icon="how_to_reg")
    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, ASK)

    @act_button(description=_("Withdraw"), url_path="withdraw/", permission="run", icon="close")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, WITHDRAW)

    @act_button(description=_("Undo this rollback"), url_path="undo/", permission="run", icon="undo")
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, UNDO)

    @admin.display(description=_("scope"))
    def scope_text(self, case: RollbackCase) -> str:
        parts = (f"{name}: {_shown(value)}" for name, value in case.scope.items())
        return "; ".join(parts)

    @admin.display(description=_("evidence"))
    def evidence_text(self, case: RollbackCase) -> str:
        return "; ".join(f"{name}: {_shown(value)}" for name, value in case.evidence.items()) or "–"

    @admin.display(description=_("steps"))
    def progress(self, case: RollbackCase) -> str:
        total, done = case.steps.count(), case.steps.filter(done_at__isnull=False).count()
        return gettext("%(done)s of %(total)s done") % {"done": done, "total": total}

    def tables(self, target: RollbackCase) -> list[Shown]:
        return case_tables.tables_of(target)


def _numbers(text: str) -> list[object]:
    """Return numbers as such, and what is none as it is, so that the service can refuse it by name."""
    return [
        int(part) if part.isascii() and part.isdecimal() and len(part) < 19 else part for part in _names(text)
    ]


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _open(actor: Any, form: CaseForm) -> Model:
    reason = form.cleaned_data["reason"]
    case = rollback.open_case(
        actor=actor,
        reason=reason,
        scope=form.scope(),
        evidence=form.cleaned_data["evidence"] or {},
        income_share_pct=form.cleaned_data["income_share_pct"],
    )
    return rollback.plan_case(actor=actor, case_id=case.pk, reason=reason)


def _plan(actor: Any, case: RollbackCase, form: Any) -> None:
    rollback.plan_case(actor=actor, case_id=case.pk, reason=form.cleaned_data["reason"])


def _withdraw(actor: Any, case: RollbackCase, form: Any) -> None:
    rollback.withdraw_case(actor=actor, case_id=case.pk, reason=form.cleaned_data["reason"])


def _undo(actor: Any, case: RollbackCase, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    opened = rollback.undo_case(actor=actor, case_id=case.pk, reason=reason)
    rollback.plan_case(actor=actor, case_id=opened.pk, reason=reason)


def _ask(actor: Any, case: RollbackCase, form: Any) -> None:
    rollback.require_planned(case_id=case.pk)
    approvals.ask(
        actor=actor,
        act="run_rollback",
        target=f"rollback:{case.pk}",
        values={
            "fingerprint": case.fingerprint,
            "lines": case.summary.get("lines", 0),
            "people": case.summary.get("people", 0),
        },
        reason=form.cleaned_data["reason"],
    )


def _approved(granted: approvals.Granted) -> None:
    rollback.approve_case(
        actor=granted.approved_by,
        case_id=granted.target_id,
        seen=granted.values["fingerprint"],
        reason=granted.reason,
    )


OPEN = Opening(
    title=_("Open a rollback case"),
    explanation=_(
        "Says which entries are to be undone. The dry run is made at once; nothing moves until somebody else "
        "has approved it."
    ),
    perform=_open,
    form=CaseForm,
)
PLAN = Act(
    title=_("Make a new dry run"),
    explanation=_("Looks at everything again. What was asked for on an earlier dry run is void."),
    perform=_plan,
)
ASK = Act(
    title=_("Ask for the approval of this dry run"),
    explanation=_(
        "Somebody else than who opened the case has to approve it. Then it is carried out at once."
    ),
    perform=_ask,
)
WITHDRAW = Act(title=_("Withdraw this case"), explanation=_("Nothing has moved."), perform=_withdraw)
UNDO = Act(
    title=_("Undo this rollback"),
    explanation=_("Opens a case that undoes what this one has done; it needs a second person as well."),
    perform=_undo,
    is_dangerous=True,
)
approvals.register(
    "run_rollback",
    approvals.Kind(title=_("Carry out a rollback"), permission="economy.run_rollback", perform=_approved),
)
