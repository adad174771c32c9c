"""The room of the monster groups, which staff bring and take away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from aether.console.rooms import (
    Act,
    Opening,
    ReadOnlyRoom,
    act_button,
    ask_and_open,
    ask_and_perform,
)
from apps.world import ground, selectors, services
from apps.world.admin.cells import CellForm
from apps.world.models import (
    MonsterGroup,
)


@admin.register(MonsterGroup)
class GroupRoom(ReadOnlyRoom):
    """The monster groups of the zones, and what each is about."""

    list_display = (
        "id",
        "zone",
        "rule",
        "state",
        "monsters_text",
        "cell_text",
        "bonus_pct",
        "battle",
        "respawn_at",
    )
    list_filter = ("state", "zone", "rule")
    ordering = ("instance", "rule", "slot")
    fields = (
        "instance",
        "rule",
        "state",
        "monsters_text",
        "cell_text",
        "roams_at",
        "bonus_pct",
        "bonus_at",
        "prey",
        "engaged_by",
        "engaged_at",
        "battle",
        "respawn_at",
        "is_extra",
    )
    readonly_fields = fields
    actions_list = ("spawn",)
    actions_detail = ("despawn",)

    def has_steer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("world.steer_group"))

    @action(description=_("Bring a group"), url_path="spawn/", permissions=["steer"], icon="add")  # type: ignore[untyped-decorator]  # the library is untyped
    def spawn(self, request: HttpRequest) -> HttpResponse:
        return ask_and_open(self, request, SPAWN)

    @act_button(description=_("Take away"), url_path="despawn/", permission="steer", icon="delete")
    def despawn(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DESPAWN)

    @admin.display(description=_("monsters"))
    def monsters_text(self, group: MonsterGroup) -> str:
        return ", ".join(f"{monster} {level}" for monster, level in group.monsters) or "–"

    @admin.display(description=_("cell"))
    def cell_text(self, group: MonsterGroup) -> str:
        return f"{group.x}, {group.y}"


class SpawnForm(CellForm):
    """Which group is brought where."""

    rule = forms.ChoiceField(label=_("Zone copy and spawn rule"), widget=UnfoldAdminSelectWidget)
    field_order = ["rule", "x", "y", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.initial.get("instance")
        instances = selectors.instances()
        shown = [asked] if asked in instances else instances
        self.fields["rule"].choices = [  # type: ignore[attr-defined]  # a field with choices
            (f"{instance} {rule.id}", f"{instance} · {rule.id}")
            for instance in shown
            for rule in ground.zone_of(ground.zone_of_instance(instance)).spawns
        ]


def _spawn(actor: Any, form: Any) -> MonsterGroup:
    instance, _space, rule = form.cleaned_data["rule"].partition(" ")
    cell = form.cleaned_data["x"], form.cleaned_data["y"]
    return services.spawn_group(
        actor=actor, instance=instance, rule=rule, cell=cell, reason=form.cleaned_data["reason"]
    )


SPAWN = Opening(
    title=_("Bring a monster group"),
    explanation=_("It stands there at once, beside those that the rule keeps. Once beaten it is gone."),
    perform=_spawn,
    form=SpawnForm,
)


def _despawn(actor: Any, group: MonsterGroup, form: Any) -> None:
    services.despawn_group(actor=actor, group_id=group.pk, reason=form.cleaned_data["reason"])


DESPAWN = Act(
    title=_("Take this monster group away"),
    explanation=_(
        "It is gone at once. One that the zone keeps comes back after its longest time, one that staff "
        "brought does not."
    ),
    perform=_despawn,
)
