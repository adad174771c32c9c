"""The dice of crafting: which of the outputs comes of it, and whether the work is fine."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from apps.economy.making import RecipeDef, RecipeOutput
from apps.economy.rules.dice import Dice


class Made(NamedTuple):
    """One result of a recipe. Fine work of what stacks is one more of it."""

    output: RecipeOutput
    is_fine: bool


def make(recipe: RecipeDef, skill_level: int, dice: Dice) -> Made:
    """Throw the dice of one result: which output, and its quality. Both are always thrown."""
    output = recipe.outputs[dice.pick([each.weight for each in recipe.outputs])]
    return Made(output, dice.chance(recipe.fine_bp(skill_level)))


def most_expected(recipe: RecipeDef, level_max: int, *, stacks: frozenset[str]) -> dict[str, Fraction]:
    """Return how many of each output one result gives on average, to the best of crafters."""
    total = sum(each.weight for each in recipe.outputs)
    fine = Fraction(recipe.fine_bp(level_max), 10_000)
    mean: dict[str, Fraction] = {}
    for each in recipe.outputs:
        count = each.count + (fine if each.item in stacks else 0)
        mean[each.item] = mean.get(each.item, Fraction(0)) + Fraction(each.weight, total) * count
    return mean


def halved(count: int, dice: Dice) -> int:
    """Return half of a count; the half of one falls or does not, so that the mean is exact."""
    return count // 2 + (dice.below(2) if count % 2 else 0)
