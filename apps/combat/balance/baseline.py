"""What a matrix came to when somebody last looked at it: content must not move it by more unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from apps.combat.balance.matrices import Kind, Tallies

TEXT_MAX = 4 * 1024 * 1024


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the same duels need, and what share of them the first of each pair won, in percent."""

    format: Literal["aether.balance"] = "aether.balance"
    matrix: Kind
    level: Annotated[int, msgspec.Meta(ge=1, le=100)]
    duels: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    seed: str
    within: Annotated[float, msgspec.Meta(ge=0, le=100)]
    rates: dict[str, float]


class UnreadableBaselineError(Exception):
    """The file is no baseline; the message says why."""


def read_baseline(text: bytes) -> Baseline:
    if len(text) > TEXT_MAX:
        raise UnreadableBaselineError("it is too large for a baseline")
    try:
        return msgspec.json.decode(text, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBaselineError(f"it is no baseline: {error}") from None


def written(baseline: Baseline) -> bytes:
    return msgspec.json.format(msgspec.json.encode(baseline), indent=2) + b"\n"


def rates_of(tallies: Tallies) -> dict[str, float]:
    return {f"{one} {other}": round(100 * tally.rate, 1) for (one, other), tally in tallies.items()}


def moves(baseline: Baseline, tallies: Tallies) -> Iterator[str]:
    """Yield each pair whose rate is further from the baseline than allowed, or that is new or gone."""
    now = rates_of(tallies)
    for pair, rate in now.items():
        before = baseline.rates.get(pair)
        if before is None:
            yield f"{pair} is new: {rate:.1f} %"
        elif abs(rate - before) > baseline.within:
            yield f"{pair} moved from {before:.1f} % to {rate:.1f} %"
    for pair in baseline.rates.keys() - now.keys():
        yield f"{pair} is gone"
