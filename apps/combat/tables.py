"""What the page of a battle shows, as tables: who fights, what happened, the dice once it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Shown, link
from aether.kernel import facts
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import BattleEnded
from aether.protocol.combat_events import Reveal
from apps.accounts import selectors as accounts
from apps.combat import engine, logbook, replays
from apps.combat.engine import events as e
from apps.combat.errors import BattleUnreadableError
from apps.combat.models import BattleRecord
from apps.combat.sentences import Narrator

RECEIPTS_SHOWN = 500
PROBLEMS_SHOWN = 10


def tables_of(record: BattleRecord) -> list[Shown]:
    """Return what the page of a battle shows: who fights, what happened, and the dice once it is over."""
    try:
        log = replays.read_log(record.pk)
    except NotFoundError:
        return []
    except BattleUnreadableError as unreadable:
        return _without_log(record, unreadable.message(get_language() or "en"))
    except ValueError as unreadable:
        return _without_log(record, str(unreadable))
    tables = [_ways_to_look(log), *_faults(log), _participants(record), *_of_record(record), _turns(log)]
    if log.is_over:
        tables += [_reveal(log), _dice(log)]
    return tables


def _without_log(record: BattleRecord, problem: str) -> list[Shown]:
    return [_unreadable(problem), _participants(record), *_of_record(record)]


def _of_record(record: BattleRecord) -> Iterator[Shown]:
    """Yield what is known of a battle whatever may have become of its log."""
    if record.status != BattleRecord.Status.LIVE:
        yield _settlement(record)
    if record.compensations.exists():
        yield _compensations(record)


def _faults(log: replays.Log) -> Iterator[Shown]:
    """Yield what stopped a battle from outside, or that the rules have stopped it themselves."""
    stops = [entry for entry in log.entries if isinstance(entry, logbook.Stopped)]
    rows: list[tuple[Cell, ...]] = [
        (_STOPPED_BY[event.reason], stop.problem)
        for stop in stops
        for event in stop.events
        if isinstance(event, e.BattleEnded) and event.reason in _STOPPED_BY
    ]
    ends = [each.reason for each in log.events if isinstance(each, e.BattleEnded)]
    if not stops and "engine_fault" in ends:
        rows = [(_("the rules"), _("One input would have caused more than the rules let it."))]
    if rows:
        yield Shown(title=_("What stopped it"), headers=[_("who"), _("what")], rows=rows, empty="")


_STOPPED_BY = {"engine_fault": _("a fault"), "staff": _("a game master")}


def _settlement(record: BattleRecord) -> Shown:
    known = facts.about(BattleEnded, record.pk)
    return Shown(
        title=_("Settlement"),
        headers=[_("subscriber"), _("state"), _("when"), _("last error")],
        rows=[_delivered(each) for event_id in known for each in facts.standing_of(BattleEnded, event_id)],
        empty=_("Its end is not kept any more: everybody did theirs long ago, or it was lost."),
    )


def _delivered(each: facts.Delivered) -> tuple[Cell, ...]:
    standings = {"done": _("done"), "open": _("to come"), "failing": _("failing"), "parked": _("parked")}
    when = formats.date_format(timezone.localtime(each.at), "DATETIME_FORMAT") if each.at else "–"
    error: Cell = "–"
    if each.failure is not None:
        room = reverse("admin:kernel_failedfact_change", args=[each.failure])
        error = link(each.error.strip().rpartition("\n")[2] or "?", room)
    return (each.subscriber, standings[each.standing], when, error)


def _compensations(record: BattleRecord) -> Shown:
    rows = list(record.compensations.order_by("character_id"))
    names = accounts.characters(row.character_id for row in rows)
    return Shown(
        title=_("Compensation"),
        headers=[_("character"), _("glim"), _("experience"), _("given by"), _("approved by"), _("reason")],
        rows=[
            (
                names[row.character_id].name if row.character_id in names else row.character_id,
                row.glim,
                row.xp,
                row.actor,
                row.approved_by or "–",
                row.reason,
            )
            for row in rows
        ],
        empty="",
    )


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
            (_("the dice, checked now"), _verdict(shown)),
        ],
        empty="",
    )


def _verdict(shown: Reveal) -> Cell:
    problems = list(engine.dice_problems(shown))
    if problems:
        return _lines(problems[:PROBLEMS_SHOWN])
    told = _("right: all %(count)d receipts follow from the seeds")
    return told % {"count": len(shown.rolls)}


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
