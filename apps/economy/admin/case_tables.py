"""What the page of a rollback case shows: the dry run in tables, and the report once it has happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aether.console.moments import moment_text
from aether.console.panels import Cell, Shown, link
from apps.economy import statements
from apps.economy.admin.ledger import asset_cell, character_link
from apps.economy.models import RollbackCase

SITUATIONS = {
    "reversed_already": (_("undone already"), _("nothing")),
    "of_a_rollback": (_("part of a rollback"), _("nothing")),
    "own_move": (_("moved about by its owner"), _("nothing")),
    "sale": (_("a sale at arm's length"), _("good faith: left as it is")),
    "old_gift": (_("a gift of more than seven days ago"), _("left as it is")),
    "sold_on": (_("sold on at arm's length"), _("the holder keeps it; the subject pays, the victim is paid")),
    "given_on_long_ago": (
        _("given on more than seven days ago"),
        _("the holder keeps it; the subject pays, the victim is paid"),
    ),
    "passed_on": (_("given on within seven days"), _("taken from the present holder, who is told")),
    "consumed": (_("consumed"), _("cannot come back: the subject pays, what was made of it is tainted")),
    "in_escrow": (_("in somebody's escrow or mail"), _("left there: end that first")),
    "elsewhere": (_("no longer where it was brought"), _("left where it is")),
    "partly_spent": (_("spent in part"), _("the rest is owed, or waived")),
    "spent_by_third_party": (_("spent by a third party"), _("nobody owes it; less comes back")),
    "quest": (
        _("given by a quest"),
        _("the quest stays done: one that needs it has begun"),
    ),
}


def tables_of(case: RollbackCase) -> list[Shown]:
    """Return the tables of a case, none before its dry run."""
    summary: Mapping[str, Any] = case.summary
    if not summary:
        return []
    return [
        _figures(summary),
        *_caught(summary),
        _blocked(summary),
        _effects(summary),
        _radius(summary),
        _beside(summary),
        _report(case),
    ]


def _figures(summary: Mapping[str, Any]) -> Shown:
    rows: list[tuple[Cell, Cell]] = [
        (_("entries in the scope"), summary["entries"]),
        (_("lines in the scope"), summary["lines"]),
        (_("entries that are reversed"), summary["reversals"]),
        (_("payments instead"), summary["settlements"]),
        (_("people whose holdings change"), summary["people"]),
        (_("subjects"), _people(summary["subjects"])),
    ]
    rows += [(SITUATIONS[name][0], count) for name, count in sorted(summary["situations"].items())]
    return Shown(title=_("Dry run"), headers=[_("figure"), _("value")], rows=rows, empty=_("Nothing."))


def _caught(summary: Mapping[str, Any]) -> list[Shown]:
    """Return the table of what the scope caught; the dry runs of older versions have not kept it."""
    if "caught" not in summary:
        return []
    rows = [
        (
            moment_text(datetime.fromisoformat(each["at"])),
            entry_cell(each["entry_id"]),
            each["kind"],
            each["cause"],
            character_link(each["owner_id"]),
            each["bucket"],
            asset_cell(each["asset"]),
            f"{each['amount']:+d}",
        )
        for each in summary["caught"]
    ]
    title = gettext("Entries and lines in the scope")
    if (more := summary["lines"] - len(rows)) > 0:
        title = gettext("Entries and lines in the scope: the first %(shown)s, and %(more)s more") % {
            "shown": len(rows),
            "more": more,
        }
    what = [
        _("when"),
        _("entry"),
        _("kind"),
        _("cause"),
        _("character"),
        _("bucket"),
        _("asset"),
        _("amount"),
    ]
    return [Shown(title=title, headers=what, rows=rows, empty=_("Nothing."))]


def _blocked(summary: Mapping[str, Any]) -> Shown:
    rows = [
        (
            entry_cell(each["entry_id"]),
            SITUATIONS[each["situation"]][0],
            asset_cell(each["asset"]) if each["asset"] else "–",
            character_link(each["character_id"]),
            each["worth"] or "–",
            SITUATIONS[each["situation"]][1],
        )
        for each in summary["blocked"]
    ]
    return Shown(
        title=_("What is not simply put back"),
        headers=[_("entry"), _("because"), _("asset"), _("character"), _("amount"), _("instead")],
        rows=rows,
        empty=_("Everything can be put back."),
    )


def _effects(summary: Mapping[str, Any]) -> Shown:
    rows = [
        (
            character_link(owner) if owner_type == "character" else "–",
            bucket,
            asset_cell(asset),
            f"{amount:+d}",
        )
        for owner_type, owner, bucket, asset, amount in summary["effects"]
    ]
    return Shown(
        title=_("Effect on each account"),
        headers=[_("character"), _("bucket"), _("asset"), _("amount")],
        rows=rows,
        empty=_("None."),
    )


def _radius(summary: Mapping[str, Any]) -> Shown:
    rows = [
        (
            each["depth"],
            character_link(each["giver"]),
            character_link(each["taker"]),
            asset_cell(each["asset"]),
            each["times"],
            each["amount"],
        )
        for each in summary["radius"]
    ]
    return Shown(
        title=_("Where it went on to"),
        headers=[_("hands"), _("from"), _("to"), _("asset"), _("times"), _("amount")],
        rows=rows,
        empty=_("It went nowhere."),
    )


def _beside(summary: Mapping[str, Any]) -> Shown:
    rows: list[tuple[Cell, Cell, Cell]] = [
        (
            _("experience revoked"),
            character_link(each["character_id"]),
            f"-{each['amount']} ({each['cause']})",
        )
        for each in summary["revocations"]
    ]
    rows += [
        (
            _("level lost, points free again") if each["is_reset"] else _("level lost"),
            character_link(each["character_id"]),
            f"{each['before']} → {each['after']}",
        )
        for each in summary.get("levels", ())
    ]
    rows += [
        (_("quest that can be done again"), character_link(each["character_id"]), each["quest"])
        for each in summary.get("reopenings", ())
    ]
    rows += [(_("tainted item"), "–", asset_cell(each["instance"])) for each in summary["taints"]]
    return Shown(
        title=_("What goes with it"),
        headers=[_("what"), _("character"), _("how much")],
        rows=rows,
        empty=_("Nothing."),
    )


def _report(case: RollbackCase) -> Shown:
    rows = [
        (kind, count, link(_("entries"), f"{reverse('admin:economy_entry_changelist')}?q=rollback:{case.pk}"))
        for kind, count in statements.kinds_of_cause(f"rollback:{case.pk}")
    ]
    return Shown(
        title=_("Report: what was posted"),
        headers=[_("kind"), _("entries"), ""],
        rows=rows,
        empty=_("Nothing has moved."),
    )


def entry_cell(entry_id: int) -> Cell:
    return link(f"#{entry_id}", reverse("admin:economy_entry_change", args=[entry_id]))


def _people(ids: Iterable[int]) -> Cell:
    return ", ".join(map(str, ids)) or "–"
