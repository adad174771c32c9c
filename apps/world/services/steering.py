"""What staff do in a zone copy: put a character elsewhere, bring a monster group, take one away."""

from __future__ import annotations

from datetime import timedelta
from random import Random, SystemRandom

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from aether.kernel import audit, clock
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol.base import Cell
from apps.world import dungeon_ground, dungeon_selectors, ground, positions
from apps.world.definitions import SpawnRule
from apps.world.errors import (
    BlockedError,
    DungeonTeleportError,
    GroupBusyError,
    InBattleError,
    OwnedTeleportError,
    TooManyGroupsError,
)
from apps.world.ground import Spot
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.rules import roaming
from apps.world.services import estates
from apps.world.services.coming import bring, locked

EXTRA_GROUPS_MAX = 20
"""For a zone copy, beside those of its rules."""

State = MonsterGroup.State


@transactional
def relocate(*, actor: AbstractBaseUser, character_id: int, zone: str, cell: Cell, reason: str) -> None:
    """Put a character on a cell of any zone (staff). Somebody in battle stays there.

    In a dungeon, or in what is somebody's, only whoever is in its own copy there is moved, and stays in it.
    """
    place = locked(character_id)
    if place is None:
        raise NotFoundError
    if place.battle is not None:
        raise InBattleError
    if not ground.map_of(zone).is_walkable(cell):
        raise BlockedError
    if dungeon_ground.dungeon_in(zone) is not None and not _is_at_home_in(place, zone):
        raise DungeonTeleportError
    if ground.is_owned(zone) and not (place.zone == zone and estates.is_at_home(place)):
        raise OwnedTeleportError
    details: dict[str, object] = {"from": [place.instance, place.x, place.y], "to": [zone, *cell]}
    audit.record(actor, "teleport", f"character:{character_id}", reason, details)
    bring(place, Spot(zone, cell))


@transactional
def spawn_group(
    *,
    actor: AbstractBaseUser,
    instance: str,
    rule: str,
    cell: Cell,
    reason: str,
    rng: Random | None = None,
) -> MonsterGroup:
    """Bring a group as a rule of the zone composes it, to a cell (staff). Once beaten it is gone."""
    zone = ground.zone_of_instance(instance)
    if not ground.map_of(zone).is_walkable(cell):
        raise BlockedError
    found = _rule(zone, rule)
    rows = MonsterGroup.objects.filter(instance=instance, rule=rule)
    if rows.filter(is_extra=True).count() >= EXTRA_GROUPS_MAX:
        raise TooManyGroupsError
    last = rows.aggregate(last=Max("slot"))["last"]
    group = MonsterGroup.objects.create(
        zone=zone,
        instance=instance,
        rule=rule,
        slot=max(found.max_groups - 1, -1 if last is None else last) + 1,
        state=State.ROAMING,
        monsters=[list(monster) for monster in roaming.compose(found.groups, rng or SystemRandom())],
        x=cell[0],
        y=cell[1],
        roams_at=clock.utc_now() + timedelta(seconds=found.roam.every_s[1]),
        is_extra=True,
    )
    details: dict[str, object] = {"rule": rule, "cell": list(cell), "monsters": group.monsters}
    audit.record(actor, "spawn_group", f"group:{group.pk}", reason, details)
    _announce(instance, group.pk)
    return group


@transactional
def despawn_group(*, actor: AbstractBaseUser, group_id: int, reason: str) -> None:
    """Take a roaming group away (staff); it comes back by its rule, one that staff brought never."""
    group = MonsterGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None or group.state == State.COOLDOWN:
        raise NotFoundError
    if group.state != State.ROAMING:
        raise GroupBusyError
    details: dict[str, object] = {"instance": group.instance, "monsters": group.monsters}
    audit.record(actor, "despawn_group", f"group:{group_id}", reason, details)
    respawn_s = _rule(group.zone, group.rule).respawn_s[1] if not group.is_extra else 0
    group.state, group.path = State.COOLDOWN, []
    group.respawn_at = clock.utc_now() + timedelta(seconds=respawn_s)
    group.save(update_fields=["state", "path", "respawn_at"])
    _announce(group.instance, group_id)


def _is_at_home_in(place: CharacterPlace, zone: str) -> bool:
    return place.zone == zone and dungeon_selectors.is_in_own_run(place.character_id, place.instance)


def _rule(zone: str, rule_id: str) -> SpawnRule:
    for rule in ground.zone_of(zone).spawns:
        if rule.id == rule_id:
            return rule
    raise NotFoundError


def _announce(instance: str, group_id: int) -> None:
    transaction.on_commit(lambda: positions.announce_groups(instance, [group_id]), robust=True)
