"""How characters grow: experience is a stream of entries, the total on the row is its sum."""

from __future__ import annotations

import msgspec
from django.db import transaction

from aether.kernel import facts, journal, realtime
from aether.kernel.facts.types import BattleEnded, LevelReached
from aether.kernel.journal import StreamKind
from aether.protocol.accounts import Profile, ProfileChanged
from apps.accounts.errors import NotEnoughPointsError, NothingToAllocateError
from apps.accounts.models import Character
from apps.accounts.rules.progress import XP_TOTAL_MAX, level_of
from apps.accounts.selectors import profile_of


class XpGained(msgspec.Struct, frozen=True, kw_only=True, tag="xp_gained"):
    """`cause` says where it comes from, as in `battle:77` or `quest:mq1`."""

    amount: int
    cause: str


class StatsAllocated(msgspec.Struct, frozen=True, kw_only=True, tag="stats_allocated"):
    points: dict[str, int]


@transaction.atomic
def grant_xp(*, character_id: int, amount: int, cause: str) -> Profile:
    """Give experience. The caller makes sure to ask once per cause. Past the last level none is kept."""
    character = _locked(character_id)
    before = level_of(character.xp_total)
    gained = min(amount, XP_TOTAL_MAX - character.xp_total)
    if gained <= 0:
        return profile_of(character)
    journal.record(StreamKind.CHARACTER, character_id, XpGained(amount=gained, cause=cause))
    character.xp_total += gained
    character.save(update_fields=["xp_total"])
    profile = profile_of(character)
    for level in range(before + 1, profile.level + 1):
        facts.publish(LevelReached(character=character_id, level=level))
    update = ProfileChanged(profile=profile, gained_xp=gained, gained_levels=profile.level - before)
    realtime.tell_character(character_id, update)
    return profile


@transaction.atomic
def reward_participants(*, battle: BattleEnded) -> None:
    """Give each participant the experience that the battle earned it."""
    if not battle.is_rewarded:
        return
    for part in sorted(battle.participants, key=lambda part: part.character):
        if part.xp > 0:
            grant_xp(character_id=part.character, amount=part.xp, cause=f"battle:{battle.battle}")


@transaction.atomic
def allocate(*, character_id: int, points: dict[str, int]) -> Profile:
    """Spend stat points: `points` says how many more each stat gets."""
    wanted = {stat: count for stat, count in points.items() if count}
    if not wanted:
        raise NothingToAllocateError
    character = _locked(character_id)
    left = profile_of(character).stat_points
    if sum(wanted.values()) > left:
        raise NotEnoughPointsError(left=left)
    journal.record(StreamKind.CHARACTER, character_id, StatsAllocated(points=wanted), actor_id=character_id)
    for stat, count in wanted.items():
        setattr(character, stat, getattr(character, stat) + count)
    character.save(update_fields=list(wanted))
    profile = profile_of(character)
    realtime.tell_character(character_id, ProfileChanged(profile=profile))
    return profile


def _locked(character_id: int) -> Character:
    return Character.objects.select_for_update().get(pk=character_id)
