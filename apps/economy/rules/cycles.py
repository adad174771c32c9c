"""Whether buying, crafting and selling can make something out of nothing, in any combination.

They cannot if there are prices at which nothing gains: no offer sells below its price or buys above it, no
recipe gives more than it takes. The highest such prices are found by lowering: an item is worth at most what
the cheapest way to get it costs. What can only be found begins at more than anybody can own, so that a
recipe that multiplies it lowers it without end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

ROUNDS = 256
PRICELESS = 10**12
"""Where an item begins that can only be found: more than anybody can own."""
NOTHING = Fraction(1, 10**6)
"""An item that costs less can be had without end."""

Prices = dict[str, Fraction]


class Conversion(NamedTuple):
    """What a recipe takes, with its fee, and what it gives on average."""

    recipe: str
    inputs: Mapping[str, int]
    fee: int
    outputs: Mapping[str, Fraction]


@dataclass(slots=True)
class Costs:
    """The highest prices at which nothing gains, and by which recipe each was reached."""

    prices: Prices = field(default_factory=dict)
    reached_by: dict[str, str] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    """Recipes that were still lowering prices at the end: they make more of what they take."""


def costs(bought: Mapping[str, int], conversions: Sequence[Conversion]) -> Costs:
    """Return what each item costs at least, bought for these prices or made."""
    found = Costs(prices={item: Fraction(price) for item, price in bought.items()})
    for _ in range(ROUNDS):
        lowering = [each.recipe for each in conversions if _lower(each, found)]
        if not lowering:
            return found
        found.endless = {found.reached_by[item] for item, price in found.prices.items() if price < NOTHING}
        if found.endless:
            return found
        # Numbers grow with each round; such small differences are none.
        found.prices = {item: price.limit_denominator(10**9) for item, price in found.prices.items()}
    found.endless = set(lowering)
    return found


def cost_of(conversion: Conversion, prices: Mapping[str, Fraction]) -> Fraction:
    """Return what one result of a recipe costs."""
    return conversion.fee + sum(
        (count * prices.get(item, Fraction(PRICELESS)) for item, count in conversion.inputs.items()),
        Fraction(0),
    )


def _lower(conversion: Conversion, found: Costs) -> bool:
    cost, has_lowered = cost_of(conversion, found.prices), False
    for item, mean in conversion.outputs.items():
        price = found.prices.get(item, Fraction(PRICELESS))
        if cost / mean < price:
            found.prices[item] = cost / mean
            found.reached_by[item] = conversion.recipe
            has_lowered = True
    return has_lowered
