"""Claiming monster groups: whoever comes first has them, and the others are told so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.transactions import transactional
from aether.protocol.base import Cell
from aether.protocol.combat_values import BoardView, Objective
from apps.world import ground, object_selectors, positions, selectors
from apps.world.definitions import Sides
from apps.world.errors import GroupBusyError, InBattleError, TooFarError
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.rules.battleground import ATTACKERS, PARTY_MAX, battleground
from apps.world.services import showing
from apps.world.services.coming import present
from apps.world.services.dungeons.terms import battle_terms
from apps.world.services.health import spare

CLAIM_REACH = 2

State = MonsterGroup.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The piece of a zone that a battle is fought on.

    `contact` is a cell of the board; `origin` is the cell of the zone at the board's (0, 0). `placement`
    is where the sides begin, if the map says so.
    """

    zone: str
    instance: str
    map_hash: str
    board: BoardView
    origin: Cell
    contact: Cell
    placement: Sides | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedGroup(Ground):
    """A group that belongs to whoever claimed it, until a battle ends or the transaction is undone.

    `allies` fight beside who attacks. The monsters have `hp_pct` of their life, no more than `team_max`
    players may come, and `bonus_pct` is how much more it is worth.
    """

    group_id: int
    monsters: tuple[tuple[str, int], ...]
    objectives: tuple[Objective, ...]
    bonus_pct: int
    allies: tuple[tuple[str, int], ...] = ()
    hp_pct: int = 100
    team_max: int = PARTY_MAX


@transactional
def claim_group(*, character_id: int, group_id: int) -> ClaimedGroup:
    """Take a roaming group next to the character for a battle, inside the caller's transaction."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    group = MonsterGroup.objects.filter(pk=group_id, instance=place.instance).first()
    if group is None or group.state == State.COOLDOWN:
        raise NotFoundError
    contact = selectors.group_cell(group)
    if not selectors.is_near(showing.stand_still(place), contact, CLAIM_REACH):
        raise TooFarError
    claimed = MonsterGroup.objects.filter(pk=group_id, state=State.ROAMING, monsters=group.monsters).update(
        state=State.ENGAGING,
        engaged_at=clock.utc_now(),
        engaged_by=character_id,
        prey=None,
        x=contact[0],
        y=contact[1],
        path=[],
    )
    if not claimed:
        raise GroupBusyError
    transaction.on_commit(lambda: positions.announce_groups(place.instance, [group_id]), robust=True)
    return _claimed(group, contact, character_id)


@transactional
def group_that_attacked(*, character_id: int, group_id: int) -> ClaimedGroup | None:
    """Return the group that has attacked a character, inside the caller's transaction.

    Where they cannot meet any more it roams on, and there is none.
    """
    place = CharacterPlace.objects.select_for_update().filter(pk=character_id, is_present=True).first()
    group = _attacking(character_id, group_id).select_for_update().first()
    if group is None:
        return None
    if place is None or place.battle is not None or place.instance != group.instance:
        let_go(character_id=character_id, group_id=group_id)
        return None
    showing.stand_still(place)
    return _claimed(group, group.cell, character_id)


@transactional
def let_go(*, character_id: int, group_id: int) -> None:
    """Let a group roam on that has attacked a character with whom no battle begins; it is spared a while."""
    group = _attacking(character_id, group_id).select_for_update().first()
    if group is None:
        return
    group.state, group.engaged_at, group.engaged_by = State.ROAMING, None, None
    group.save(update_fields=["state", "engaged_at", "engaged_by"])
    spare(character_id)
    transaction.on_commit(lambda: positions.announce_groups(group.instance, [group_id]), robust=True)


def _attacking(character_id: int, group_id: int) -> QuerySet[MonsterGroup]:
    return MonsterGroup.objects.filter(pk=group_id, state=State.ENGAGING, engaged_by=character_id)


def _claimed(group: MonsterGroup, contact: Cell, character_id: int) -> ClaimedGroup:
    terms = battle_terms(group, character_id)
    found = duel_board(instance=group.instance, cell=contact)
    return ClaimedGroup(
        zone=found.zone,
        instance=found.instance,
        map_hash=found.map_hash,
        board=found.board,
        origin=found.origin,
        contact=found.contact,
        placement=found.placement,
        group_id=group.pk,
        monsters=terms.monsters if terms else tuple((monster, level) for monster, level in group.monsters),
        objectives=terms.objectives if terms else _objectives(group),
        bonus_pct=group.bonus_pct,
        allies=terms.allies if terms else (),
        hp_pct=terms.hp_pct if terms else 100,
        team_max=terms.team_max if terms else PARTY_MAX,
    )


def battle_ground(place: selectors.Place) -> Ground:
    """Return the ground of a battle around a place."""
    return duel_board(instance=place.instance, cell=place.cell)


def duel_board(*, instance: str, cell: Cell) -> Ground:
    """Return the ground of a battle around a cell of a zone copy."""
    zone = ground.zone_of_instance(instance)
    drawn = ground.map_of(zone)
    found = battleground(drawn, cell, object_selectors.blocked_cells(zone, instance))
    return Ground(
        zone=zone,
        instance=instance,
        map_hash=drawn.hash,
        board=found.board,
        origin=found.origin,
        contact=found.contact,
        placement=found.placement,
    )


def _objectives(group: MonsterGroup) -> tuple[Objective, ...]:
    """Return what the group's spawn rule asks of the attackers; a group from before the rule may lack it."""
    rules = ground.zone_of(group.zone).spawns
    asked = next((rule.objective for rule in rules if rule.id == group.rule), None)
    if asked is None or (asked.ref and asked.ref not in {monster for monster, _ in group.monsters}):
        return ()
    return (Objective(team=ATTACKERS, goal=asked.goal, ref=asked.ref, rounds=asked.rounds),)
