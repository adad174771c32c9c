"""Checks over who lives where: every monster can be met, at a level that is its own, and goals can be met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aether.kernel.content import Pack, Problem
from apps.world.definitions import ZoneDef
from apps.world.dungeons import DungeonDef


def check_inhabitants(pack: Pack) -> Iterator[Problem]:
    """Yield the monsters nobody can meet, and the spawn rules that do not fit the monsters they name."""
    zones = pack.all(ZoneDef).values()
    if not zones:
        return
    roaming = {
        kin.monster for zone in zones for rule in zone.spawns for g in rule.groups for kin in g.monsters
    }
    roaming |= {
        kin.monster
        for dungeon in pack.all(DungeonDef).values()
        for _, encounter in dungeon.encounters()
        for kin in (*encounter.monsters, *encounter.allies)
    }
    bosses = {boss for zone in zones for boss in zone.bosses}
    summoned = set(_summoned(pack))
    for monster in pack.raw("monsters"):
        if monster not in roaming | bosses | summoned:
            yield Problem(
                pack.where("monsters", monster),
                "it roams in no zone, is in no dungeon, and is neither a boss of a zone nor summoned",
            )
    for zone in zones:
        for boss in zone.bosses:
            if boss not in pack.raw("monsters"):
                yield Problem(pack.where("zones", zone.id, "bosses"), f"there is no monster `{boss}`")
        yield from _check_levels(pack, zone)
        yield from _check_goals(pack, zone)


def _summoned(pack: Pack) -> Iterator[str]:
    """Yield every monster that some skill names."""
    for skill in pack.raw("skills").values():
        pending: list[Any] = [skill]
        while pending:
            part = pending.pop()
            if isinstance(part, dict):
                if part.get("type") == "summon" and isinstance(part.get("monster"), str):
                    yield part["monster"]
                pending += part.values()
            elif isinstance(part, list):
                pending += part


def _check_levels(pack: Pack, zone: ZoneDef) -> Iterator[Problem]:
    for at, rule in enumerate(zone.spawns):
        for number, group in enumerate(rule.groups):
            for kin in group.monsters:
                low, high = pack.raw("monsters").get(kin.monster, {}).get("level", kin.level)
                if not low <= kin.level[0] <= kin.level[1] <= high:
                    where = pack.where("zones", zone.id, "spawns", at, "groups", number, "monsters")
                    levels = f"{kin.level[0]} to {kin.level[1]} is not within {low} to {high}"
                    yield Problem(where, f"`{kin.monster}` of level {levels}")


def _check_goals(pack: Pack, zone: ZoneDef) -> Iterator[Problem]:
    for at, rule in enumerate(zone.spawns):
        if rule.objective is None or not rule.objective.ref:
            continue
        for number, group in enumerate(rule.groups):
            # A kind that may be left out of a group cannot be what its battle is about.
            if not any(kin.monster == rule.objective.ref and kin.count[0] for kin in group.monsters):
                where = pack.where("zones", zone.id, "spawns", at, "groups", number)
                yield Problem(
                    where, f"the objective is `{rule.objective.ref}`, who need not be in this group"
                )
