"""The console's live map: a zone copy as it is now, how full and how late it was, and where people stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from aether.console.charts import line_chart
from aether.console.panels import Page, PageContent, add_page
from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.protocol.world import ZoneSnapshot
from apps.world import ground, selectors
from apps.world.models import Footfall, PopulationSample
from apps.world.rules.blocks import BLOCK

LOOKS_BACK = timedelta(days=1)
EVERY_MINUTES = 10


class CopyForm(forms.Form):
    """Which zone copy to look at."""

    instance = forms.ChoiceField(label=_("Zone copy"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        instances = selectors.instances()
        self.fields["instance"].choices = [  # type: ignore[attr-defined]  # a field with choices
            (each, f"{selectors.zone_name(ground.zone_of_instance(each), language)} · {each}")
            for each in instances
        ]


def read_live_map(request: HttpRequest) -> PageContent:
    """Return the page for the zone copy that is asked for, else the first."""
    form = CopyForm({"instance": _instance(request)})
    zone = ground.zone_of_instance(_instance(request))
    samples = list(
        PopulationSample.objects.filter(instance=_instance(request), at__gt=clock.utc_now() - LOOKS_BACK)
    )
    return PageContent(form=form, charts=[*_charts(samples), _heat_map(zone)])


def data_of(request: HttpRequest) -> ZoneSnapshot:
    """Return the zone copy as it is, for the map that draws it."""
    return selectors.snapshot_for_staff(_instance(request))


def _instance(request: HttpRequest) -> str:
    instances = selectors.instances()
    asked = request.GET.get("instance")
    if asked is None:
        return instances[0]
    if asked not in instances:
        raise NotFoundError
    return asked


def _charts(samples: Sequence[PopulationSample]) -> list[SafeString]:
    """Return how many people there were and how late the ticks came, the worst of each ten minutes."""
    now = timezone.localtime(clock.utc_now())
    last = now.replace(minute=now.minute - now.minute % EVERY_MINUTES, second=0, microsecond=0)
    spans = LOOKS_BACK // timedelta(minutes=EVERY_MINUTES)
    moments = [last - timedelta(minutes=EVERY_MINUTES * back) for back in range(spans - 1, -1, -1)]
    people, lag = dict.fromkeys(moments, 0), dict.fromkeys(moments, 0)
    for sample in samples:
        at = timezone.localtime(sample.at)
        moment = at.replace(minute=at.minute - at.minute % EVERY_MINUTES)
        if moment in people:
            people[moment] = max(people[moment], sample.people)
            lag[moment] = max(lag[moment], sample.lag_ms)
    labels = [formats.time_format(moment, "H:i") for moment in moments]
    return [
        line_chart(_("People, last day"), labels, {gettext("people"): list(people.values())}),
        line_chart(
            _("Tick lag in ms, last day"), labels, {gettext("worst of ten minutes"): list(lag.values())}
        ),
    ]


def _heat_map(zone: str) -> SafeString:
    """Return where people stood in all copies of the zone since yesterday, over its walkable ground."""
    drawn = ground.map_of(zone)
    trodden = (
        Footfall.objects.filter(zone=zone, hour__gt=clock.utc_now() - LOOKS_BACK)
        .values_list("x", "y")
        .annotate(total=Sum("minutes"))
        .order_by("x", "y")
    )
    most = max((total for _x, _y, total in trodden), default=1)
    blocks = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="#dc2626" fill-opacity="{}">'
        "<title>{}</title></rect>",
        (
            (
                x * BLOCK,
                y * BLOCK,
                BLOCK,
                BLOCK,
                f"{0.15 + 0.75 * total / most:.2f}",
                gettext("%(minutes)s min at %(x)s, %(y)s")
                % {"minutes": total, "x": x * BLOCK, "y": y * BLOCK},
            )
            for x, y, total in trodden
        ),
    )
    walls = format_html_join(
        "",
        "M{} {}h{}v1h-{}z",
        ((x, y, length, length) for x, y, length in _closed_runs(drawn.walk, drawn.width)),
    )
    return format_html(
        '<figure><figcaption class="font-semibold text-sm mb-2 text-font-important-light '
        'dark:text-font-important-dark">{}</figcaption><svg viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'style="width:100%;height:auto;max-height:28rem"><path d="{}" fill="currentColor" '
        'fill-opacity="0.35"/>{}</svg></figure>',
        _("Where people stood, last day"),
        drawn.width,
        drawn.height,
        _("Where people stood, last day"),
        walls,
        blocks,
    )


def _closed_runs(walk: str, width: int) -> list[tuple[int, int, int]]:
    """Return the runs of cells in which nobody can stand, as (x, y, length)."""
    runs: list[tuple[int, int, int]] = []
    for y in range(len(walk) // width):
        x = 0
        for part in walk[y * width : (y + 1) * width].split("1"):
            if part:
                runs.append((x, y, len(part)))
            x += len(part) + 1
    return runs


add_page(
    Page(
        name="live_map",
        title=_("Live map"),
        group=_("World"),
        icon="map",
        permission="world.view_characterplace",
        read=read_live_map,
        template="world/live_map.html",
        data=data_of,
    )
)
