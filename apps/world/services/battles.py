"""What battles mean for the world: who fights stands still, and what comes after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random, SystemRandom

from django.db import transaction

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import BattleEnded
from apps.world import ground, positions
from apps.world.errors import InBattleError
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.services import showing
from apps.world.services.coming import go_home

RESPAWN_S = (30, 60)
"""For a group whose spawn rule the content has no more."""

State = MonsterGroup.State


@transaction.atomic
def set_in_battle(*, character_ids: Iterable[int], battle_id: int) -> None:
    """Let characters, and the group that one of them has claimed, be in a battle. One battle at a time."""
    fighters = sorted(set(character_ids))
    places = _locked(fighters)
    for place in places:
        if place.battle not in (None, battle_id):
            raise InBattleError
        showing.stand_still(place)
        place.battle, place.kept_at = battle_id, clock.utc_now()
        place.save(update_fields=["x", "y", "battle", "kept_at"])
    showing.show(*[place for place in places if place.is_present])
    groups = MonsterGroup.objects.filter(engaged_by__in=fighters, state=State.ENGAGING)
    for group in groups.select_for_update().order_by("pk"):
        group.state, group.battle, group.engaged_by = State.IN_BATTLE, battle_id, None
        group.save(update_fields=["state", "battle", "engaged_by"])
        _announce(group)


@transaction.atomic
def end_battle(ended: BattleEnded, *, rng: Random | None = None) -> None:
    """Free everybody who was in a battle: the defeated wake up at home, a beaten group comes back later."""
    outcomes = {participant.character: participant.outcome for participant in ended.participants}
    staying = []
    for place in _locked(outcomes):
        if place.battle != ended.battle:
            continue
        place.battle = None
        if ended.mode == "pve" and outcomes[place.character_id] == "lost":
            go_home(place)
        else:
            staying.append(place)
    CharacterPlace.objects.filter(pk__in=[place.pk for place in staying]).update(battle=None)
    showing.show(*[place for place in staying if place.is_present])
    if ended.mode == "duel":
        return
    group = MonsterGroup.objects.select_for_update().filter(battle=ended.battle).first()
    if group is not None:
        _free(group, is_beaten="won" in outcomes.values(), rng=rng or SystemRandom())


def _locked(character_ids: Iterable[int]) -> list[CharacterPlace]:
    rows = CharacterPlace.objects.select_for_update().filter(character_id__in=list(character_ids))
    return list(rows.order_by("character_id"))


def _free(group: MonsterGroup, *, is_beaten: bool, rng: Random) -> None:
    now = clock.utc_now()
    group.battle, group.engaged_at = None, None
    if is_beaten:
        group.state = State.COOLDOWN
        group.respawn_at = now + timedelta(seconds=rng.uniform(*_respawn_s(group)))
    else:
        group.state, group.roams_at = State.ROAMING, now
    group.save(update_fields=["battle", "engaged_at", "state", "respawn_at", "roams_at"])
    _announce(group)


def _respawn_s(group: MonsterGroup) -> tuple[int, int]:
    try:
        rules = ground.zone_of(group.zone).spawns
    except NotFoundError:
        rules = ()
    return next((rule.respawn_s for rule in rules if rule.id == group.rule), RESPAWN_S)


def _announce(group: MonsterGroup) -> None:
    transaction.on_commit(lambda: positions.announce_groups(group.instance, [group.pk]), robust=True)
