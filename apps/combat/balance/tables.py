"""Results of duels as text for a terminal, and as a picture in SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from apps.combat.balance.duels import Fighter
from apps.combat.balance.matrices import Matrix
from apps.combat.balance.tallies import Tally

CELL_WIDTH, CELL_HEIGHT = 96, 34
LABEL_WIDTH, HEAD_HEIGHT = 150, 76
CHART_WIDTH, CHART_HEIGHT = 640, 260
STRONG, WEAK = (43, 123, 166), (191, 91, 56)


def pair_table(first: Fighter, second: Fighter, tally: Tally) -> str:
    """Return what the duels of two fighters came to."""
    other = tally.seen_from_the_other_side()
    rows = [
        ("", str(first), str(second)),
        ("wins", f"{tally.wins}", f"{other.wins}"),
        ("win rate", _rate(tally), _rate(other)),
        ("health left", f"{tally.mean_health(0):.0f} %", f"{tally.mean_health(1):.0f} %"),
        ("damage per AP", f"{tally.damage_per_point(0):.2f}", f"{tally.damage_per_point(1):.2f}"),
    ]
    lines = _aligned(rows)
    return "\n".join([*lines, f"{tally.duels} duels, {tally.draws} draws, {tally.mean_turns:.1f} turns each"])


def matrix_table(matrix: Matrix) -> str:
    """Return a matrix: win rates with half of their intervals' width, turns, damage, and health left."""
    shown: Sequence[tuple[str, Callable[[Tally], str]]] = (
        (matrix.title, _short_rate),
        ("How many turns a duel takes", lambda tally: f"{tally.mean_turns:.1f}"),
        ("What the row does for an action point", lambda tally: f"{tally.damage_per_point(0):.2f}"),
        ("How much health the row has left, in percent", lambda tally: f"{tally.mean_health(0):.0f}"),
    )
    return "\n\n".join("\n".join([title, *_cells(matrix, show)]) for title, show in shown)


def _cells(matrix: Matrix, show: Callable[[Tally], str]) -> list[str]:
    rows = [("", *matrix.columns)]
    rows += [(name, *map(show, tallies)) for name, tallies in zip(matrix.rows, matrix.cells, strict=True)]
    return _aligned(rows)


def matrix_svg(matrix: Matrix) -> str:
    """Return a matrix as a picture: blue where the row wins, rust where it loses."""
    width = LABEL_WIDTH + CELL_WIDTH * len(matrix.columns) + 10
    height = HEAD_HEIGHT + CELL_HEIGHT * len(matrix.rows) + 10
    parts = [_text(10, 24, matrix.title, size=15)]
    for at, name in enumerate(matrix.columns):
        parts.append(_text(LABEL_WIDTH + CELL_WIDTH * (at + 0.5), HEAD_HEIGHT - 12, name, anchor="middle"))
    for row, (name, tallies) in enumerate(zip(matrix.rows, matrix.cells, strict=True)):
        top = HEAD_HEIGHT + CELL_HEIGHT * row
        parts.append(_text(10, top + 22, name))
        for at, tally in enumerate(tallies):
            parts += _cell(LABEL_WIDTH + CELL_WIDTH * at, top, tally)
    return _svg(width, height, parts)


def pair_svg(first: Fighter, second: Fighter, tally: Tally) -> str:
    """Return two fighters' duels as a picture: who wins, and how many turns it takes."""
    title = f"{first} against {second}: {_rate(tally)} of {tally.duels} duels"
    parts = [_text(10, 24, title, size=15)]
    wins, draws = (
        (CHART_WIDTH - 20) * tally.wins / tally.duels,
        (CHART_WIDTH - 20) * tally.draws / tally.duels,
    )
    parts.append(_box(10, 40, CHART_WIDTH - 20, 22, WEAK))
    parts.append(_box(10, 40, wins + draws, 22, (150, 150, 150)))
    parts.append(_box(10, 40, wins, 22, STRONG))
    parts.append(_text(10, 92, "How many turns a duel takes"))
    most, longest = max(tally.lengths.values()), max(tally.lengths)
    step = (CHART_WIDTH - 20) / (longest + 1)
    for turns, count in sorted(tally.lengths.items()):
        tall = 120 * count / most
        parts.append(_box(10 + step * turns, 230 - tall, max(1.0, step - 1), tall, STRONG))
    for turns in range(0, longest + 1, max(1, longest // 10)):
        parts.append(_text(10 + step * (turns + 0.5), 248, str(turns), anchor="middle", size=11))
    return _svg(CHART_WIDTH, CHART_HEIGHT, parts)


def _rate(tally: Tally) -> str:
    low, high = tally.interval
    return f"{tally.rate:.1%} ({low:.1%}–{high:.1%})"


def _short_rate(tally: Tally) -> str:
    low, high = tally.interval
    return f"{100 * tally.rate:.0f} ±{50 * (high - low):.0f} %"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    yield row[0].ljust(widths[0])
    yield from (text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))


def _cell(left: float, top: float, tally: Tally) -> Iterator[str]:
    share = abs(tally.rate - 0.5) * 2
    towards = STRONG if tally.rate >= 0.5 else WEAK
    colour = (_mixed(towards[0], share), _mixed(towards[1], share), _mixed(towards[2], share))
    yield _box(left, top, CELL_WIDTH - 2, CELL_HEIGHT - 2, colour)
    yield _text(left + CELL_WIDTH / 2, top + 21, _short_rate(tally), anchor="middle")


def _mixed(tone: int, share: float) -> int:
    """Mix a tone with a light ground, so that black text stays readable on all of them."""
    return round(245 + (min(255, tone + 60) - 245) * share)


def _box(left: float, top: float, width: float, height: float, colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="rgb({red},{green},{blue})"/>'
    )


def _text(left: float, top: float, text: str, *, anchor: str = "start", size: int = 13) -> str:
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, parts: list[str]) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n{inside}\n</svg>\n'
    )
