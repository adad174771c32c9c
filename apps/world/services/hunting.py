"""Groups that hunt: one that sees somebody of its level walks at it, and attacks when it is there.

An attack is a claim like that of a player, so of all who want a group one has it. The battle itself is
begun by whoever hears that a group has attacked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from aether.kernel import clock, facts, live
from aether.kernel.facts.types import GroupAttacked
from aether.protocol.base import Cell
from aether.protocol.world import PlayerSeen
from apps.world import ground, positions, selectors, sky
from apps.world.almanac import Hunting
from apps.world.definitions import MapDef, SpawnRule
from apps.world.models import MonsterGroup
from apps.world.positions import Position
from apps.world.rules import hunting
from apps.world.rules.walking import distance, walking_now
from apps.world.services.health import spared

ATTACK_REACH = 1
AHEAD_S = 5
"""A group that hunts strolls nowhere for so long after its last step was planned."""

HOMEWARD_MAX = 48
"""A longer way home is not walked: the group stands still, and is put into its region when it strolls."""

State = MonsterGroup.State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hunt:
    """What the groups of a zone copy go by: who may be attacked, how far they see, whose level is fair."""

    drawn: MapDef
    laws: Hunting
    rules: Mapping[str, SpawnRule]
    levels: Mapping[int, int]
    cells: Mapping[int, Cell]
    factors_pct: tuple[int, int]

    def sight_of(self, group: MonsterGroup) -> int:
        return hunting.sight(self.rules[group.rule].aggro_cells, *self.factors_pct)


def keep_hunts(instance: str) -> None:
    """Let the groups of a zone copy see, follow, give up and attack."""
    zone = ground.zone_of_instance(instance)
    rules = {rule.id: rule for rule in ground.zone_of(zone).spawns if rule.aggro_cells}
    if not rules:
        return
    hunters = list(
        MonsterGroup.objects.filter(
            Q(rule__in=rules) | Q(prey__isnull=False), instance=instance, state=State.ROAMING
        ).order_by("pk")
    )
    if not hunters:
        return
    hunt = _hunt(zone, rules, positions.everybody(instance), hunters)
    changed = [group.pk for group in hunters if _act(group, hunt)]
    if changed:
        positions.announce_groups(instance, changed)


def _hunt(
    zone: str, rules: Mapping[str, SpawnRule], here: Iterable[PlayerSeen], hunters: list[MonsterGroup]
) -> _Hunt:
    cells = {
        seen.id: selectors.cell_of(Position(zone=zone, instance="", seen=seen))
        for seen in here
        if not seen.is_in_battle
    }
    factors = (sky.weather_effects(zone).aggro_pct, sky.phase().aggro_pct)
    laws = sky.life().hunting
    widest = max(hunting.sight(rule.aggro_cells, *factors) for rule in rules.values()) + laws.leash
    near = {who for group in hunters for who in hunting.nearest(selectors.group_cell(group), cells, widest)}
    fair = live.online_among(near) - spared(near) if near else set()
    return _Hunt(
        drawn=ground.map_of(zone),
        laws=laws,
        rules=rules,
        levels={seen.id: seen.level for seen in here if seen.id in fair},
        cells={who: cell for who, cell in cells.items() if who in fair},
        factors_pct=factors,
    )


def _act(group: MonsterGroup, hunt: _Hunt) -> bool:
    """Let one group do what it does now; tell if anybody can see it."""
    stands = selectors.group_cell(group)
    found = _chosen(group, stands, hunt)
    if found is None:
        return group.prey is not None and _give_up(group, stands, hunt)
    prey, path = found
    if len(path) - 1 <= ATTACK_REACH:
        return _attack(group, stands, prey)
    return _follow(group, prey, path)


def _chosen(group: MonsterGroup, stands: Cell, hunt: _Hunt) -> tuple[int, list[Cell]] | None:
    """Return whom a group is after, and the way there: whom it hunts already, else the nearest it sees."""
    if group.rule not in hunt.rules:
        return None
    sees = hunt.sight_of(group)
    further = sees + hunt.laws.leash
    seen = [(who, sees) for who in hunting.nearest(stands, hunt.cells, sees)]
    if group.prey is not None and group.prey in hunt.cells:
        seen.insert(0, (group.prey, further))
    for who, cells in seen:
        if distance(hunt.cells[who], group.home) > further + hunt.laws.leash:
            continue
        if not hunting.is_fair(hunt.levels[who], group.monsters, hunt.laws.level_gap):
            continue
        path = hunting.way(hunt.drawn, stands, hunt.cells[who], cells)
        if path is not None:
            return who, path
    return None


def _attack(group: MonsterGroup, stands: Cell, prey: int) -> bool:
    """Claim the group for a battle with its prey, and say so. Whoever was faster has it instead."""
    with transaction.atomic():
        claimed = _still_roaming(group).update(
            state=State.ENGAGING,
            engaged_at=clock.utc_now(),
            engaged_by=prey,
            prey=None,
            x=stands[0],
            y=stands[1],
            path=[],
        )
        if claimed:
            facts.publish(GroupAttacked(group=group.pk, character=prey, instance=group.instance))
    return bool(claimed)


def _follow(group: MonsterGroup, prey: int, path: list[Cell]) -> bool:
    """Walk at the prey, which may be elsewhere by the next look."""
    now = clock.now()
    started_at = now
    if group.path and group.step_ms == hunting.STEP_MS:
        step = walking_now([(x, y) for x, y in group.path], group.started_at, group.step_ms, now)
        if step.stands == path[0]:
            path, started_at = [*step.path, *path[1:]], step.started_at
    return _walk(group, path[:-1], started_at=started_at, prey=prey)


def _give_up(group: MonsterGroup, stands: Cell, hunt: _Hunt) -> bool:
    """Go home, where it strolls again."""
    path = hunting.way(hunt.drawn, stands, group.home, HOMEWARD_MAX) or [stands]
    return _walk(group, path, started_at=clock.now(), prey=None)


def _walk(group: MonsterGroup, path: list[Cell], *, started_at: float, prey: int | None) -> bool:
    walk_s = len(path) * hunting.STEP_MS / 1000
    return bool(
        _still_roaming(group).update(
            prey=prey,
            path=[list(cell) for cell in path],
            x=path[-1][0],
            y=path[-1][1],
            started_at=started_at,
            step_ms=hunting.STEP_MS,
            roams_at=clock.utc_now() + timedelta(seconds=walk_s + AHEAD_S),
        )
    )


def _still_roaming(group: MonsterGroup) -> QuerySet[MonsterGroup]:
    """Select a group if nothing has happened to it since it was read."""
    return MonsterGroup.objects.filter(pk=group.pk, state=State.ROAMING, monsters=group.monsters)
