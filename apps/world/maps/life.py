"""Checks over the life of the zones: the weather, events and occasions that they name exist."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.content import Pack, Problem
from apps.world.almanac import EventDef, LifeDef, Occasion, WeatherDef
from apps.world.definitions import ZoneDef


def check_life(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with weather, calendar and when groups are there."""
    if len(pack.all(LifeDef)) > 1:
        yield Problem("life", "there is one way in which the world lives, not several")
    for zone in pack.all(ZoneDef).values():
        for at, spell in enumerate(zone.weather):
            if spell.weather not in pack.all(WeatherDef):
                where = pack.where("zones", zone.id, "weather", at)
                yield Problem(where, f"there is no weather `{spell.weather}`")
        for at, rule in enumerate(zone.spawns):
            where = pack.where("zones", zone.id, "spawns", at)
            if rule.aggro_cells and zone.is_safe:
                yield Problem(where, "nobody attacks in a safe zone")
            if rule.when is not None:
                yield from _check_occasion(pack, zone, where, rule.when)
    yield from _check_offers(pack)


def _check_occasion(pack: Pack, zone: ZoneDef, where: str, occasion: Occasion) -> Iterator[Problem]:
    possible = {spell.weather for spell in zone.weather}
    for weather in occasion.weather:
        if weather not in possible:
            yield Problem(where, f"`{zone.id}` never has the weather `{weather}`")
    if occasion.event is not None and occasion.event not in pack.all(EventDef):
        yield Problem(where, f"there is no event `{occasion.event}`")


def _check_offers(pack: Pack) -> Iterator[Problem]:
    for shop, document in pack.raw("shops").items():
        for at, offer in enumerate(document.get("offers", ())):
            event = offer.get("event") if isinstance(offer, dict) else None
            if event is not None and event not in pack.all(EventDef):
                yield Problem(pack.where("shops", shop, "offers", at), f"there is no event `{event}`")
