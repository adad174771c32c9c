"""The console's room of battles: to look at turn by turn, and what game masters do about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from aether.console import approvals
from aether.console.panels import Banner, Cell, registry
from aether.console.rooms import Act, ReadOnlyRoom, ReasonForm, act_button, ask_and_perform
from aether.kernel.errors import GameError
from aether.kernel.rest import refuse
from apps.accounts import selectors as accounts
from apps.combat import engine, replays, rulebooks, selectors, services
from apps.combat.models import BattleRecord
from apps.combat.tables import tables_of

__all__ = ["BattleRoom", "tables_of"]


class FaultFilter(admin.SimpleListFilter):
    """Battles that something is wrong with."""

    title = _("fault")
    parameter_name = "fault"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("stopped, and not dealt with")),
            ("counted", _("with faults")),
            ("rules", _("of other rules")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BattleRecord]) -> QuerySet[BattleRecord]:
        match self.value():
            case "open":
                return queryset.filter(status=BattleRecord.Status.FAULTED)
            case "counted":
                return queryset.filter(faults__gt=0)
            case "rules":
                return queryset.exclude(rules_version=engine.RULES_VERSION)
        return queryset


class MonsterFilter(admin.SimpleListFilter):
    """Battles in which a monster of this kind fought."""

    title = _("monster")
    parameter_name = "monster"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return rulebooks.monster_names(get_language() or "en")

    def queryset(self, request: HttpRequest, queryset: QuerySet[BattleRecord]) -> QuerySet[BattleRecord]:
        value = self.value()
        return queryset.filter(monsters__contains=[value]) if value else queryset


@admin.register(BattleRecord)
class BattleRoom(ReadOnlyRoom):
    """Battles, running and ended."""

    change_form_outer_after_template = "console/tables.html"
    show_facets = admin.ShowFacets.NEVER
    list_display = (
        "id",
        "mode",
        "zone",
        "monsters_text",
        "status",
        "round",
        "replayable_text",
        "created_at",
        "ended_at",
    )
    list_filter = ("status", FaultFilter, "mode", "zone", MonsterFilter)
    search_fields = ("=id", "=participants__character_id")
    search_help_text = _("The number of a battle or of a character, or the beginning of a character's name")
    fields = (
        "id",
        "mode",
        "status",
        "zone",
        "group_id",
        "monsters_text",
        "round",
        "spectating",
        "deadline",
        "faults",
        "created_at",
        "ended_at",
        "content_hash",
        "rules_version",
        "replayable_text",
    )
    readonly_fields = fields
    ordering = ("-id",)
    actions_detail = ("draw", "compensate", "settle")

    def has_draw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("combat.draw_battle"))

    def has_compensate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("combat.compensate_battle"))

    def has_settle_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("combat.settle_battle"))

    @act_button(description=_("End as a draw"), url_path="draw/", permission="draw", icon="handshake")
    def draw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DRAW)

    @act_button(description=_("Compensate"), url_path="compensate/", permission="compensate", icon="savings")
    def compensate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, COMPENSATE)

    @act_button(description=_("Settle again"), url_path="settle/", permission="settle", icon="replay")
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, SETTLE)

    @admin.display(description=_("monsters"))
    def monsters_text(self, record: BattleRecord) -> str:
        return (
            ", ".join(rulebooks.monster_name(each, get_language() or "en") for each in record.monsters) or "–"
        )

    @admin.display(description=_("can be fought again"))
    def replayable_text(self, record: BattleRecord) -> Cell:
        reasons = {"rules": _("no: other rules"), "content": _("no: its content is gone")}
        why_not = rulebooks.why_not_replayable(record.rules_version, record.content_hash)
        return reasons[why_not] if why_not else _("yes")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[BattleRecord], search_term: str
    ) -> tuple[QuerySet[BattleRecord], bool]:
        words = search_term.strip()
        if not words or words.isdecimal():
            return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]
        return queryset.filter(participants__character_id__in=accounts.called(words)).distinct(), False

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:battle_id>/replay.json", self._staff_only(show_replay)),
            path("<int:battle_id>/export.json", self._staff_only(show_export)),
        ]
        return [*own, *super().get_urls()]

    def _staff_only(self, show: Callable[[int], HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, battle_id: int) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            try:
                return show(battle_id)
            except GameError as refusal:
                return refuse(refusal)

        viewed: Callable[..., HttpResponse] = self.admin_site.admin_view(answer)
        return viewed

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        shown = {"tables": tables_of(record)} if record is not None else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response


def _draw(actor: Any, record: BattleRecord, form: Any) -> None:
    services.end_as_draw(actor=actor, battle_id=record.pk, reason=form.cleaned_data["reason"])


DRAW = Act(
    title=_("End this battle as a draw"),
    explanation=_(
        "It ends at once, also where a fault has stopped it. Nobody wins and nobody is paid; the players and "
        "the monsters are free."
    ),
    perform=_draw,
    is_dangerous=True,
)


class CompensationForm(ReasonForm):
    """What each player of the battle gets."""

    glim = forms.IntegerField(
        label=_("Glim for each"),
        min_value=0,
        initial=0,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=format_lazy(
            _("More than {glim} glim or {xp} experience takes a second person."),
            glim=services.ALONE_GLIM_MAX,
            xp=services.ALONE_XP_MAX,
        ),
    )
    xp = forms.IntegerField(
        label=_("Experience for each"), min_value=0, initial=0, widget=UnfoldAdminIntegerFieldWidget
    )
    field_order = ["glim", "xp", "reason"]


def _compensate(actor: Any, record: BattleRecord, form: Any) -> None:
    services.compensate(actor=actor, battle_id=record.pk, **form.cleaned_data)


def _takes_two(record: BattleRecord, form: Any) -> bool:
    return services.takes_two(glim=form.cleaned_data["glim"], xp=form.cleaned_data["xp"])


def _ask_to_compensate(actor: Any, record: BattleRecord, form: Any) -> None:
    approvals.ask(
        actor=actor,
        act="compensate_battle",
        target=f"battle:{record.pk}",
        values={"glim": form.cleaned_data["glim"], "xp": form.cleaned_data["xp"]},
        reason=form.cleaned_data["reason"],
    )


def _compensate_approved(granted: approvals.Granted) -> None:
    services.compensate(
        actor=granted.requested_by,
        approved_by=granted.approved_by,
        battle_id=granted.target_id,
        glim=granted.values["glim"],
        xp=granted.values["xp"],
        reason=granted.reason,
    )


COMPENSATE = Act(
    title=_("Compensate the players of this battle"),
    explanation=_(
        "Everybody who fought in it gets the same, once, by an entry of the ledger. "
        "The players are shown your reason."
    ),
    perform=_compensate,
    form=CompensationForm,
    needs_second=_takes_two,
    ask=_ask_to_compensate,
)
approvals.register(
    "compensate_battle",
    approvals.Kind(
        title=COMPENSATE.title, permission="combat.compensate_battle", perform=_compensate_approved
    ),
)


def _settle(actor: Any, record: BattleRecord, form: Any) -> None:
    services.settle_again(actor=actor, battle_id=record.pk, reason=form.cleaned_data["reason"])


SETTLE = Act(
    title=_("Settle this battle again"),
    explanation=_(
        "Its end is told again to those who have not done their part, also to the parked. Who has paid does "
        "not pay twice."
    ),
    perform=_settle,
)


def _stopped() -> str | None:
    """Say how many battles a fault has stopped that nobody has dealt with."""
    count = selectors.faulted_battle_count()
    if not count:
        return None
    return ngettext("A fault has stopped %(n)s battle", "A fault has stopped %(n)s battles", count) % {
        "n": count
    }


registry.banners["combat"] = Banner(
    permission="combat.view_battlerecord",
    read=_stopped,
    link=lambda: f"{reverse('admin:combat_battlerecord_changelist')}?fault=open",
)


def show_replay(battle_id: int) -> HttpResponse:
    """Answer what the client's viewer shows a battle from, one that still runs without its dice."""
    shown = replays.shown_to_staff(replays.read_log(battle_id))
    return HttpResponse(msgspec.json.encode(shown), content_type="application/json")


def show_export(battle_id: int) -> HttpResponse:
    """Answer a battle that is over as the file that its players may have too."""
    exported = msgspec.json.encode(replays.export(replays.read_log(battle_id)))
    response = HttpResponse(exported, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="battle-{battle_id}.json"'
    return response
