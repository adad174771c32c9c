"""What battles mean for the world: who fights stands still, and what comes after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random, SystemRandom

from django.db import connection, transaction

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import BattleEnded
from aether.kernel.transactions import transactional
from apps.economy import services as economy
from apps.world import ground, positions
from apps.world.errors import InBattleError
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.services import health, showing
from apps.world.services.coming import go_out, is_astray, wake
from apps.world.services.dungeons.rooms import note_beaten

RESPAWN_S = (30, 60)
"""For a group whose spawn rule the content has no more."""
NOTHING_LEFT = 0
"""What the defeated wake up with: the one hit point that everybody has."""

State = MonsterGroup.State

_LOCK = "SELECT * FROM world_characterplace WHERE character_id = ANY(%s) ORDER BY character_id FOR UPDATE"

_HOLD = """
UPDATE world_characterplace AS place SET x = held.x, y = held.y, battle = %s, kept_at = %s
FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[]) AS held (character_id, x, y)
WHERE place.character_id = held.character_id
"""

_RELEASE = "UPDATE world_characterplace SET battle = NULL WHERE character_id = ANY(%s)"

_JOIN = """
UPDATE world_monstergroup SET state = 'in_battle', battle = %s, engaged_by = NULL WHERE id IN (
    SELECT id FROM world_monstergroup WHERE engaged_by = ANY(%s) AND state = 'engaging'
    ORDER BY id FOR UPDATE
) RETURNING id, instance
"""


@transactional
def set_in_battle(*, character_ids: Iterable[int], battle_id: int) -> None:
    """Let characters, and the group that one of them has claimed, be in a battle. One battle at a time."""
    fighters = sorted(set(character_ids))
    places, known = _locked(fighters), positions.find_all(fighters)
    for place in places:
        if place.battle not in (None, battle_id):
            raise InBattleError
        showing.stand_at(place, known.get(place.character_id))
        place.battle = battle_id
    held = [[place.character_id for place in places], [place.x for place in places]]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [battle_id, clock.utc_now(), *held, [place.y for place in places]])
        cursor.execute(_JOIN, [battle_id, fighters])
        joined = cursor.fetchall()
    showing.show(*[place for place in places if place.is_present], known=known)
    for group_id, instance in joined:
        _announce(instance, group_id)


@transactional
def end_battle(ended: BattleEnded, *, rng: Random | None = None) -> None:
    """Free everybody who was in a battle: the defeated wake up elsewhere, a beaten group comes back later."""
    outcomes = {participant.character: participant.outcome for participant in ended.participants}
    freed = [place for place in _locked(outcomes) if place.battle == ended.battle]
    left = {participant.character: participant.health for participant in ended.participants}
    staying = []
    # Zones are locked by name: who goes home to the same one goes together.
    for place in sorted(freed, key=lambda place: place.bind_zone):
        place.battle = None
        if ended.mode == "pve" and outcomes[place.character_id] == "lost":
            wake(place)
        elif is_astray(place):
            go_out(place)
        else:
            staying.append(place)
        if ended.mode == "pve":
            health.leave_with(
                place, NOTHING_LEFT if outcomes[place.character_id] == "lost" else left[place.character_id]
            )
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [[place.character_id for place in staying]])
    present = [place for place in staying if place.is_present]
    showing.show(*present, known=positions.find_all(place.character_id for place in present))
    if ended.mode != "pve":
        return
    group = MonsterGroup.objects.select_for_update().filter(battle=ended.battle).first()
    if group is not None:
        is_beaten = "won" in outcomes.values()
        _free(group, is_beaten=is_beaten, rng=rng or SystemRandom())
        if is_beaten:
            note_beaten(group)


def takes_toll(ended: BattleEnded) -> bool:
    """Tell if a battle was lost to monsters where a defeat costs something. Faults cost nobody anything."""
    return ended.mode == "pve" and ended.is_rewarded and _toll_pct(ended.zone) > 0 and bool(_defeated(ended))


def take_toll(ended: BattleEnded) -> None:
    """Have the defeated pay what the zone takes."""
    economy.take_toll(character_ids=_defeated(ended), glim_pct=_toll_pct(ended.zone), battle_id=ended.battle)


def _defeated(ended: BattleEnded) -> list[int]:
    return [each.character for each in ended.participants if each.outcome == "lost"]


def _toll_pct(zone: str) -> int:
    try:
        rule = ground.zone_of(zone).hardcore
    except NotFoundError:
        return 0
    return rule.glim_pct if rule is not None else 0


def _locked(character_ids: Iterable[int]) -> list[CharacterPlace]:
    return list(CharacterPlace.objects.raw(_LOCK, [list(character_ids)]))


def _free(group: MonsterGroup, *, is_beaten: bool, rng: Random) -> None:
    now = clock.utc_now()
    group.battle, group.engaged_at = None, None
    group.bonus_pct, group.bonus_at = 0, None
    if is_beaten:
        group.state = State.COOLDOWN
        group.respawn_at = now + timedelta(seconds=rng.uniform(*_respawn_s(group)))
    else:
        group.state, group.roams_at = State.ROAMING, now
    group.save(
        update_fields=[
            "battle",
            "engaged_at",
            "state",
            "respawn_at",
            "roams_at",
            "bonus_pct",
            "bonus_at",
        ]
    )
    _announce(group.instance, group.pk)


def _respawn_s(group: MonsterGroup) -> tuple[int, int]:
    try:
        rules = ground.zone_of(group.zone).spawns
    except NotFoundError:
        rules = ()
    return next((rule.respawn_s for rule in rules if rule.id == group.rule), RESPAWN_S)


def _announce(instance: str, group_id: int) -> None:
    transaction.on_commit(lambda: positions.announce_groups(instance, [group_id]), robust=True)
