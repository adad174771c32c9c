"""How characters grow: experience is a stream of entries, the total on the row is its sum."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db import connection, transaction

from aether.kernel import facts, journal, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.facts import types as fact
from aether.kernel.facts.types import BattleEnded, LevelReached
from aether.kernel.journal import StreamKind
from aether.protocol.accounts import Profile, ProfileChanged
from apps.accounts.errors import NotEnoughPointsError, NothingSpentError, NothingToAllocateError
from apps.accounts.models import Character
from apps.accounts.rules.progress import XP_TOTAL_MAX, level_of
from apps.accounts.selectors import profile_of

_KEEP_TOTALS = """
    UPDATE accounts_character SET xp_total = given.xp_total
    FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, xp_total) WHERE accounts_character.id = given.id
"""


class XpGained(msgspec.Struct, frozen=True, kw_only=True, tag="xp_gained"):
    """`cause` says where it comes from, as in `battle:77` or `quest:mq1`."""

    amount: int
    cause: str


class StatsAllocated(msgspec.Struct, frozen=True, kw_only=True, tag="stats_allocated"):
    points: dict[str, int]


class StatsReset(msgspec.Struct, frozen=True, kw_only=True, tag="stats_reset"):
    points: dict[str, int]


@transaction.atomic(savepoint=False)
def grant_xp(*, character_id: int, amount: int, cause: str) -> Profile:
    """Give experience. The caller makes sure to ask once per cause. Past the last level none is kept."""
    return _grant({character_id: amount}, cause)[0]


@transaction.atomic(savepoint=False)
def reward_participants(*, battle: BattleEnded) -> None:
    """Give each participant the experience that the battle earned it."""
    cause = f"battle:{battle.battle}"
    earned = {part.character: part.xp for part in battle.participants if part.xp > 0}
    if battle.is_again:
        _lock(earned)
        earned = {who: xp for who, xp in earned.items() if not _has_gained(who, cause)}
    if battle.is_rewarded and earned:
        _grant(earned, cause)


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
    facts.publish(fact.StatsAllocated(character=character_id))
    profile = profile_of(character)
    realtime.tell_character(character_id, ProfileChanged(profile=profile))
    return profile


@transaction.atomic(savepoint=False)
def reset_stats(*, character_id: int) -> Profile:
    """Give every stat point back, to be spent anew; refused where none is spent."""
    character = _locked(character_id)
    spent = {stat: count for stat, count in character.stats.items() if count}
    if not spent:
        raise NothingSpentError
    journal.record(StreamKind.CHARACTER, character_id, StatsReset(points=spent), actor_id=character_id)
    for stat in spent:
        setattr(character, stat, 0)
    character.save(update_fields=list(spent))
    facts.publish(fact.StatsAllocated(character=character_id))
    profile = profile_of(character)
    realtime.tell_character(character_id, ProfileChanged(profile=profile))
    return profile


def _grant(amounts: dict[int, int], cause: str) -> list[Profile]:
    """Give experience to some characters, in ascending order; return their profiles in that order."""
    characters = list(Character.objects.select_for_update().filter(pk__in=amounts).order_by("pk"))
    if len(characters) < len(amounts):
        raise NotFoundError
    before = {character.pk: character.xp_total for character in characters}
    for character in characters:
        character.xp_total = min(character.xp_total + amounts[character.pk], XP_TOTAL_MAX)
    changed = [each for each in characters if each.xp_total > before[each.pk]]
    if changed:
        with connection.cursor() as cursor:
            columns = [[each.pk for each in changed], [each.xp_total for each in changed]]
            cursor.execute(_KEEP_TOTALS, columns)
    for character in changed:
        _tell_gain(character, before[character.pk], cause)
    return [profile_of(character) for character in characters]


def _tell_gain(character: Character, before: int, cause: str) -> None:
    """Journal what a character has gained, and tell it to everybody whom it concerns."""
    gained, level = character.xp_total - before, level_of(before)
    journal.record(StreamKind.CHARACTER, character.pk, XpGained(amount=gained, cause=cause))
    profile = profile_of(character)
    reached = range(level + 1, profile.level + 1)
    facts.publish_all(LevelReached(character=character.pk, level=each) for each in reached)
    update = ProfileChanged(profile=profile, gained_xp=gained, gained_levels=profile.level - level)
    realtime.tell_character(character.pk, update)


def _lock(character_ids: Iterable[int]) -> None:
    list(Character.objects.select_for_update().filter(pk__in=list(character_ids)).order_by("pk"))


def _has_gained(character_id: int, cause: str) -> bool:
    return journal.mentions(StreamKind.CHARACTER, character_id, f'"cause":"{cause}"')


def _locked(character_id: int) -> Character:
    return Character.objects.select_for_update().get(pk=character_id)
