"""Pictures of numbers as SVG: lines over days, and stacked bars above and below nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from aether.console.panels import Text

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 14, 22
APART = 14
LABELS_MAX = 7
COLOURS = ("#7c3aed", "#0891b2", "#ea580c", "#65a30d", "#db2777", "#ca8a04", "#4f46e5", "#64748b")


def line_chart(title: Text, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> SafeString:
    """Return lines over labels, one of a colour of its own for each series."""
    values = [value for line in series.values() for value in line]
    low, high = _bounds(values)
    marks = format_html_join(
        "",
        '<polyline fill="none" stroke="{}" stroke-width="2" points="{}"><title>{}</title></polyline>',
        (
            (
                colour_of(number),
                " ".join(
                    f"{_x(n, len(line)):.1f},{_y(value, low, high):.1f}" for n, value in enumerate(line)
                ),
                name,
            )
            for number, (name, line) in enumerate(series.items())
        ),
    )
    return _framed(title, labels, marks, list(series), (low, high))


def bar_chart(title: Text, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> SafeString:
    """Return bars over labels: what is above nothing is stacked upwards, what is below downwards."""
    columns = list(zip(*series.values(), strict=True)) if series else []
    low, high = _bounds(
        [sum(v for v in column if v > 0) for column in columns]
        + [sum(v for v in column if v < 0) for column in columns]
    )
    width = max(1.0, (WIDTH - LEFT - RIGHT) / max(1, len(columns)) * 0.7)
    bars = []
    for n, column in enumerate(columns):
        up = down = 0.0
        for number, (name, value) in enumerate(zip(series, column, strict=True)):
            start, end = (up, up + value) if value > 0 else (down + value, down)
            up, down = (end, down) if value > 0 else (up, start)
            if value:
                top, bottom = _y(end, low, high), _y(start, low, high)
                x = LEFT + (n + 0.5) * (WIDTH - LEFT - RIGHT) / len(columns) - width / 2
                told = f"{labels[n]} {name}: {value:,.0f}"
                bars.append(
                    (f"{x:.1f}", f"{top:.1f}", f"{width:.1f}", f"{bottom - top:.1f}", colour_of(number), told)
                )
    marks = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"><title>{}</title></rect>', bars
    )
    return _framed(title, labels, marks, list(series), (low, high))


def colour_of(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _framed(
    title: Text, labels: Sequence[str], marks: SafeString, names: Sequence[str], bounds: tuple[float, float]
) -> SafeString:
    low, high = bounds
    levels = _levels(low, high)
    grid = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="currentColor" stroke-opacity="0.15"/>'
        '<text x="{}" y="{}" text-anchor="end" dominant-baseline="middle" font-size="11" '
        'fill="currentColor">{}</text>',
        (
            (
                LEFT,
                WIDTH - RIGHT,
                _at(level, bounds),
                _at(level, bounds),
                LEFT - 6,
                _at(level, bounds),
                _short(level),
            )
            for level in levels
        ),
    )
    every = max(1, -(-len(labels) // LABELS_MAX))
    below = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" fill="currentColor">{}</text>',
        (
            (f"{LEFT + (n + 0.5) * (WIDTH - LEFT - RIGHT) / len(labels):.1f}", HEIGHT - 6, label)
            for n, label in enumerate(labels)
            if n % every == 0
        ),
    )
    legend = format_html_join(
        "",
        '<li class="flex items-center gap-1"><span style="background:{};width:10px;height:10px;'
        'display:inline-block"></span>{}</li>',
        ((colour_of(number), name) for number, name in enumerate(names)),
    )
    return format_html(
        '<figure><figcaption class="font-semibold text-sm mb-2 text-font-important-light '
        'dark:text-font-important-dark">{}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" style="width:100%;height:auto">{}{}{}</svg>'
        '<ul class="flex flex-wrap gap-3 text-xs mt-2">{}</ul></figure>',
        title,
        WIDTH,
        HEIGHT,
        title,
        grid,
        marks,
        below,
        legend,
    )


def _levels(low: float, high: float) -> list[float]:
    """Return where the scale has its numbers: nothing, and what is far enough from it to be read."""
    wanted = (0.0, high, low) if low < 0 < high else (low, high, (low + high) / 2)
    kept: list[float] = []
    for level in wanted:
        if all(abs(_y(level, low, high) - _y(other, low, high)) >= APART for other in kept):
            kept.append(level)
    return kept


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0), max(values, default=0)
    low, high = min(low, 0), max(high, 0)
    return (low, high) if high > low else (low, low + 1)


def _x(n: int, count: int) -> float:
    return LEFT + (n + 0.5) * (WIDTH - LEFT - RIGHT) / max(1, count)


def _y(value: float, low: float, high: float) -> float:
    return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _at(level: float, bounds: tuple[float, float]) -> str:
    return f"{_y(level, *bounds):.1f}"


def _short(value: float) -> str:
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}{unit}"
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
