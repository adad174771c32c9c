"""What a measurement gives, as a table for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Figures(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The outcome of one measurement; what it does not measure is 0."""

    name: str
    per_s: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    median_us: float = 0.0
    p99_us: float = 0.0
    count: int = 0
    note: str = ""


COLUMNS = ("name", "per_s", "p50_ms", "p99_ms", "median_us", "p99_us", "count", "note")


def table(all_figures: Sequence[Figures]) -> str:
    """Return the figures in columns."""
    rows = [COLUMNS, *([_shown(getattr(each, column)) for column in COLUMNS] for each in all_figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of sorted values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _shown(value: object) -> str:
    return str(value) if value else ""
