"""Checks of finding and making: references resolve, and no way through shops and recipes makes money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from aether.kernel.content import Pack, Problem
from aether.kernel.effects import effects_in
from aether.protocol.making import PIECES_MAX
from apps.economy.definitions import LEVEL_MAX, ItemDef, LootTable, ShopDef, ShopOffer
from apps.economy.making import ItemSetDef, NodeDef, ProfessionDef, RecipeDef, StationDef
from apps.economy.rules.cycles import Conversion, Costs, cost_of, costs
from apps.economy.rules.making import most_expected


def check_making(pack: Pack) -> Iterator[Problem]:
    """Yield every problem of nodes, recipes and sets, and every way to make something from nothing."""
    yield from _check_nodes(pack)
    yield from _check_recipes(pack)
    yield from _check_sets(pack)
    yield from _check_cycles(pack)


def _check_nodes(pack: Pack) -> Iterator[Problem]:
    for node in pack.all(NodeDef).values():
        yield from _check_profession(pack, "nodes", node, "gather")
        if node.loot not in pack.all(LootTable):
            yield Problem(pack.where("nodes", node.id, "loot"), f"there is no loot table `{node.loot}`")
        if node.tool is not None:
            yield from _check_items(pack, "nodes", node.id, "tool", [node.tool])


def _check_recipes(pack: Pack) -> Iterator[Problem]:
    for recipe in pack.all(RecipeDef).values():
        name = recipe.id
        yield from _check_profession(pack, "recipes", recipe, "craft")
        yield from _check_items(pack, "recipes", name, "inputs", recipe.inputs)
        yield from _check_items(pack, "recipes", name, "tools", recipe.tools)
        yield from _check_items(pack, "recipes", name, "outputs", [each.item for each in recipe.outputs])
        yield from _check_pieces(pack, recipe)
        if recipe.station is not None and recipe.station not in pack.all(StationDef):
            yield Problem(pack.where("recipes", name, "station"), f"there is no station `{recipe.station}`")
        wanted = recipe.unlock
        if wanted.class_ is not None and wanted.class_ not in pack.raw("classes"):
            yield Problem(pack.where("recipes", name, "unlock"), f"there is no class `{wanted.class_}`")
        if wanted.quest is not None and wanted.quest not in pack.raw("quests"):
            yield Problem(pack.where("recipes", name, "unlock"), f"there is no quest `{wanted.quest}`")
    yield from _check_teaching(pack)


def _check_pieces(pack: Pack, recipe: RecipeDef) -> Iterator[Problem]:
    """What is made of pieces of equipment takes few, and can be bound itself, as any of them may be."""
    items = pack.all(ItemDef)
    pieces = {item: n for item, n in recipe.inputs.items() if item in items and items[item].is_unique}
    if sum(pieces.values()) > PIECES_MAX:
        where = pack.where("recipes", recipe.id, "inputs")
        yield Problem(where, f"it takes more than {PIECES_MAX} pieces of equipment")
    stacks = [each.item for each in recipe.outputs if each.item in items and not items[each.item].is_unique]
    for item in pieces:
        if stacks:
            where = pack.where("recipes", recipe.id, "inputs", item)
            yield Problem(
                where, f"`{item}` may stay with its holder, `{stacks[0]}` that is made of it would not"
            )


def _check_teaching(pack: Pack) -> Iterator[Problem]:
    """Items and effects teach the recipes that have to be taught; items no others."""
    recipes = pack.all(RecipeDef)
    taught = {each.use.teach for each in pack.all(ItemDef).values() if each.use is not None}
    unlocked = {effect.get("unlock", {}).get("recipe") for effect in effects_in(pack)}
    for item in pack.all(ItemDef).values():
        name = None if item.use is None else item.use.teach
        if name is None:
            continue
        where = pack.where("items", item.id, "use", "teach")
        if name not in recipes:
            yield Problem(where, f"there is no recipe `{name}`")
        elif not recipes[name].unlock.taught:
            yield Problem(where, f"everybody knows `{name}`: it has no `taught: true` in its `unlock`")
    for recipe in recipes.values():
        if recipe.unlock.taught and recipe.id not in taught | unlocked:
            yield Problem(pack.where("recipes", recipe.id, "unlock"), f"nothing teaches `{recipe.id}`")


def _check_profession(pack: Pack, kind: str, thing: NodeDef | RecipeDef, wanted: str) -> Iterator[Problem]:
    found = pack.all(ProfessionDef).get(thing.profession)
    where = pack.where(kind, thing.id, "profession")
    if found is None:
        yield Problem(where, f"there is no profession `{thing.profession}`")
    elif found.kind != wanted:
        yield Problem(where, f"`{thing.profession}` is no profession of this kind")


def _check_items(pack: Pack, kind: str, name: str, key: str, items: Iterable[str]) -> Iterator[Problem]:
    for item in items:
        if item not in pack.all(ItemDef):
            yield Problem(pack.where(kind, name, key), f"there is no item `{item}`")


def _check_sets(pack: Pack) -> Iterator[Problem]:
    for each in pack.all(ItemSetDef).values():
        for index, item in enumerate(each.items):
            definition = pack.all(ItemDef).get(item)
            if definition is None or not definition.is_unique:
                yield Problem(pack.where("sets", each.id, "items", index), f"`{item}` is no equipment")
        for index, bonus in enumerate(each.bonuses):
            if bonus.pieces > len(each.items):
                where = pack.where("sets", each.id, "bonuses", index)
                yield Problem(where, f"the set has no {bonus.pieces} pieces")


def _check_cycles(pack: Pack) -> Iterator[Problem]:
    """No combination of shops and recipes may give more than it takes."""
    conversions = _conversions(pack)
    found = costs(_cheapest(pack), conversions)
    for recipe in sorted(found.endless):
        yield Problem(pack.where("recipes", recipe), "it makes more of what it takes, again and again")
    best: dict[str, int] = {}
    for shop, index, offer in _offers(pack):
        if offer.sell is None:
            continue
        price = offer.at(offer.sell, offer.band_pct)
        best[offer.item] = max(price, best.get(offer.item, price))
        cost = found.prices.get(offer.item)
        if cost is not None and price > cost and not found.endless:
            where = pack.where("shops", shop, "offers", index)
            yield Problem(where, _gain(offer.item, price, cost, found))
    for each in conversions:
        earned = sum((mean * best.get(item, 0) for item, mean in each.outputs.items()), Fraction(0))
        if len(each.outputs) > 1 and earned > cost_of(each, found.prices):
            where = pack.where("recipes", each.recipe, "outputs")
            yield Problem(where, f"together they sell for {earned}: that makes money from nothing")


def _conversions(pack: Pack) -> list[Conversion]:
    items = pack.all(ItemDef)
    stacks = frozenset(item for item, definition in items.items() if not definition.is_unique)
    return [
        Conversion(recipe.id, recipe.inputs, recipe.fee, most_expected(recipe, LEVEL_MAX, stacks=stacks))
        for recipe in pack.all(RecipeDef).values()
    ]


def _cheapest(pack: Pack) -> dict[str, int]:
    """Return the lowest price of everything that is for sale."""
    cheapest: dict[str, int] = {}
    for _, _, offer in _offers(pack):
        if offer.buy is not None:
            price = offer.at(offer.buy, -offer.band_pct)
            cheapest[offer.item] = min(price, cheapest.get(offer.item, price))
    return cheapest


def _offers(pack: Pack) -> Iterator[tuple[str, int, ShopOffer]]:
    for shop in pack.all(ShopDef).values():
        for index, offer in enumerate(shop.offers):
            yield shop.id, index, offer


def _gain(item: str, price: int, cost: Fraction, found: Costs) -> str:
    recipe = found.reached_by.get(item)
    how = f"made by `{recipe}`" if recipe else "bought"
    shown = str(cost) if cost.denominator == 1 else f"{float(cost):.2f}"
    return f"`{item}` sells for {price} and can be {how} for {shown}: that makes money from nothing"
