"""What goes into a craft: so much of what stacks, and the pieces of equipment that its maker has chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from aether.kernel import content
from apps.economy import selectors
from apps.economy.buckets import bag
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.errors import NotHeldError
from apps.economy.making import RecipeDef
from apps.economy.making_errors import NotAnIngredientError, OneAtATimeError, PiecesNeededError
from apps.economy.models import ItemInstance


def ingredients(character_id: int, recipe: RecipeDef, count: int, pieces: Collection[str]) -> dict[str, int]:
    """Return what making something so many times takes, its fee too, by asset.

    `pieces` are the ids of the instances that go into it: as many of each kind as the recipe asks for.
    """
    needed = {item: n * count for item, n in recipe.inputs.items() if _is_unique(item)}
    chosen = _chosen(character_id, pieces)
    _require_pieces(needed, [each.definition for each in chosen.values()])
    if needed and count > 1:
        raise OneAtATimeError
    taken = {item: n * count for item, n in recipe.inputs.items() if item not in needed}
    if recipe.fee:
        taken[CURRENCY] = recipe.fee * count
    return taken | dict.fromkeys(chosen, 1)


def are_bound(contents: Iterable[str]) -> bool:
    """Tell if any of some assets stays with its holder: what is made of it does, too."""
    pieces = selectors.instances_by_asset(contents).values()
    return any(each.bound_to is not None for each in pieces)


def _chosen(character_id: int, pieces: Collection[str]) -> Mapping[str, ItemInstance]:
    assets = [f"{selectors.INSTANCE}{piece}" for piece in pieces]
    if not assets:
        return {}
    held, in_bag = selectors.amounts(character_id, assets), bag(character_id).name
    if len(set(assets)) < len(assets) or any((in_bag, asset) not in held for asset in assets):
        raise NotHeldError
    return selectors.instances_by_asset(assets)


def _require_pieces(needed: Mapping[str, int], given: Iterable[str]) -> None:
    counts = Counter(given)
    for item in sorted(counts.keys() - needed.keys()):
        raise NotAnIngredientError(item=item)
    for item, count in sorted(needed.items()):
        if counts[item] != count:
            raise PiecesNeededError(item=item, needed=count)


def _is_unique(item: str) -> bool:
    definition = content.current().all(ItemDef).get(item)
    return definition is not None and definition.is_unique
