"""The console's page of the economy as a whole, with its figures and charts; all of it from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from aether.console.charts import bar_chart, line_chart
from aether.console.panels import Banner, Figure, Page, PageContent, Shown, Text, add_page, registry
from aether.kernel import content
from apps.economy import telemetry
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.models import Alarm
from apps.economy.telemetry import Day, Report

KEPT_S = 60


class AssetForm(forms.Form):
    """Of which asset the page is: the currency, or an item of the content."""

    asset = forms.ChoiceField(label=_("Asset"), choices=(), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [CURRENCY, *sorted(content.current().all(ItemDef))]
        self.fields["asset"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


def read_telemetry(request: HttpRequest) -> PageContent:
    """Return the page of an asset. The lines are read once a minute, for everybody."""
    asked = AssetForm({"asset": request.GET.get("asset", CURRENCY)})
    asset: str = asked.cleaned_data["asset"] if asked.is_valid() else CURRENCY
    report: Report = cache.get_or_set(  # type: ignore[assignment]
        f"economy.telemetry.{asset}", lambda: telemetry.report(asset), KEPT_S
    )
    return PageContent(
        form=AssetForm({"asset": asset}),
        figures=_figures(report),
        charts=_charts(report),
        tables=_tables(report),
    )


def _figures(report: Report) -> list[tuple[Text, Figure]]:
    today = report.days[-1] if report.days else None
    alarms = Alarm.objects.filter(cleared_at=None).count()
    return [
        (_("Supply of %(asset)s") % {"asset": report.asset}, _number(report.supply)),
        (_("Active supply (30 days)"), _number(report.active_supply)),
        (_("Active supply, change of a day"), _change(report.active_delta)),
        (_("Net today"), _number(today.net if today else 0)),
        (_("Velocity a day"), Figure(text=f"{report.velocity:.3f}")),
        (_("Owners"), _number(report.owners)),
        (_("Gini coefficient"), Figure(text=f"{report.gini:.3f}")),
        (_("Held by the top 1 %"), Figure(text=f"{report.top_share_pct:.1f} %")),
        (_("Alarms"), Figure(text=str(alarms), is_alarming=alarms > 0)),
    ]


def _charts(report: Report) -> list[SafeString]:
    labels = [formats.date_format(day.day, "d/m") for day in report.days]
    charts = [
        line_chart(_("Supply by day"), labels, {gettext("supply"): _supplies(report)}),
        bar_chart(_("Production and destruction by day"), labels, _turnover(report.days)),
        bar_chart(_("Faucets, sinks and staff by day"), labels, _series(report.days)),
        bar_chart(
            _("Trade between characters by day"), labels, {report.asset: [day.volume for day in report.days]}
        ),
    ]
    if report.price_index and report.asset == CURRENCY:
        months = [formats.date_format(month, "m/Y") for month, _index in report.price_index]
        values = [value for _month, value in report.price_index]
        charts.append(line_chart(_("Price index by month"), months, {gettext("prices"): values}))
    return charts


def _supplies(report: Report) -> list[int]:
    """Return the supply at the end of each day: today's, and back from there by what each day changed."""
    supplies, left = [], report.supply
    for day in reversed(report.days):
        supplies.append(left)
        left -= day.net
    return supplies[::-1]


def _turnover(days: Sequence[Day]) -> dict[str, list[float]]:
    """Return what each day brought into the world and took out of it, whatever did; none where none did."""
    if not any(day.faucets or day.sinks for day in days):
        return {}
    return {
        gettext("produced"): [float(sum(day.faucets.values())) for day in days],
        gettext("destroyed"): [-float(sum(day.sinks.values())) for day in days],
    }


def _series(days: Sequence[Day]) -> dict[str, list[float]]:
    faucets = sorted({name for day in days for name in day.faucets})
    sinks = sorted({name for day in days for name in day.sinks})
    series: dict[str, list[float]] = {
        name: [float(day.faucets.get(name, 0)) for day in days] for name in faucets
    }
    series |= {name: [-float(day.sinks.get(name, 0)) for day in days] for name in sinks}
    if any(day.staff for day in days):
        series[gettext("staff")] = [float(sum(day.staff.values())) for day in days]
    return series


def _tables(report: Report) -> list[Shown]:
    return [
        _totals(_("Faucets, by kind"), (day.faucets for day in report.days)),
        _totals(_("Sinks, by kind"), (day.sinks for day in report.days)),
        _totals(_("Caused by staff"), (day.staff for day in report.days)),
    ]


def _totals(title: Text, days: Iterable[dict[str, int]]) -> Shown:
    listed = list(days)
    names = sorted({name for day in listed for name in day})
    rows = [
        (name, *(f"{sum(day.get(name, 0) for day in listed[-n:]):,}" for n in (1, 7, 28))) for name in names
    ]
    headers = [_("kind"), _("today"), _("7 days"), _("28 days")]
    return Shown(title=title, headers=headers, rows=rows, empty=_("Nothing."))


def _number(value: int) -> Figure:
    return Figure(text=f"{value:,}".replace(",", "\u202f"))


def _change(value: int) -> Figure:
    return Figure(text=f"{value:+,}".replace(",", "\u202f"))


def _standing() -> Text | None:
    count = Alarm.objects.filter(cleared_at=None).count()
    if not count:
        return None
    return ngettext("%(n)s alarm of the economy stands", "%(n)s alarms of the economy stand", count) % {
        "n": count
    }


add_page(
    Page(
        name="economy",
        title=_("State of the economy"),
        group=_("Economy"),
        icon="monitoring",
        permission="economy.view_entry",
        read=read_telemetry,
    )
)
registry.banners["economy"] = Banner(
    permission="economy.view_alarm",
    read=_standing,
    link=lambda: f"{reverse('admin:economy_alarm_changelist')}?cleared_at__isempty=1",
)
