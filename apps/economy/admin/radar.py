"""The console's page of the radar: whom it sees, by which signs, and a case of it in one click."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Page, PageContent, Shown, add_page, link
from apps.economy import radar
from apps.economy.admin.case_tables import entry_cell
from apps.economy.admin.ledger import character_link
from apps.economy.radar import Sign, Suspicion

KEPT_S = 60
SIGNS = {
    "one_sided": _("received %(received)s glim and gave %(given_back)s back"),
    "fan_in": _("%(givers)s characters give to it alone"),
    "new_accounts": _("%(givers)s new characters sent %(share_pct)s %% of it"),
    "short_lived": _("%(givers)s short-lived characters sent %(share_pct)s %% of it"),
    "price_outlier": _("%(sales)s sales far from the price, %(gained)s glim gained"),
}


def read_radar(request: HttpRequest) -> PageContent:
    """Return the page; the transfer graph of a month is read once a minute."""
    seen: list[Suspicion] = cache.get_or_set("economy.radar", radar.suspicions, KEPT_S) or []
    return PageContent(
        notes=[
            _("A score is the sum of its signs, 100 at most. It proves nothing: look at the entries first.")
        ],
        tables=[
            Shown(
                title=_("Seen within 30 days"),
                headers=[_("score"), _("character"), _("signs"), _("entries"), _("from"), ""],
                rows=[_row(each) for each in seen],
                empty=_("Nobody."),
            )
        ],
    )


def _row(each: Suspicion) -> tuple[Cell, ...]:
    return (
        each.score,
        character_link(each.character_id),
        format_html_join("", "<div>{} · +{}</div>", ((_told(sign), sign.points) for sign in each.signs)),
        format_html_join(" ", "{}", ((entry_cell(entry),) for entry in each.entries[:5])),
        format_html_join(" ", "{}", ((character_link(giver),) for giver in each.partners[:5])),
        link(_("Open a case"), case_url(each.findings)),
    )


def case_url(findings: Mapping[str, Any]) -> str:
    """Return where a case of what the radar saw is opened, with its evidence filled in."""
    people = ", ".join(map(str, findings["characters"]))
    values = {
        "characters": people,
        "subjects": people,
        "reason": gettext("Radar: score %(score)s") % {"score": findings["evidence"]["score"]},
        "evidence": json.dumps(findings["evidence"]),
        "entries": ", ".join(map(str, findings["entries"])),
    }
    return f"{reverse('admin:economy_rollbackcase_changelist')}open/?{urlencode(values)}"


def _told(sign: Sign) -> str:
    return str(SIGNS[sign.kind] % sign.values)


add_page(
    Page(
        name="radar",
        title=_("Radar"),
        group=_("Economy"),
        icon="radar",
        permission="economy.run_rollback",
        read=read_radar,
    )
)
