"""What a matrix came to when somebody last looked at it: content must not move it by more unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from apps.combat.balance.matrices import Kind, Tallies
from apps.combat.balance.tallies import Tally

TEXT_MAX = 4 * 1024 * 1024


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the duels of a pair came to: how often the first one won, in percent; what each did, a duel.

    Where a pair always wins or loses, the rate says little: the others move with whatever changes.
    """

    rate: float
    turns: float
    damage: tuple[float, float]
    damage_per_ap: tuple[float, float]


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the same duels need, what they came to, and how far that may move unnoticed.

    `within` is in points of the rate, `within_pct` in percent of the turns and of the damage.
    """

    format: Literal["aether.balance"] = "aether.balance"
    matrix: Kind
    level: Annotated[int, msgspec.Meta(ge=1, le=100)]
    duels: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    seed: str
    within: Annotated[float, msgspec.Meta(ge=0, le=100)]
    within_pct: Annotated[float, msgspec.Meta(ge=0, le=100)]
    pairs: dict[str, Figures]


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


def figures_of(tallies: Tallies) -> dict[str, Figures]:
    return {f"{one} {other}": _figures(tally) for (one, other), tally in tallies.items()}


def _figures(tally: Tally) -> Figures:
    return Figures(
        rate=round(100 * tally.rate, 1),
        turns=round(tally.mean_turns, 2),
        damage=(_each(tally.damage[0], tally), _each(tally.damage[1], tally)),
        damage_per_ap=(round(tally.damage_per_point(0), 2), round(tally.damage_per_point(1), 2)),
    )


def _each(total: int, tally: Tally) -> float:
    return round(total / max(1, tally.duels), 2)


def moves(baseline: Baseline, tallies: Tallies) -> Iterator[str]:
    """Yield what has moved further from the baseline than allowed, and each pair that is new or gone."""
    now = figures_of(tallies)
    for pair, figures in now.items():
        before = baseline.pairs.get(pair)
        if before is None:
            yield f"{pair} is new: {figures.rate:.1f} %"
        else:
            yield from (f"{pair} {move}" for move in _moved(before, figures, baseline))
    for pair in baseline.pairs.keys() - now.keys():
        yield f"{pair} is gone"


def _moved(before: Figures, now: Figures, allowed: Baseline) -> Iterator[str]:
    if abs(now.rate - before.rate) > allowed.within:
        yield f"moved from {before.rate:.1f} % to {now.rate:.1f} %"
    amounts = [
        ("turns", before.turns, now.turns),
        *zip(("damage done", "damage taken"), before.damage, now.damage, strict=True),
        *zip(("damage per AP", "damage per AP taken"), before.damage_per_ap, now.damage_per_ap, strict=True),
    ]
    for what, old, new in amounts:
        if abs(new - old) * 100 > allowed.within_pct * old:
            yield f"moved from {old:.2f} to {new:.2f} {what}"
