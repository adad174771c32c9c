"""The console's rooms of finding and making: crafts, professions, pity, and the drop simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from aether.console.panels import Cell, Shown
from aether.console.rooms import Act, ReadOnlyRoom, ReasonForm, act_button, ask_and_perform
from aether.kernel import content
from aether.kernel.errors import GameError
from apps.economy import services
from apps.economy.admin.ledger import LedgerRoom, character_link
from apps.economy.definitions import LootTable
from apps.economy.models import CraftJob, DropSimulation, LearntRecipe, PityCounter, Profession
from apps.economy.rules.skill import skill_of
from apps.economy.services.simulating import findings


class CharacterRoom(ReadOnlyRoom):
    """A room of rows that belong to a character each, found by its id."""

    search_fields = ("=character_id",)
    search_help_text = _("The id of a character")

    @admin.display(description=_("character"), ordering="character_id")
    def character_text(self, row: Any) -> Cell:
        return character_link(row.character_id)


@admin.register(CraftJob)
class CraftRoom(CharacterRoom):
    """What is being made and was made; a craft that should not be can be taken back."""

    list_display = ("id", "character_text", "recipe", "count", "state", "started_at", "finishes_at")
    list_filter = ("state", "recipe")
    fields = (*list_display, "ended_at", "hold_id", "idempotency_key")
    readonly_fields = fields
    actions_detail = ("cancel_craft",)

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.switch_feature"))

    @act_button(description=_("Cancel"), url_path="cancel/", permission="cancel", icon="undo")
    def cancel_craft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CANCEL)


@admin.register(Profession)
class ProfessionRoom(CharacterRoom):
    """How far characters have come in their professions."""

    list_display = ("character_text", "profession", "level_text", "xp")
    list_filter = ("profession",)
    ordering = ("-xp",)
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("level"), ordering="xp")
    def level_text(self, row: Profession) -> int:
        return skill_of(row.xp).level


@admin.register(LearntRecipe)
class LearntRecipeRoom(CharacterRoom):
    """What characters were taught to make."""

    list_display = ("character_text", "recipe", "learnt_at")
    list_filter = ("recipe",)
    ordering = ("-learnt_at",)
    fields = list_display
    readonly_fields = fields


@admin.register(PityCounter)
class PityRoom(CharacterRoom):
    """How long characters have waited for what has to fall in the end."""

    list_display = ("character_text", "table", "item", "misses")
    list_filter = ("table",)
    ordering = ("-misses",)
    fields = list_display
    readonly_fields = fields
    actions_detail = ("reset",)

    def has_reset_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.reset_pity"))

    @act_button(description=_("Reset"), url_path="reset/", permission="reset", icon="restart_alt")
    def reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, RESET)


class SimulationForm(ReasonForm):
    table = forms.ChoiceField(label=_("Loot table"), choices=(), widget=UnfoldAdminSelectWidget)
    luck_pct = forms.IntegerField(
        label=_("Luck, %"), min_value=0, max_value=100, initial=0, widget=UnfoldAdminIntegerFieldWidget
    )
    field_order = ["table", "luck_pct", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(name, name) for name in content.current().all(LootTable)]  # type: ignore[attr-defined]


@admin.register(DropSimulation)
class SimulationRoom(LedgerRoom):
    """Loot tables thrown a hundred thousand times, beside what their closed form says."""

    list_display = ("id", "table", "luck_pct", "thrown", "wanted", "state", "asked_by", "asked_at")
    list_filter = ("state",)
    search_fields = ("table",)
    fields = (*list_display, "content_hash")
    readonly_fields = fields
    actions_list = ("simulate",)

    def has_simulate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("economy.simulate_drops"))

    @action(description=_("New simulation"), url_path="new/", permissions=["simulate"], icon="casino")  # type: ignore[untyped-decorator]  # the library is untyped
    def simulate(self, request: HttpRequest) -> HttpResponse:
        form = SimulationForm(request.POST if request.method == "POST" else None)
        back = reverse("admin:economy_dropsimulation_changelist")
        if form.is_bound and form.is_valid():
            assert request.user.is_authenticated, "the console lets nobody else in"
            try:
                made = services.simulate_drops(actor=request.user, **form.cleaned_data)
            except GameError as refusal:
                form.add_error(None, refusal.message(get_language() or "en"))
            else:
                messages.success(request, _("Done, and written into the journal."))
                return HttpResponseRedirect(reverse("admin:economy_dropsimulation_change", args=[made]))
        shown: Mapping[str, Any] = {
            **self.admin_site.each_context(request),
            "title": SIMULATE.title,
            "act": SIMULATE,
            "target": _("Loot"),
            "form": form,
            "opts": self.opts,
            "back": back,
        }
        return TemplateResponse(request, "console/act.html", dict(shown))

    def tables(self, target: DropSimulation) -> list[Shown]:
        found = findings(target)
        gone = _("The content has changed since: throw again.")
        rates = found.rates if found else []
        means = found.means if found else []
        agreed = [found.agreement] if found else []
        return [
            Shown(
                title=_("Entries"),
                headers=[
                    _("loot table"),
                    _("gives"),
                    _("nominal, %"),
                    _("effective, %"),
                    _("seen, %"),
                    _("± (95 %)"),
                    _("tries"),
                ],
                rows=[
                    (
                        each.table,
                        each.gives,
                        _percent(each.nominal),
                        _percent(each.effective),
                        _percent(each.seen),
                        _percent(each.error),
                        each.tries,
                    )
                    for each in rates
                ],
                empty=gone,
            ),
            Shown(
                title=_("Mean of one throw"),
                headers=[_("gives"), _("expected"), _("seen")],
                rows=[(what, f"{expected:.4f}", f"{seen:.4f}") for what, expected, seen in means],
                empty=gone,
            ),
            Shown(
                title=_("Agreement"),
                headers=["χ²", _("degrees of freedom"), "p"],
                rows=[(f"{each.chi_square:.2f}", each.freedom, f"{each.p:.4f}") for each in agreed],
                empty=gone,
            ),
        ]


def _percent(part: float) -> str:
    return f"{100 * part:.3f}"


def _cancel(actor: Any, target: CraftJob, form: Any) -> None:
    services.cancel_craft_as_staff(actor=actor, craft_id=target.pk, reason=form.cleaned_data["reason"])


def _reset(actor: Any, target: PityCounter, form: Any) -> None:
    services.reset_pity(actor=actor, counter_id=target.pk, reason=form.cleaned_data["reason"])


CANCEL = Act(
    title=_("Cancel this craft"),
    explanation=_("Everything that was set aside for it goes back to the character."),
    perform=_cancel,
)
RESET = Act(
    title=_("Reset this counter"),
    explanation=_("The character waits as if the item had just fallen."),
    perform=_reset,
)
SIMULATE = Act(
    title=_("Throw a loot table"),
    explanation=_("A hundred thousand throws, some thousands at a time, beside the closed form."),
    perform=_cancel,
)
