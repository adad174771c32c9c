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
    server_us: float = 0.0
    """Processor time of the server for each operation, all its threads together."""
    kb_per_connection: float = 0.0
    seconds: float = 0.0
    count: int = 0
    load_average: float = 0.0
    """Of the machine, when the measurement ended: what else ran shows here."""
    note: str = ""


def table(all_figures: Sequence[Figures]) -> str:
    """Return the figures in columns; those that nothing was measured for are left out."""
    names = [name for name in Figures.__struct_fields__ if any(getattr(each, name) for each in all_figures)]
    rows = [names, *([_shown(getattr(each, name)) for name in names] for each in all_figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def json_of(all_figures: Sequence[Figures]) -> bytes:
    """Return the figures as an object of objects: `{"limit_echo": {"per_s": …}, …}`."""
    by_name = {each.name: msgspec.to_builtins(each) for each in all_figures}
    for figures in by_name.values():
        del figures["name"]
    return msgspec.json.format(msgspec.json.encode(by_name), indent=2) + b"\n"


def timed(name: str, times_s: list[float], *, took_s: float, note: str = "") -> Figures:
    """Return what the times of operations, done one after the other and side by side, come to."""
    times_s.sort()
    return Figures(
        name=name,
        per_s=round(len(times_s) / took_s, 1),
        p50_ms=round(quantile(times_s, 0.5) * 1000, 2),
        p99_ms=round(quantile(times_s, 0.99) * 1000, 2),
        count=len(times_s),
        note=note,
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of sorted values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _shown(value: object) -> str:
    return str(value) if value else ""
