"""The console's page of the radar: whom it sees, by which signs, and a case of it in one click."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aether.console.panels import Cell, Page, PageContent, Shown, add_page, post_button
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
    "same_address": _("%(accounts)s accounts of one address sent %(share_pct)s %% of it"),
    "price_outlier": _("%(sales)s sales far from the price, %(gained)s glim gained"),
}


def read_radar(request: HttpRequest) -> PageContent:
    """Return the page; the transfer graph of a month is read once a minute."""
    seen: list[Suspicion] = cache.get_or_set("economy.radar", radar.suspicions, KEPT_S) or []
    open_case = partial(_open_button, request)
    return PageContent(
        notes=[
            _("A score is the sum of its signs, 100 at most. It proves nothing: look at the entries first."),
            _("Families, schools and networks share addresses, too; which address it was is kept nowhere."),
        ],
        tables=[
            Shown(
                title=_("Seen within 30 days"),
                headers=[_("score"), _("character"), _("signs"), _("entries"), _("from"), ""],
                rows=[(*_row(each), open_case(each.findings)) for each in seen],
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
    )


def _open_button(request: HttpRequest, findings: Mapping[str, Any]) -> SafeString:
    """Return what opens a case at once; nothing moves by it."""
    values = {"income_share_pct": 20, "revokes_xp": "on", "reopens_quests": "on", **_case(findings)}
    return post_button(request, _("Open a case"), _open_url(), values)


def case_url(findings: Mapping[str, Any]) -> str:
    """Return where a case of what the radar saw is opened, with its evidence filled in."""
    return f"{_open_url()}?{urlencode(_case(findings))}"


def _open_url() -> str:
    return f"{reverse('admin:economy_rollbackcase_changelist')}open/"


def _case(findings: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a case of what the radar saw."""
    people = ", ".join(map(str, findings["characters"]))
    return {
        "characters": people,
        "subjects": people,
        "reason": gettext("Radar: score %(score)s") % {"score": findings["evidence"]["score"]},
        "evidence": json.dumps(findings["evidence"]),
        "entries": ", ".join(map(str, findings["entries"])),
    }


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
