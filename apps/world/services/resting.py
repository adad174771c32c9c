"""Getting well on purpose: sitting down, and what tonics give back."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.transactions import transactional
from aether.protocol.world import PlayerSeen
from apps.world.errors import InBattleError, NotHurtError
from apps.world.models import CharacterPlace, Vitality
from apps.world.rules.health import WHOLE, health_of, hit_points
from apps.world.services.coming import present
from apps.world.services.health import hp_max_of, keep, settled


@transactional
def rest(*, character_id: int) -> None:
    """Sit down: health comes back faster until the next step."""
    place = present(character_id)
    if place.battle is not None:
        return
    row = settled(place)
    row.is_resting = True
    keep(row, place)


@transactional
def end_rests(instance: str, here: Sequence[PlayerSeen]) -> None:
    """Let those stand up of a zone copy who have walked since they sat down."""
    steps = {seen.id: seen.started_at for seen in here}
    rows = Vitality.objects.filter(is_resting=True, character_id__in=list(steps)).order_by("character_id")
    risen = [row.pk for row in rows if steps[row.pk] > row.measured_at.timestamp()]
    places = CharacterPlace.objects.select_for_update(skip_locked=True).filter(
        pk__in=risen, instance=instance
    )
    for place in places.order_by("character_id"):
        row = settled(place)
        row.is_resting = False
        keep(row, place)


@transactional
def heal(character_id: int, amount: int) -> None:
    """Give hit points back out of battle; refuse who misses none."""
    place = present(character_id)
    if place.battle is not None:
        raise InBattleError
    row, hp_max = settled(place), hp_max_of(character_id)
    if row.health >= WHOLE or hp_max is None:
        raise NotHurtError
    row.health = health_of(hit_points(row.health, hp_max) + amount, hp_max)
    keep(row, place)
