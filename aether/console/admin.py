"""The kernel's rooms: the journal, read only, and the facts whose handling failed."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from aether.console import approvals
from aether.console.models import Approval
from aether.console.rooms import Act, ReadOnlyRoom, ReasonForm, act_button, ask_and_perform, preformatted
from aether.kernel import audit, facts, shards
from aether.kernel.journal import StreamKind
from aether.kernel.models import FailedFact, JournalLine, Shard

KIND_NAMES = {
    StreamKind.BATTLE: _("Battle"),
    StreamKind.CHARACTER: _("Character"),
    StreamKind.AUDIT: _("Staff"),
    StreamKind.QUEST: _("Quest"),
    StreamKind.OBJECT: _("Object"),
    StreamKind.LEDGER: _("Ledger"),
    StreamKind.TAKING: _("Taking"),
}


class KindFilter(admin.SimpleListFilter):
    title = _("stream")
    parameter_name = "stream"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(int(kind)), KIND_NAMES.get(kind, kind.name.title())) for kind in StreamKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[JournalLine]) -> QuerySet[JournalLine]:
        value = self.value()
        return queryset.filter(kind=int(value)) if value and value.isdecimal() else queryset


@admin.register(JournalLine)
class JournalRoom(ReadOnlyRoom):
    """The journal as it is. Search by the number of a stream, or by `kind:number` as in an entry's key."""

    list_display = ("key", "stream_kind", "at", "actor_id", "summary")
    list_filter = (KindFilter,)
    search_fields = ("stream_id",)
    search_help_text = _("The number of the battle, character, quest…")
    ordering = ("-kind", "-stream_id", "-version")
    sortable_by = ()
    paginator = InfinitePaginator
    fields = ("key", "stream_kind", "stream_id", "version", "at", "actor_id", "hash", "payload_text")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalLine]:
        # The order of the primary key, so that pages come from its index.
        return JournalLine.objects.order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[JournalLine], search_term: str
    ) -> tuple[QuerySet[JournalLine], bool]:
        parts = search_term.split(":")
        if not search_term:
            return queryset, False
        if len(parts) > 3 or not all(_is_number(part) for part in parts):
            return queryset.none(), False
        numbers = [int(part) for part in parts]
        columns = ["stream_id"] if len(parts) == 1 else ["kind", "stream_id", "version"]
        return queryset.filter(**dict(zip(columns, numbers, strict=False))), False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> JournalLine | None:
        parts = object_id.replace("_3A", ":").split(":")
        if len(parts) != 3 or not all(_is_number(part) for part in parts):
            return None
        kind, stream_id, version = map(int, parts)
        return self.get_queryset(request).filter(kind=kind, stream_id=stream_id, version=version).first()

    @admin.display(description=_("Stream"))
    def stream_kind(self, line: JournalLine) -> Any:
        return KIND_NAMES.get(StreamKind(line.kind), line.kind)

    @admin.display(description=_("Content"))
    def summary(self, line: JournalLine) -> str:
        text = json.dumps(line.payload, ensure_ascii=False)
        return text if len(text) <= 120 else f"{text[:119]}…"

    @admin.display(description=_("Content"))
    def payload_text(self, line: JournalLine) -> SafeString:
        return preformatted(json.dumps(line.payload, ensure_ascii=False, indent=2))


@admin.register(FailedFact)
class FailedFactRoom(ReadOnlyRoom):
    """Facts that a subscriber could not handle. A parked one waits here until somebody retries it."""

    list_display = ("fact", "subscriber", "failures", "failed_at", "parked_at")
    list_filter = (("parked_at", admin.EmptyFieldListFilter), "subscriber")
    list_select_related = ("fact",)
    ordering = ("-failed_at",)
    fields = ("fact", "subscriber", "failures", "failed_at", "parked_at", "fact_text", "error_text")
    readonly_fields = fields
    actions_detail = ("retry",)

    def has_retry_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("kernel.retry_fact"))

    @act_button(description=_("Retry"), url_path="retry/", permission="retry", icon="refresh")
    def retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        act = Act(
            title=_("Retry this fact"),
            explanation=_("The subscriber gets another five tries. What it does, it does once."),
            perform=_retry,
        )
        return ask_and_perform(self, request, object_id, act)

    @admin.display(description=_("Content of the fact"))
    def fact_text(self, failed: FailedFact) -> SafeString:
        return preformatted(json.dumps(json.loads(failed.fact.payload), ensure_ascii=False, indent=2))

    @admin.display(description=_("Last error"))
    def error_text(self, failed: FailedFact) -> SafeString:
        return preformatted(failed.error)


@admin.register(Approval)
class ApprovalRoom(ReadOnlyRoom):
    """What waits for a second person, and what became of it."""

    list_display = ("act_title", "target", "state", "requested_by", "requested_at", "decided_by")
    list_filter = ("state", "act")
    search_fields = ("=target",)
    search_help_text = _("A target such as battle:77, or the beginning of the name of who asked")
    fields = (
        "act_title",
        "target",
        "values_text",
        "reason",
        "requested_by",
        "requested_at",
        "state",
        "decided_by",
        "decided_at",
        "decision",
    )
    readonly_fields = fields
    actions_detail = ("approve", "refuse")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Approval], search_term: str
    ) -> tuple[QuerySet[Approval], bool]:
        if not search_term:
            return queryset, False
        people = get_user_model().objects.filter(username__istartswith=search_term)
        asked_by = list(people.values_list("pk", flat=True)[:100])
        return queryset.filter(Q(target=search_term) | Q(requested_by_id__in=asked_by)), False

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("console.decide_approval"))

    @act_button(description=_("Approve"), url_path="approve/", permission="decide", icon="how_to_reg")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, APPROVE)

    @act_button(description=_("Refuse"), url_path="refuse/", permission="decide", icon="person_off")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, REFUSE)

    @admin.display(description=_("act"), ordering="act")
    def act_title(self, approval: Approval) -> Any:
        return approvals.title_of(approval.act)

    @admin.display(description=_("values"))
    def values_text(self, approval: Approval) -> str:
        return ", ".join(f"{name} {value}" for name, value in sorted(approval.values.items()))


def _approve(actor: Any, approval: Approval, form: Any) -> None:
    approvals.approve(actor=actor, approval_id=approval.pk, reason=form.cleaned_data["reason"])


def _refuse(actor: Any, approval: Approval, form: Any) -> None:
    approvals.refuse(actor=actor, approval_id=approval.pk, reason=form.cleaned_data["reason"])


APPROVE = Act(
    title=_("Approve what was asked for"),
    explanation=_("It is done at once, in the name of both. Whoever asked for it cannot approve it."),
    perform=_approve,
)
REFUSE = Act(
    title=_("Refuse what was asked for"),
    explanation=_("Nothing is done. Whoever asked for it may take it back this way."),
    perform=_refuse,
)


@transaction.atomic
def _retry(actor: Any, failed: FailedFact, form: Any) -> None:
    details: dict[str, object] = {"subscriber": failed.subscriber, "fact": failed.fact.type}
    audit.record(actor, "retry_fact", f"fact:{failed.fact_id}", form.cleaned_data["reason"], details)
    facts.retry(failed.fact_id, failed.subscriber)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


class ShardForm(ReasonForm):
    state = forms.ChoiceField(
        label=_("State"), choices=Shard.State.choices, widget=UnfoldAdminSelectWidget, initial="open"
    )
    field_order = ["state", "reason"]


class TermsForm(ReasonForm):
    fee = forms.IntegerField(
        label=_("Fee of leaving"), min_value=0, max_value=10**9, widget=UnfoldAdminIntegerFieldWidget
    )
    days = forms.IntegerField(
        label=_("Days between transfers"), min_value=0, max_value=365, widget=UnfoldAdminIntegerFieldWidget
    )
    field_order = ["fee", "days", "reason"]


@admin.register(Shard)
class ShardRoom(ReadOnlyRoom):
    """The shards of the realm: who is there, how full they are, and the terms of moving between them."""

    list_display = ("id", "name_en", "name_fr", "standing", "load", "seen_at", "address")
    ordering = ("id",)
    fields = (
        "id",
        "name_en",
        "name_fr",
        "address",
        "standing",
        "load",
        "seen_at",
        "transfer_fee",
        "cooldown",
    )
    readonly_fields = fields
    actions_detail = ("change_state", "change_terms")

    def has_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("kernel.run_shard"))

    @act_button(description=_("Open or close"), url_path="state/", permission="run", icon="door_open")
    def change_state(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CHANGE_STATE)

    @act_button(description=_("Change the terms"), url_path="terms/", permission="run", icon="price_change")
    def change_terms(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CHANGE_TERMS)

    @admin.display(description=_("state"))
    def standing(self, shard: Shard) -> Any:
        return STANDINGS[shards.standing_of(shard)]

    @admin.display(description=_("people, of at most"))
    def load(self, shard: Shard) -> str:
        return f"{shard.online} / {shard.capacity}"

    @admin.display(description=_("days between transfers"))
    def cooldown(self, shard: Shard) -> str:
        return f"{shard.transfer_cooldown_s / DAY_S:g}"


def _change_state(actor: Any, shard: Shard, form: Any) -> None:
    shards.change_state(
        actor=actor,
        shard_id=shard.pk,
        state=form.cleaned_data["state"],
        reason=form.cleaned_data["reason"],
    )


def _change_terms(actor: Any, shard: Shard, form: Any) -> None:
    shards.change_terms(
        actor=actor,
        shard_id=shard.pk,
        fee=form.cleaned_data["fee"],
        cooldown_s=form.cleaned_data["days"] * DAY_S,
        reason=form.cleaned_data["reason"],
    )


DAY_S = 86_400
STANDINGS = {
    "open": _("open"),
    "full": _("full"),
    "maintenance": _("under maintenance"),
    "closed": _("closed"),
    "away": _("does not answer"),
}
CHANGE_STATE = Act(
    title=_("Open or close this shard"),
    explanation=_("Decides who may come by transfer, and what players see in the list. Nobody is sent away."),
    perform=_change_state,
    form=ShardForm,
)
CHANGE_TERMS = Act(
    title=_("Change what leaving takes"),
    explanation=_("Holds for transfers that are asked for from now on."),
    perform=_change_terms,
    form=TermsForm,
)
