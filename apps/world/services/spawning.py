"""Keeping the monster groups of a zone copy: they come back when due, and stroll while somebody is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Q

from aether.kernel import clock
from apps.world import dungeon_ground, ground, positions, sky
from apps.world.almanac import Stars
from apps.world.definitions import SpawnRule
from apps.world.models import MonsterGroup
from apps.world.rules import hunting, roaming

ENGAGING_LAPSES_AFTER_S = 60
"""A claim that became no battle: its server died in between."""
LONG_AWAY_S = 60
"""A group that nobody has watched for so long stands anywhere in its region."""
UNDUE_AGAIN_S = 20
"""When it is looked again if a group that is due may be there."""

State = MonsterGroup.State


@transaction.atomic
def ensure_groups(instance: str) -> None:
    """Have a row for each group of the zone's spawn rules, and none for rules that are gone.

    The groups of a dungeon are there from the beginning of a run.
    """
    zone = ground.zone_of_instance(instance)
    if dungeon_ground.dungeon_in(zone) is not None:
        return
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
    """Do what is due: claims that lapsed, groups that come or go with their occasion, strolls, stars."""
    zone = ground.zone_of_instance(instance)
    now, events = clock.utc_now(), sky.open_events()
    rules = {rule.id: rule for rule in ground.zone_of(zone).spawns}
    timely = {rule.id for rule in rules.values() if sky.is_occasion(rule.when, zone=zone, events=events)}
    regions = {name: frozenset(cells) for name, cells in ground.map_of(zone).regions.items()}
    changed = []
    MonsterGroup.objects.filter(instance=instance, is_extra=True, state=State.COOLDOWN).delete()
    for group in _due(instance, now, rules.keys() - timely):
        rule = rules.get(group.rule)
        if rule is None:
            continue
        if rule.id not in timely and group.state != State.ENGAGING:
            is_seen = _stay_away(group)
        else:
            is_seen = _act(group, rule, regions[rule.region], rng)
        if is_seen:
            changed.append(group.pk)
    if changed:
        transaction.on_commit(lambda: positions.announce_groups(instance, changed), robust=True)


def _due(instance: str, now: datetime, untimely: Collection[str]) -> Iterator[MonsterGroup]:
    lapsed = now - timedelta(seconds=ENGAGING_LAPSES_AFTER_S)
    rows = MonsterGroup.objects.select_for_update(skip_locked=True).filter(instance=instance)
    yield from rows.filter(
        Q(state=State.ROAMING, roams_at__lte=now)
        | Q(state=State.ROAMING, bonus_at__lte=now)
        | Q(state=State.ROAMING, rule__in=untimely)
        | Q(state=State.COOLDOWN, respawn_at__lte=now)
        | Q(state=State.ENGAGING, engaged_at__lte=lapsed)
    ).order_by("pk")


def _act(group: MonsterGroup, rule: SpawnRule, region: frozenset[tuple[int, int]], rng: Random) -> bool:
    """Return whether anybody can see that something changed."""
    now = clock.utc_now()
    away_s = (now - group.roams_at).total_seconds()
    _shine(group, sky.life().stars, now)
    if group.state == State.ROAMING and away_s < 0:
        group.save(update_fields=["bonus_pct", "bonus_at"])
        return True
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
            around = hunting.within(region, group.home, rule.roam.radius) | {group.cell}
            _stroll(group, roaming.stroll(around, group.cell, rule.roam.steps, rng))
    group.roams_at = now + timedelta(seconds=rng.uniform(*rule.roam.every_s))
    group.save()
    return True


def _stay_away(group: MonsterGroup) -> bool:
    """Let a group be gone while it is not its time; return whether it was there."""
    was_there = group.state == State.ROAMING
    group.state, group.prey, group.path = State.COOLDOWN, None, []
    group.bonus_pct, group.bonus_at = 0, None
    group.respawn_at = clock.utc_now() + timedelta(seconds=UNDUE_AGAIN_S)
    group.save()
    return was_there


def _shine(group: MonsterGroup, stars: Stars, now: datetime) -> None:
    """Let a group that nobody has touched be worth more for each span of time that has passed."""
    every = timedelta(minutes=stars.every_min)
    if group.state == State.COOLDOWN:
        group.bonus_pct, group.bonus_at = 0, now + every
        return
    due = group.bonus_at or now + every
    spans = max(0, 1 + (now - due) // every)
    group.bonus_pct = min(stars.most_pct, group.bonus_pct + spans * stars.pct)
    group.bonus_at = due + spans * every if group.bonus_pct < stars.most_pct else None


def _stand(group: MonsterGroup, cell: tuple[int, int]) -> None:
    (group.x, group.y), group.path = cell, []
    (group.home_x, group.home_y), group.prey = cell, None


def _stroll(group: MonsterGroup, path: list[tuple[int, int]]) -> None:
    group.path = [list(cell) for cell in path]
    group.x, group.y = path[-1]
    group.started_at, group.step_ms = clock.now(), roaming.STEP_MS
