"""The world as a fresh character finds it: the zones it can come to, and what there is to get in them."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.content import Pack
from apps.economy.definitions import ItemDef, LootEntry, LootTable, ShopDef, StarterDef
from apps.economy.making import NodeDef, RecipeDef, StationDef
from apps.quests.definitions import NpcDef, QuestDef
from apps.quests.rules.reachability import Reached, World, gather, may_hold
from apps.world.definitions import MapDef, MapObject, ZoneDef
from apps.world.dungeons import DungeonDef
from apps.world.things import ObjectDef, TransitionDef


def explore(pack: Pack, found: Reached) -> None:
    """Add to the world what can be reached with what is found so far, one step further each time."""
    world = found.world
    assert world is not None
    world.zones.update(zone.id for zone in pack.all(ZoneDef).values() if zone.is_start)
    for starter in pack.all(StarterDef).values():
        world.items.update(starter.items)
    for zone in sorted(world.zones):
        _look_around(pack, zone, found, world)
    for monster in sorted(world.monsters):
        _loot(pack, pack.raw("monsters").get(monster, {}).get("loot"), found, world)
    _shop(pack, world)
    _craft(pack, found, world)


def _transitions_of(pack: Pack, thing: MapObject, found: Reached) -> Iterator[TransitionDef]:
    """Yield what can be done with a placed thing by somebody who can reach so much."""
    definition = pack.all(ObjectDef).get(thing.definition)
    if definition is not None and may_hold(definition.seen_if, found):
        yield from (each for each in definition.transitions if may_hold(each.condition, found))


def _look_around(pack: Pack, zone_id: str, found: Reached, world: World) -> None:
    zone = pack.all(ZoneDef).get(zone_id)
    drawn = pack.all(MapDef).get(zone.map) if zone else None
    if zone is None or drawn is None:
        return
    world.zones.update(way.to_zone for way in drawn.exits if may_hold(zone.rule_of(way.id).condition, found))
    world.monsters.update(zone.bosses)
    world.monsters.update(
        monster.monster for rule in zone.spawns for group in rule.groups for monster in group.monsters
    )
    for npc in drawn.npcs:
        world.npcs.add(npc.id)
        if (known := pack.all(NpcDef).get(npc.id)) is not None:
            world.dialogues.add(known.dialogue)
    _use_things(pack, zone_id, drawn, found, world)
    for node in drawn.nodes:
        what = pack.all(NodeDef).get(node.node)
        if what is not None and what.tool in (None, *world.items):
            _loot(pack, what.loot, found, world)
    _delve(pack, zone_id, found, world)


def _use_things(pack: Pack, zone: str, drawn: MapDef, found: Reached, world: World) -> None:
    for thing in drawn.objects:
        for each in _transitions_of(pack, thing, found):
            world.things.add((zone, thing.id))
            for effect in each.effects:
                gather(effect, found)
            if each.loots:
                _loot(pack, thing.loot, found, world)


def _delve(pack: Pack, zone: str, found: Reached, world: World) -> None:
    for dungeon in pack.all(DungeonDef).values():
        if dungeon.zone == zone:
            world.dungeons.add(dungeon.id)
            _loot(pack, dungeon.loot, found, world)
            for _, encounter in dungeon.encounters():
                world.monsters.update(monster.monster for monster in encounter.monsters)


def _loot(pack: Pack, table: str | None, found: Reached, world: World) -> None:
    """Add what a loot table may give, those that it names included."""
    pending: list[str | None] = [table]
    seen: set[str | None] = {None}
    while pending:
        name = pending.pop()
        known = pack.all(LootTable).get(name or "")
        if name in seen or known is None:
            continue
        seen.add(name)
        for entry in known.entries:
            if _may_fall(pack, entry, found):
                pending.append(entry.table)
                world.items.update(filter(None, [entry.item]))


def _may_fall(pack: Pack, entry: LootEntry, found: Reached) -> bool:
    asked = entry.condition.quest if entry.condition else None
    if asked is not None and (asked.id, asked.state) not in found.states:
        return False
    return not entry.quest_only or any(
        (quest.id, "active") in found.states and entry.item in _wanted(quest)
        for quest in pack.all(QuestDef).values()
    )


def _wanted(quest: QuestDef) -> set[str | int | None]:
    return {each.where["item"] for step in quest.steps for each in step.objectives if "item" in each.where}


def _shop(pack: Pack, world: World) -> None:
    for shop in pack.all(ShopDef).values():
        if shop.keeper in world.npcs:
            world.items.update(offer.item for offer in shop.offers if offer.buy is not None)


def _craft(pack: Pack, found: Reached, world: World) -> None:
    """Add what can be made of what there is, where there is a station for it."""
    drawn = [
        pack.all(MapDef).get(pack.all(ZoneDef)[zone].map) for zone in world.zones if zone in pack.all(ZoneDef)
    ]
    placed = {station.station for each in drawn if each for station in each.stations}
    tags = {tag for each in drawn if each for *_, tag in each.tags}
    for recipe in pack.all(RecipeDef).values():
        station = pack.all(StationDef).get(recipe.station or "")
        is_at_hand = station is None or station.id in placed or station.tag in tags
        if (
            is_at_hand
            and _is_unlocked(pack, recipe, found, world)
            and world.items.issuperset((*recipe.inputs, *recipe.tools))
        ):
            world.items.update(output.item for output in recipe.outputs)


def _is_unlocked(pack: Pack, recipe: RecipeDef, found: Reached, world: World) -> bool:
    wanted = recipe.unlock
    if wanted.quest is not None and (wanted.quest, "completed") not in found.states:
        return False
    return (
        not wanted.taught
        or recipe.id in found.recipes
        or any(
            each.use is not None and each.use.teach == recipe.id and each.id in world.items
            for each in pack.all(ItemDef).values()
        )
    )
