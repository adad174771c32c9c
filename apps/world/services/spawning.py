"""Keeping the monster groups of a zone copy: they come back when due, and stroll while somebody is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Q

from aether.kernel import clock
from apps.world import ground, positions
from apps.world.definitions import SpawnRule
from apps.world.models import MonsterGroup
from apps.world.rules import roaming

ENGAGING_LAPSES_AFTER_S = 60
"""A claim that became no battle: its server died in between."""
LONG_AWAY_S = 60
"""A group that nobody has watched for so long stands anywhere in its region."""

State = MonsterGroup.State


@transaction.atomic
def ensure_groups(instance: str) -> None:
    """Have a row for each group of the zone's spawn rules, and none for rules that are gone."""
    zone = ground.zone_of_instance(instance)
    rules = {rule.id: rule for rule in ground.zone_of(zone).spawns}
    wanted = {(rule.id, slot) for rule in rules.values() for slot in range(rule.max_groups)}
    rows = list(MonsterGroup.objects.filter(instance=instance))
    gone = [row.pk for row in rows if not _is_wanted(row, wanted) and row.battle is None]
    MonsterGroup.objects.filter(pk__in=gone, battle__isnull=True).delete()
    known = {(row.rule, row.slot) for row in rows}
    MonsterGroup.objects.bulk_create(
        [
            MonsterGroup(zone=zone, instance=instance, rule=rule, slot=slot, respawn_at=clock.utc_now())
            for rule, slot in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )


def _is_wanted(row: MonsterGroup, wanted: set[tuple[str, int]]) -> bool:
    """Tell if a rule of the zone keeps a group, or staff have brought it by one that there still is."""
    return (row.rule, row.slot) in wanted or (row.is_extra and row.rule in {rule for rule, _ in wanted})


@transaction.atomic
def keep_groups(instance: str, rng: Random) -> None:
    """Do what is due: claims that lapsed, groups that come back, strolls."""
    zone = ground.zone_of_instance(instance)
    now = clock.utc_now()
    rules = {rule.id: rule for rule in ground.zone_of(zone).spawns}
    regions = {name: frozenset(cells) for name, cells in ground.map_of(zone).regions.items()}
    changed = []
    MonsterGroup.objects.filter(instance=instance, is_extra=True, state=State.COOLDOWN).delete()
    for group in _due(instance, now):
        rule = rules.get(group.rule)
        if rule is not None and _act(group, rule, regions[rule.region], rng):
            changed.append(group.pk)
    if changed:
        transaction.on_commit(lambda: positions.announce_groups(instance, changed), robust=True)


def _due(instance: str, now: datetime) -> Iterator[MonsterGroup]:
    lapsed = now - timedelta(seconds=ENGAGING_LAPSES_AFTER_S)
    rows = MonsterGroup.objects.select_for_update(skip_locked=True).filter(instance=instance)
    yield from rows.filter(
        Q(state=State.ROAMING, roams_at__lte=now)
        | Q(state=State.COOLDOWN, respawn_at__lte=now)
        | Q(state=State.ENGAGING, engaged_at__lte=lapsed)
    ).order_by("pk")


def _act(group: MonsterGroup, rule: SpawnRule, region: frozenset[tuple[int, int]], rng: Random) -> bool:
    """Return whether anybody can see that something changed."""
    now = clock.utc_now()
    away_s = (now - group.roams_at).total_seconds()
    match group.state:
        case State.ENGAGING:
            group.state, group.engaged_at, group.engaged_by = State.ROAMING, None, None
        case State.COOLDOWN:
            group.state, group.respawn_at = State.ROAMING, None
            group.monsters = [list(monster) for monster in roaming.compose(rule.groups, rng)]
            _stand(group, rng.choice(sorted(region)))
        case _ if away_s > LONG_AWAY_S or group.cell not in region:
            _stand(group, rng.choice(sorted(region)))
        case _:
            _stroll(group, roaming.stroll(region, group.cell, rule.roam.steps, rng))
    group.roams_at = now + timedelta(seconds=rng.uniform(*rule.roam.every_s))
    group.save()
    return True


def _stand(group: MonsterGroup, cell: tuple[int, int]) -> None:
    (group.x, group.y), group.path = cell, []


def _stroll(group: MonsterGroup, path: list[tuple[int, int]]) -> None:
    group.path = [list(cell) for cell in path]
    group.x, group.y = path[-1]
    group.started_at, group.step_ms = clock.now(), roaming.STEP_MS
