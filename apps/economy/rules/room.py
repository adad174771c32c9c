"""What somebody can carry of what arrives, and what has to wait in the mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

INSTANCE = "item:"


class Fit(NamedTuple):
    """What is carried and what finds no room, by asset."""

    carried: dict[str, int]
    left_over: dict[str, int]


def fit(arriving: Mapping[str, int], *, held: Mapping[str, int], room: int, most: int) -> Fit:
    """Split what arrives: `room` more unique items, and up to `most` of everything else."""
    fitted = Fit({}, {})
    for asset, amount in sorted(arriving.items()):
        if asset.startswith(INSTANCE):
            carried, room = (amount, room - 1) if room > 0 else (0, room)
        else:
            carried = max(0, min(amount, most - held.get(asset, 0)))
        if carried:
            fitted.carried[asset] = carried
        if amount > carried:
            fitted.left_over[asset] = amount - carried
    return fitted
