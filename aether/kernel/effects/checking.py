"""What effects name and the pack does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from aether.kernel.conditions import Condition, leaves
from aether.kernel.content.pack import Pack
from aether.kernel.effects.tree import Effect, Unlock, Way


def unknown_in(pack: Pack, effects: Iterable[Effect]) -> Iterator[str]:
    """Yield what some effects name that is not in the pack."""
    for effect in effects:
        yield from _unknown_stacks(pack, effect)
        quest = effect.start or effect.advance or effect.complete or effect.fail
        if quest and quest not in pack.raw("quests"):
            yield f"there is no quest `{quest}`"
        yield from _unknown_window(pack, effect.open or "")
        if effect.unlock:
            yield from _nothing_to_unlock(pack, effect.unlock)
        place = effect.bind or effect.teleport
        if place and place.zone:
            yield from _astray(pack, place.zone, place.arrival)
        for foe in effect.start_battle or ():
            if foe.monster not in pack.raw("monsters"):
                yield f"there is no monster `{foe.monster}`"


def _unknown_window(pack: Pack, window: str) -> Iterator[str]:
    shop = window.partition(":")[2]
    if shop and shop not in pack.raw("shops"):
        yield f"there is no shop `{window}`"
    if window == "bank" and not _has_bank(pack):
        yield "no station is a bank"


def effects_in(pack: Pack) -> Iterator[dict[str, Any]]:
    """Yield every effect of quests, talks and things as it is written."""
    for quest in pack.raw("quests").values():
        yield from quest.get("rewards", ())
    for dialogue in pack.raw("dialogues").values():
        for node in dialogue.get("nodes", ()):
            for option in node.get("options", ()):
                yield from option.get("effects", ())
    for thing in pack.raw("objects").values():
        for transition in thing.get("transitions", ()):
            yield from transition.get("effects", ())


def _nothing_to_unlock(pack: Pack, unlock: Unlock) -> Iterator[str]:
    """Yield why an `unlock` would change nothing: it is not there, or nobody is kept from it."""
    if unlock.exit is not None:
        yield from _open_anyway(pack, unlock.exit)
        return
    recipe = pack.raw("recipes").get(unlock.recipe or "")
    if recipe is None:
        yield f"there is no recipe `{unlock.recipe}`"
    elif not recipe.get("unlock", {}).get("taught"):
        yield f"everybody knows `{unlock.recipe}`: it has no `taught: true` in its `unlock`"


def _open_anyway(pack: Pack, way: Way) -> Iterator[str]:
    zone = pack.raw("zones").get(way.zone, {})
    drawn = pack.raw("maps").get(zone.get("map", ""), {})
    if way.exit not in {each.get("id") for each in drawn.get("exits", [])}:
        yield f"the zone `{way.zone}` has no exit `{way.exit}`"
        return
    asked = zone.get("exits", {}).get(way.exit, {}).get("if")
    found = leaves(msgspec.convert(asked, Condition)) if asked is not None else ()
    if not any(each.unlocked and each.unlocked.names == (way.zone, way.exit) for each in found):
        yield f"the exit `{way.exit}` of `{way.zone}` does not ask to be `unlocked`"


def _astray(pack: Pack, zone: str, arrival: str) -> Iterator[str]:
    if not _has_arrival(pack, zone, arrival):
        yield f"the zone `{zone}` has no arrival `{arrival}`"
    if zone in dungeon_zones(pack):
        yield f"the zone `{zone}` belongs to a dungeon, which is entered through its gate alone"
    if pack.raw("zones").get(zone, {}).get("owned_by"):
        yield f"the zone `{zone}` is somebody's, and is entered through its door alone"


def dungeon_zones(pack: Pack) -> set[str]:
    """Return the zones in which nobody is but in a run: no effect leads there, nor binds anybody to them."""
    return {str(each.get("zone")) for each in pack.raw("dungeons").values()}


def _unknown_stacks(pack: Pack, effect: Effect) -> Iterator[str]:
    attached = effect.mail.items if effect.mail else ()
    for stack in filter(None, (effect.give, effect.take, *attached)):
        if stack.item not in pack.raw("items"):
            yield f"there is no item `{stack.item}`"
    if effect.take and pack.raw("items").get(effect.take.item, {}).get("kind") == "equipment":
        yield f"`{effect.take.item}` does not stack, so it cannot be taken"


def _has_bank(pack: Pack) -> bool:
    return any(each.get("kind") == "bank" for each in pack.raw("stations").values())


def _has_arrival(pack: Pack, zone: str, arrival: str) -> bool:
    drawn = pack.raw("maps").get(pack.raw("zones").get(zone, {}).get("map", ""), {})
    return arrival in drawn.get("arrivals", {})
