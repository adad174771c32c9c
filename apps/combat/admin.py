"""The console's rooms of combat: battles turn by turn, and dice after the end. To read only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown, link
from aether.console.rooms import Act, ReadOnlyRoom, act_button, ask_and_perform
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.rest import refuse
from apps.accounts import selectors as accounts
from apps.combat import logbook, replays, services
from apps.combat.engine import events as e
from apps.combat.errors import BattleUnreadableError
from apps.combat.models import BattleRecord
from apps.combat.sentences import Narrator

RECEIPTS_SHOWN = 500


@admin.register(BattleRecord)
class BattleRoom(ReadOnlyRoom):
    """Battles, running and ended."""

    change_form_outer_after_template = "console/tables.html"
    show_facets = admin.ShowFacets.NEVER
    list_display = ("id", "mode", "zone", "status", "round", "created_at", "ended_at")
    list_filter = ("status", "mode", "zone")
    search_fields = ("=id", "=participants__character_id")
    search_help_text = _("The number of a battle or of a character")
    fields = (
        "id",
        "mode",
        "status",
        "zone",
        "group_id",
        "round",
        "spectating",
        "deadline",
        "faults",
        "created_at",
        "ended_at",
        "content_hash",
        "rules_version",
    )
    readonly_fields = fields
    ordering = ("-id",)
    actions_detail = ("draw",)

    def has_draw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("combat.draw_battle"))

    @act_button(description=_("End as a draw"), url_path="draw/", permission="draw", icon="handshake")
    def draw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask_and_perform(self, request, object_id, DRAW)

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


def tables_of(record: BattleRecord) -> list[Shown]:
    """Return what the page of a battle shows: who fights, what happened, and the dice once it is over."""
    try:
        log = replays.read_log(record.pk)
    except NotFoundError:
        return []
    except BattleUnreadableError as unreadable:
        return [_unreadable(unreadable.message(get_language() or "en"))]
    except ValueError as unreadable:
        return [_unreadable(str(unreadable))]
    tables = [_ways_to_look(log), _participants(record), _turns(log)]
    if log.is_over:
        tables += [_reveal(log), _dice(log)]
    return tables


def _ways_to_look(log: replays.Log) -> Shown:
    battle_id = log.opened.header.battle_id
    rows: list[tuple[Cell, ...]] = [(link(_("Watch the battle"), _client_page("replay", battle_id)),)]
    if log.is_over:
        export = f"{reverse('admin:combat_battlerecord_changelist')}{battle_id}/export.json"
        rows.append((link(_("Check the dice"), _client_page("verify", battle_id)),))
        rows.append((link(_("Keep it as a file"), export),))
    return Shown(title=_("Replay"), headers=[_("what")], rows=rows, empty="")


def _client_page(page: str, battle_id: int, query: str = "") -> str:
    """Return the address of a page of the client that reads the battle through the console."""
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return f"/{language}/{page}/{battle_id}?from=console{query}"


def _participants(record: BattleRecord) -> Shown:
    rows = list(record.participants.order_by("team", "character_id"))
    names = accounts.characters(row.character_id for row in rows)
    outcomes = {"won": _("won"), "lost": _("lost"), "drawn": _("drawn")}
    return Shown(
        title=_("Players"),
        headers=[_("character"), _("number"), _("team"), _("outcome")],
        rows=[
            (
                names[row.character_id].name if row.character_id in names else "?",
                row.character_id,
                row.team + 1,
                outcomes.get(row.outcome, _("fights")),
            )
            for row in rows
        ],
        empty=_("Nobody."),
    )


def _turns(log: replays.Log) -> Shown:
    return Shown(
        title=_("What happened"),
        headers=[_("turn"), _("whose"), _("when"), _("what")],
        rows=list(_turn_rows(log)),
        empty=_("Nothing yet."),
    )


def _turn_rows(log: replays.Log) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each turn, and one for what came before the first."""
    narrator = Narrator(log.opened.header)
    turn: tuple[Cell, ...] = ("", "")
    moment, told = "", list[str]()
    for entry, written_at in zip(log.entries, log.moments, strict=True):
        moment = moment or _moment(written_at)
        for event in logbook.events_of(entry):
            if isinstance(event, e.TurnStarted):
                if told:
                    yield (*turn, moment, _lines(told))
                page = _client_page("replay", log.opened.header.battle_id, f"&turn={event.turn}")
                turn = (link(event.turn, page), narrator.name(event.who))
                moment, told = _moment(written_at), []
            elif sentence := narrator.tell(event):
                told.append(sentence)
    if told:
        yield (*turn, moment, _lines(told))


def _reveal(log: replays.Log) -> Shown:
    shown = replays.reveal(log)
    players = [
        (_("seed of character %(id)d") % {"id": seed.character_id}, seed.seed or "-")
        for seed in shown.client_seeds
    ]
    return Shown(
        title=_("Seeds of the dice"),
        headers=[_("what"), _("hexadecimal")],
        rows=[
            (_("commitment, told before the battle"), shown.commitment),
            (_("seed of the house"), shown.server_seed),
            *players,
        ],
        empty="",
    )


def _dice(log: replays.Log) -> Shown:
    rolls = [event for event in log.events if isinstance(event, e.Rolled)]
    return Shown(
        title=_("Receipts of the dice"),
        headers=[_("stream"), _("index"), _("out of"), _("value"), _("why")],
        rows=[(roll.stream, roll.index, roll.n, roll.value, roll.why) for roll in rolls[:RECEIPTS_SHOWN]],
        empty=_("No dice were rolled."),
    )


def _unreadable(problem: str) -> Shown:
    return Shown(title=_("The log cannot be read"), headers=[_("problem")], rows=[(problem,)], empty="")


def _lines(sentences: list[str]) -> Cell:
    return format_html_join("", "<div>{}</div>", ((sentence,) for sentence in sentences))


def _moment(seconds: float) -> str:
    return formats.date_format(timezone.localtime(datetime.fromtimestamp(seconds, UTC)), "H:i:s")
