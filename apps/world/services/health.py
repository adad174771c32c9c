"""Hit points out of battle: what a battle leaves, what time and tonics give back.

Nothing ticks: a row says what was left when, and how fast it grows. Whoever changes how fast settles it
first. Locks: the place of a character comes before its health.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from aether.kernel import clock, content, realtime, stored
from aether.kernel.transactions import transactional
from aether.protocol.life import Health, HealthChanged
from apps.world import dungeon_ground, sky
from apps.world.definitions import ZoneDef
from apps.world.models import CharacterPlace, Vitality
from apps.world.rules.health import WHOLE, health_after, hit_points, seconds_to_whole

Constitution = Callable[[Iterable[int]], Mapping[int, int]]
"""Returns the hit points of whole characters, which those further up know."""

_constitutions: list[Constitution] = []


def register_constitution(constitution: Constitution) -> None:
    """Have somebody further up say how many hit points characters have."""
    if constitution not in _constitutions:
        _constitutions.append(constitution)


def health_now(character_ids: Iterable[int]) -> dict[int, int]:
    """Return the health of characters, in parts of ten thousand."""
    wanted = list(character_ids)
    rows = Vitality.objects.filter(character_id__in=wanted)
    return dict.fromkeys(wanted, WHOLE) | {row.character_id: _now(row) for row in rows}


def hit_points_now(hp_max: Mapping[int, int]) -> dict[int, int]:
    """Return the hit points that characters have now, of so many."""
    health = health_now(hp_max)
    return {who: hit_points(health[who], most) for who, most in hp_max.items()}


def health_shown(character_id: int) -> Health | None:
    """Return the hit points of a character as it is told; nothing where nobody knows them."""
    row = stored.first(Vitality, "WHERE character_id = %s", [character_id])
    return _shown(row or Vitality(character_id=character_id))


def leave_with(place: CharacterPlace, health: int | None) -> None:
    """Let a battle leave a character with its health, and spared for a moment. Call while it is locked."""
    row = settled(place)
    if health is not None:
        row.health = health
    row.is_resting = False
    row.spared_until = _end_of_grace()
    keep(row, place)


@transactional
def arrive(place: CharacterPlace) -> None:
    """Let a character that comes somewhere regain what it does there. Call while its place is locked."""
    row = settled(place)
    row.is_resting = False
    row.spared_until = _end_of_grace()
    keep(row, place)


def spare(character_id: int) -> None:
    """Let monsters leave a character alone for a moment."""
    Vitality.objects.filter(pk=character_id).update(spared_until=_end_of_grace())


def spared(character_ids: Iterable[int]) -> set[int]:
    """Return whom monsters leave alone for now: who has just come, or from a battle."""
    rows = Vitality.objects.filter(character_id__in=list(character_ids), spared_until__gt=clock.utc_now())
    return set(rows.values_list("character_id", flat=True))


def settled(place: CharacterPlace) -> Vitality:
    """Return the locked health of a character as it is now. Call while its place is locked."""
    kept = stored.first(Vitality, "WHERE character_id = %s FOR UPDATE", [place.character_id])
    row = kept or Vitality(character_id=place.character_id)
    row.health, row.measured_at = _now(row), clock.utc_now()
    return row


def keep(row: Vitality, place: CharacterPlace) -> None:
    """Write down a health that was settled, and tell; from now on it grows as it does at this place.

    Nothing hunts in a dungeon: between its battles one recovers as in town.
    """
    regained = sky.life().regeneration
    zone = content.current().all(ZoneDef).get(place.zone)
    is_quiet = (zone is not None and zone.is_safe) or dungeon_ground.dungeon_in(place.zone) is not None
    pct = regained.safe_pct if is_quiet else regained.wild_pct
    row.pace = pct * WHOLE // 100 * (regained.resting_times if row.is_resting else 1)
    stored.keep(row)
    if place.is_present and (shown := _shown(row)) is not None:
        realtime.tell_character(row.character_id, HealthChanged(health=shown))


def hp_max_of(character_id: int) -> int | None:
    """Return the hit points of a whole character; nothing where nobody knows them."""
    for constitution in _constitutions:
        found = constitution([character_id]).get(character_id)
        if found is not None:
            return found
    return None


def _end_of_grace() -> datetime:
    return clock.utc_now() + timedelta(seconds=sky.life().hunting.grace_s)


def _now(row: Vitality) -> int:
    passed = (clock.utc_now() - row.measured_at).total_seconds()
    return health_after(row.health, row.pace, passed)


def _shown(row: Vitality) -> Health | None:
    hp_max = hp_max_of(row.character_id)
    if hp_max is None:
        return None
    now, health = clock.now(), _now(row)
    left_s = seconds_to_whole(health, row.pace)
    return Health(
        hp=hit_points(health, hp_max),
        hp_max=hp_max,
        at=now,
        full_at=None if left_s is None else now + left_s,
        is_resting=row.is_resting,
    )
