"""The console's rooms of combat: battles turn by turn, and dice after the end. To read only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown
from aether.console.rooms import ReadOnlyRoom
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors as accounts
from apps.combat import logbook, replays
from apps.combat.engine import events as e
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
        "deadline",
        "faults",
        "created_at",
        "ended_at",
        "content_hash",
        "rules_version",
    )
    readonly_fields = fields
    ordering = ("-id",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        shown = {"tables": tables_of(record)} if record is not None else {}
        response: HttpResponse = super().change_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )
        return response


def tables_of(record: BattleRecord) -> list[Shown]:
    """Return what the page of a battle shows: who fights, what happened, and the dice once it is over."""
    try:
        log = replays.read_log(record.pk)
    except NotFoundError:
        return []
    except ValueError as unreadable:
        return [_unreadable(unreadable)]
    tables = [_participants(record), _turns(log)]
    if record.status != BattleRecord.Status.LIVE:
        tables += [_reveal(log), _dice(log)]
    return tables


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
                turn, moment, told = (event.turn, narrator.name(event.who)), _moment(written_at), []
            elif sentence := narrator.tell(event):
                told.append(sentence)
    if told:
        yield (*turn, moment, _lines(told))


def _reveal(log: replays.Log) -> Shown:
    seeds = replays.state_after(log).client_seeds
    players = [
        (_("seed of character %(id)d") % {"id": seed.character_id}, seed.seed or "-") for seed in seeds
    ]
    return Shown(
        title=_("Seeds of the dice"),
        headers=[_("what"), _("hexadecimal")],
        rows=[
            (_("commitment, told before the battle"), log.opened.header.commitment),
            (_("seed of the house"), replays.server_seed_of(log).hex()),
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


def _unreadable(problem: ValueError) -> Shown:
    return Shown(title=_("The log cannot be read"), headers=[_("problem")], rows=[(str(problem),)], empty="")


def _lines(sentences: list[str]) -> Cell:
    return format_html_join("", "<div>{}</div>", ((sentence,) for sentence in sentences))


def _moment(seconds: float) -> str:
    return formats.date_format(timezone.localtime(datetime.fromtimestamp(seconds, UTC)), "H:i:s")
