"""The room of zone copies: how full each is, who runs it, and how late it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.rooms import (
    Act,
    ReadOnlyRoom,
    act_button,
    ask_and_perform,
)
from apps.world import reports, selectors, services
from apps.world.models import (
    CharacterPlace,
    ZoneCopy,
)


@admin.register(ZoneCopy)
class CopyRoom(ReadOnlyRoom):
    """The copies of zones: how many are in each, which process runs it, and how late its ticks are."""

    list_display = (
        "id",
        "zone_text",
        "kind",
        "state",
        "people",
        "room",
        "process",
        "lag",
        "owner",
        "opened_at",
        "emptied_at",
    )
    list_filter = ("state", "kind", "zone")
    search_fields = ("id", "owner")
    search_help_text = _("The name of a copy, or its owner")
    ordering = ("zone", "number")
    fields = (*list_display, "closed_at")
    readonly_fields = fields
    actions_detail = ("drain",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ZoneCopy]:
        there = CharacterPlace.objects.filter(instance=OuterRef("id"), is_present=True).order_by()
        counted = there.values("instance").annotate(count=Count("character_id")).values("count")
        population = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        rows: QuerySet[ZoneCopy] = super().get_queryset(request)
        return rows.annotate(population=population)

    def has_drain_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.drain_copy"))

    @act_button(description=_("Drain"), url_path="drain/", permission="drain", icon="logout")
    def drain(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DRAIN)

    @admin.display(description=_("zone"), ordering="zone")
    def zone_text(self, copy: ZoneCopy) -> str:
        return selectors.zone_name(copy.zone, get_language() or "en")

    @admin.display(description=_("people"), ordering="population")
    def people(self, copy: Any) -> int:
        return int(copy.population)

    @admin.display(description=_("room for"))
    def room(self, copy: ZoneCopy) -> int:
        return services.capacity_of(copy)

    @admin.display(description=_("run by"))
    def process(self, copy: ZoneCopy) -> str:
        said = reports.of(copy.pk)
        return said.process if said else "–"

    @admin.display(description=_("tick lag"))
    def lag(self, copy: ZoneCopy) -> str:
        said = reports.of(copy.pk)
        return f"{said.lag_ms:g} ms" if said else "–"


def _drain(actor: Any, copy: ZoneCopy, form: Any) -> None:
    services.drain_copy(actor=actor, instance=copy.pk, reason=form.cleaned_data["reason"])


DRAIN = Act(
    title=_("Drain this copy"),
    explanation=_(
        "Nobody comes in any more, and those in it go over to other copies, keeping their socket. Who "
        "fights, gathers or trades goes when that is over. Then it closes."
    ),
    perform=_drain,
    is_dangerous=True,
)
