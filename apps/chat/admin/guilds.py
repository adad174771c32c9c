"""The console's room of guilds: who is in one, at which rank, and what game masters do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.console.moments import moment_text
from aether.console.panels import Rows, Shown
from aether.console.rooms import Act, ReadOnlyRoom, ReasonForm, act_button, ask_and_perform
from apps.chat import services
from apps.chat.models import Guild, GuildMember, GuildRank
from apps.chat.rules import MOTD_LENGTH_MAX
from apps.chat.rules import guilds as rules


@admin.register(Guild)
class GuildRoom(ReadOnlyRoom):
    """Guilds of the whole realm, on whichever shard one looks."""

    list_display = ("name", "led_by", "size", "founded_at", "shard")
    search_fields = ("name__istartswith", "leader__name__istartswith", "members__name__name__istartswith")
    search_help_text = _("The beginning of the name of a guild or a member")
    ordering = ("-founded_at",)
    fields = ("name", "led_by", "size", "motd", "founded_at", "shard", "price", "version")
    readonly_fields = fields
    change_form_outer_after_template = "console/tables.html"
    actions_detail = ("rename", "change_motd", "hand_over", "disband")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guild]:
        founded = Guild.objects.filter(founded_at__isnull=False).select_related("leader")
        return founded.annotate(member_total=Count("members", distinct=True)).order_by(*self.ordering)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        is_number = object_id.isascii() and object_id.isdecimal() and len(object_id) < 19
        shown = {"tables": _tables_of(int(object_id))} if is_number else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response

    def has_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("chat.run_guild"))

    @act_button(description=_("Rename"), url_path="rename/", permission="run", icon="edit")
    def rename(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, RENAME)

    @act_button(description=_("Change the message"), url_path="motd/", permission="run", icon="chat_bubble")
    def change_motd(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CHANGE_MOTD)

    @act_button(description=_("Hand over"), url_path="hand-over/", permission="run", icon="crown")
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, HAND_OVER)

    @act_button(description=_("Disband"), url_path="disband/", permission="run", icon="delete")
    def disband(self, request: HttpRequest, object_id: str) -> HttpResponse:
        answer = ask_and_perform(self, request, object_id, DISBAND)
        if isinstance(answer, HttpResponseRedirect):
            # The page that one came from is no more.
            return HttpResponseRedirect(reverse("admin:chat_guild_changelist"))
        return answer

    @admin.display(description=_("leader"), ordering="leader__name")
    def led_by(self, guild: Guild) -> str:
        return guild.leader.name

    @admin.display(description=_("members"), ordering="member_total")
    def size(self, guild: Guild) -> str:
        return f"{guild.member_total} / {rules.MEMBERS_MAX}"  # type: ignore[attr-defined]  # annotated


class NameForm(ReasonForm):
    """What the guild is called from now on."""

    name = forms.CharField(
        label=_("Name"), max_length=rules.NAME_LENGTH_MAX, widget=UnfoldAdminTextInputWidget
    )
    field_order = ["name", "reason"]


class MotdForm(ReasonForm):
    """The message of the day; none takes it away."""

    text = forms.CharField(
        label=_("Message of the day"),
        max_length=MOTD_LENGTH_MAX,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    field_order = ["text", "reason"]


class LeaderForm(ReasonForm):
    """Who leads from now on."""

    name = forms.CharField(
        label=_("New leader"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The name of a member."),
    )
    field_order = ["name", "reason"]


def _rename(actor: Any, guild: Guild, form: Any) -> None:
    services.rename_guild(actor=actor, guild_id=guild.pk, **form.cleaned_data)


def _change_motd(actor: Any, guild: Guild, form: Any) -> None:
    services.change_guild_motd(actor=actor, guild_id=guild.pk, **form.cleaned_data)


def _hand_over(actor: Any, guild: Guild, form: Any) -> None:
    services.hand_over_as_staff(actor=actor, guild_id=guild.pk, **form.cleaned_data)


def _disband(actor: Any, guild: Guild, form: Any) -> None:
    services.disband_as_staff(actor=actor, guild_id=guild.pk, **form.cleaned_data)


RENAME = Act(
    title=_("Rename the guild"),
    explanation=_("Its members see the new name at once. The old one is free for others."),
    perform=_rename,
    form=NameForm,
)
CHANGE_MOTD = Act(
    title=_("Change the message of the day"),
    explanation=_("Its members see the new message at once; with none, the old one is gone."),
    perform=_change_motd,
    form=MotdForm,
)
HAND_OVER = Act(
    title=_("Hand the guild over"),
    explanation=_("Another member leads from now on. Who led takes the rank below."),
    perform=_hand_over,
    form=LeaderForm,
)
DISBAND = Act(
    title=_("Disband the guild"),
    explanation=_("Its members are in no guild any more, and its name is free. It cannot be undone."),
    perform=_disband,
    is_dangerous=True,
)


def _tables_of(guild_id: int) -> list[Shown]:
    return [
        Shown(
            title=_("Members"),
            headers=[_("name"), _("rank"), _("shard"), _("joined"), _("away since")],
            rows=_members(guild_id),
            empty=_("None."),
        ),
        Shown(
            title=_("Ranks"),
            headers=[_("rank"), _("permissions"), _("members")],
            rows=_ranks(guild_id),
            empty=_("None."),
        ),
    ]


def _members(guild_id: int) -> Rows:
    members = GuildMember.objects.filter(guild_id=guild_id).select_related("name", "rank")
    return [
        (
            each.name.name,
            each.rank.name,
            each.name.shard,
            moment_text(each.joined_at),
            gettext("here") if each.away_since is None else moment_text(each.away_since),
        )
        for each in members.order_by("rank__position", "joined_at")
    ]


def _ranks(guild_id: int) -> Rows:
    ranks = GuildRank.objects.filter(guild_id=guild_id).annotate(count=Count("members"))
    return [
        (each.name, ", ".join(rules.named(each.permissions)) or "–", each.count)
        for each in ranks.order_by("position")
    ]
