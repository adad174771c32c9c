"""The console's rooms of accounts: who plays, what they did to themselves, and what staff do about it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console import panels
from aether.console.panels import Shown
from aether.console.rooms import Act, ReadOnlyRoom, TimedReasonForm, act_button, ask_and_perform, preformatted
from aether.kernel import clock
from apps.accounts import services
from apps.accounts.models import FOREVER, Account, Character, Transfer
from apps.accounts.selectors import profile_of


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("banned", _("Banned")), ("muted", _("Muted")), ("staff", _("Staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        match self.value():
            case "banned":
                return queryset.filter(banned_until__gt=clock.utc_now())
            case "muted":
                return queryset.filter(muted_until__gt=clock.utc_now())
            case "staff":
                return queryset.filter(is_staff=True)
        return queryset


class RoomOfPlayers(ReadOnlyRoom):
    """A room from which players are muted and kicked."""

    def has_mute_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.mute_account"))

    def has_kick_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.kick_account"))


@admin.register(Account)
class AccountRoom(RoomOfPlayers):
    """Accounts. Nothing is edited here: mutes, kicks and bans ask for a reason and stand in the journal."""

    list_display = ("username", "state", "character_count", "last_login", "date_joined")
    list_filter = (StateFilter,)
    search_fields = ("username__istartswith", "names__name__istartswith")
    search_help_text = _("The beginning of an account's or a character's name")
    ordering = ("-date_joined",)
    fields = (
        "username",
        "language",
        "date_joined",
        "last_login",
        "mute_text",
        "mute_reason",
        "ban_text",
        "ban_reason",
    )
    readonly_fields = fields
    change_form_outer_after_template = "console/tables.html"
    actions_detail = ("mute", "unmute", "kick", "ban", "unban")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return Account.objects.annotate(character_total=Count("names")).order_by(*self.ordering)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        shown = {"tables": _tables_of_account(int(object_id))} if object_id.isdecimal() else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response

    def has_ban_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.ban_account"))

    @act_button(description=_("Mute"), url_path="mute/", permission="mute", icon="volume_off")
    def mute(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, MUTE)

    @act_button(description=_("Unmute"), url_path="unmute/", permission="mute", icon="volume_up")
    def unmute(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, UNMUTE)

    @act_button(description=_("Kick"), url_path="kick/", permission="kick", icon="logout")
    def kick(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, KICK)

    @act_button(description=_("Ban"), url_path="ban/", permission="ban", icon="block")
    def ban(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, BAN)

    @act_button(description=_("Unban"), url_path="unban/", permission="ban", icon="lock_open")
    def unban(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, UNBAN)

    @admin.display(description=_("state"))
    def state(self, account: Account) -> Any:
        states = [
            text
            for text, holds in (
                (_("banned"), account.is_banned),
                (_("muted"), account.is_muted),
                (_("staff"), account.is_staff),
            )
            if holds
        ]
        return ", ".join(map(str, states)) or "–"

    @admin.display(description=_("characters"), ordering="character_total")
    def character_count(self, account: Account) -> int:
        return int(account.character_total)  # type: ignore[attr-defined]  # annotated by get_queryset

    @admin.display(description=_("muted until"))
    def mute_text(self, account: Account) -> Any:
        return _end_text(account.muted_until) if account.is_muted else "–"

    @admin.display(description=_("banned until"))
    def ban_text(self, account: Account) -> Any:
        return _end_text(account.banned_until) if account.is_banned else "–"


@admin.register(Character)
class CharacterRoom(RoomOfPlayers):
    """Characters: who they are, what the other apps know of them, and a hold on who plays them."""

    list_display = ("name", "account", "class_id", "level", "created_at", "gone_to")
    list_filter = ("class_id",)
    search_fields = ("name__istartswith",)
    search_help_text = _("The beginning of an account's or a character's name")
    ordering = ("-created_at",)
    fields = (
        "name",
        "account_link",
        "class_id",
        "level",
        "xp_total",
        "stats_text",
        "created_at",
        "gone_to",
        "journal_link",
    )
    readonly_fields = fields
    change_form_outer_after_template = "console/tables.html"
    actions_detail = ("mute", "kick")

    @act_button(description=_("Mute"), url_path="mute/", permission="mute", icon="volume_off")
    def mute(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, _on_the_account(MUTE))

    @act_button(description=_("Kick"), url_path="kick/", permission="kick", icon="logout")
    def kick(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, _on_the_account(KICK))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        known = object_id.isdecimal() and Character.objects.filter(pk=object_id).exists()
        shown = {"tables": panels.sections_of(request, int(object_id))} if known else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[Character]:
        # Accounts may lie in another database: they are read in one more query, never joined.
        return Character.objects.prefetch_related("account").order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Character], search_term: str
    ) -> tuple[QuerySet[Character], bool]:
        if not search_term or "\x00" in search_term:
            return queryset.none() if search_term else queryset, False
        people = Account.objects.filter(username__istartswith=search_term)
        owners = list(people.values_list("pk", flat=True)[:100])
        return queryset.filter(Q(name__istartswith=search_term) | Q(account_id__in=owners)), False

    @admin.display(description=_("level"), ordering="xp_total")
    def level(self, character: Character) -> int:
        return profile_of(character).level

    @admin.display(description=_("account"))
    def account_link(self, character: Character) -> SafeString:
        return panels.link(
            character.account.username, reverse("admin:accounts_account_change", args=[character.account_id])
        )

    @admin.display(description=_("stats"))
    def stats_text(self, character: Character) -> str:
        left = profile_of(character).stat_points
        spent = ", ".join(f"{stat} {points}" for stat, points in character.stats.items() if points)
        return f"{spent or '–'} (+{left})"

    @admin.display(description=_("journal"))
    def journal_link(self, character: Character) -> SafeString:
        stream = f"2:{character.pk}"
        return panels.link(stream, f"{reverse('admin:kernel_journalline_changelist')}?q={stream}")


@admin.register(Transfer)
class TransferRoom(ReadOnlyRoom):
    """Characters on their way between shards, whichever shards these are."""

    list_display = ("name", "source", "target", "state", "requested_at", "changed_at", "attempts")
    list_filter = ("state", "source", "target")
    search_fields = ("name__istartswith",)
    search_help_text = _("The beginning of a character's name")
    ordering = ("-requested_at",)
    fields = (
        "name",
        "account",
        "source",
        "target",
        "state",
        "fee",
        "why_text",
        "requested_at",
        "changed_at",
        "due_at",
        "attempts",
        "error",
        "package_text",
    )
    readonly_fields = fields
    actions_detail = ("retry", "call_back")

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("kernel.run_shard"))

    @act_button(description=_("Try again now"), url_path="retry/", permission="decide", icon="refresh")
    def retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, RETRY)

    @act_button(description=_("Call back"), url_path="call-back/", permission="decide", icon="undo")
    def call_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, CALL_BACK)

    @admin.display(description=_("why it came back"))
    def why_text(self, transfer: Transfer) -> str:
        language = "fr" if (get_language() or "en").startswith("fr") else "en"
        return ", ".join(each[language] for each in transfer.why) or "–"

    @admin.display(description=_("what goes along"))
    def package_text(self, transfer: Transfer) -> SafeString:
        return preformatted(json.dumps(transfer.package, ensure_ascii=False, indent=2))


def _retry(actor: Account, transfer: Transfer, form: Any) -> None:
    services.retry_transfer(actor=actor, transfer_id=transfer.pk, reason=form.cleaned_data["reason"])


def _call_back(actor: Account, transfer: Transfer, form: Any) -> None:
    services.call_back_as_staff(actor=actor, transfer_id=transfer.pk, reason=form.cleaned_data["reason"])


RETRY = Act(
    title=_("Try this transfer again now"),
    explanation=_("What has failed is done again at once. What was done already is not done twice."),
    perform=_retry,
)
CALL_BACK = Act(
    title=_("Call this character back"),
    explanation=_(
        "It comes home with everything that it took along. While it arrives, only the console of the shard "
        "where it does can still do this."
    ),
    perform=_call_back,
    is_dangerous=True,
)


def _mute(actor: Account, target: Account, form: TimedReasonForm) -> None:
    services.mute(actor=actor, account_id=target.pk, until=form.until(), reason=form.cleaned_data["reason"])


def _ban(actor: Account, target: Account, form: TimedReasonForm) -> None:
    services.ban(actor=actor, account_id=target.pk, until=form.until(), reason=form.cleaned_data["reason"])


def _unmute(actor: Account, target: Account, form: Any) -> None:
    services.unmute(actor=actor, account_id=target.pk, reason=form.cleaned_data["reason"])


def _unban(actor: Account, target: Account, form: Any) -> None:
    services.unban(actor=actor, account_id=target.pk, reason=form.cleaned_data["reason"])


def _kick(actor: Account, target: Account, form: Any) -> None:
    services.kick(actor=actor, account_id=target.pk, reason=form.cleaned_data["reason"])


MUTE = Act(
    title=_("Mute"),
    explanation=_("The player reads on but cannot speak, in any channel, by any character."),
    perform=_mute,
    form=TimedReasonForm,
)
UNMUTE = Act(title=_("Unmute"), explanation=_("The player may speak again."), perform=_unmute)
KICK = Act(
    title=_("Kick"),
    explanation=_("Signs the player out everywhere, at once. They may sign in again."),
    perform=_kick,
    is_dangerous=True,
)


def _on_the_account(act: Act) -> Act:
    """Return an act on accounts as one on their characters."""

    def perform(actor: Any, target: Character, form: Any) -> None:
        act.perform(actor, target.account, form)

    return replace(act, perform=perform)


BAN = Act(
    title=_("Ban"),
    explanation=_("Signs the player out everywhere, at once, and keeps them out. They are shown the reason."),
    perform=_ban,
    form=TimedReasonForm,
    is_dangerous=True,
)
UNBAN = Act(title=_("Unban"), explanation=_("The player may sign in again."), perform=_unban)


def _tables_of_account(account_id: int) -> list[Shown]:
    characters = [
        (
            panels.link(each.name, reverse("admin:accounts_character_change", args=[each.pk])),
            each.class_id,
            profile_of(each).level,
        )
        for each in Character.objects.filter(account_id=account_id)
    ]
    sessions = [
        (
            each.ip,
            each.user_agent,
            formats.date_format(timezone.localtime(each.last_seen_at), "DATETIME_FORMAT"),
        )
        for each in UserSession.objects.filter(user_id=account_id).order_by("-last_seen_at")[:20]
    ]
    return [
        Shown(
            title=_("Characters"),
            headers=[_("name"), _("class"), _("level")],
            rows=characters,
            empty=_("No character yet."),
        ),
        Shown(
            title=_("Sessions"),
            headers=[_("address"), _("device"), _("last seen")],
            rows=sessions,
            empty=_("Signed in nowhere."),
        ),
    ]


def _end_text(end: Any) -> Any:
    return (
        _("for ever") if end == FOREVER else formats.date_format(timezone.localtime(end), "DATETIME_FORMAT")
    )
