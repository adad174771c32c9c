"""What effects name and the pack does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aether.kernel.content.pack import Pack
from aether.kernel.effects.tree import Effect


def unknown_in(pack: Pack, effects: Iterable[Effect]) -> Iterator[str]:
    """Yield what some effects name that is not in the pack."""
    for effect in effects:
        yield from _unknown_stacks(pack, effect)
        quest = effect.start or effect.advance or effect.complete
        if quest and quest not in pack.raw("quests"):
            yield f"there is no quest `{quest}`"
        shop = (effect.open or "").partition(":")[2]
        if shop and shop not in pack.raw("shops"):
            yield f"there is no shop `{effect.open}`"
        if effect.open == "bank" and not _has_bank(pack):
            yield "no station is a bank"
        place = effect.bind or effect.teleport
        if place and place.zone:
            yield from _astray(pack, place.zone, place.arrival)
        for foe in effect.start_battle or ():
            if foe.monster not in pack.raw("monsters"):
                yield f"there is no monster `{foe.monster}`"


def _astray(pack: Pack, zone: str, arrival: str) -> Iterator[str]:
    if not _has_arrival(pack, zone, arrival):
        yield f"the zone `{zone}` has no arrival `{arrival}`"
    if zone in dungeon_zones(pack):
        yield f"the zone `{zone}` belongs to a dungeon, which is entered through its gate alone"


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
