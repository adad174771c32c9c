"""What accounts tells: characters, profiles, who may speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.db import connection

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from aether.protocol.accounts import Profile
from apps.accounts.models import Account, Character
from apps.accounts.rules.names import skeleton
from apps.accounts.rules.progress import STATS, level_of, progress_of, stat_points_earned

_RECORDS = (
    f"SELECT id, account_id, name, class_id, xp_total, {', '.join(STATS)}"  # noqa: S608 - names from code
    " FROM accounts_character WHERE id = ANY(%s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterRecord:
    """A character as other apps see it. `stats` are the allocated points."""

    id: int
    account_id: int
    name: str
    class_id: str
    level: int
    xp_total: int
    stats: dict[str, int]


@dataclass(frozen=True, slots=True)
class LevelLoss:
    """What a character's level would become; `is_reset` tells if all of its points would be free again."""

    character_id: int
    before: int
    after: int
    is_reset: bool


def character(character_id: int) -> CharacterRecord:
    """Return a character; refuse where there is none."""
    found = characters([character_id]).get(character_id)
    if found is None:
        raise NotFoundError
    return found


def character_of_account(account_id: int, character_id: int) -> CharacterRecord:
    """Return a character that belongs to an account; that of another is as if it did not exist."""
    row = Character.objects.filter(pk=character_id, account_id=account_id).first()
    if row is None:
        raise NotFoundError
    return record_of(row)


def characters(character_ids: Iterable[int]) -> dict[int, CharacterRecord]:
    """Return the characters that there are, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [list(character_ids)])
        return {
            pk: CharacterRecord(
                id=pk,
                account_id=account_id,
                name=name,
                class_id=class_id,
                level=level_of(xp_total),
                xp_total=xp_total,
                stats=dict(zip(STATS, points, strict=True)),
            )
            for pk, account_id, name, class_id, xp_total, *points in cursor
        }


def xp_by_cause(character_ids: Iterable[int], causes: Iterable[str]) -> dict[tuple[int, str], int]:
    """Return the experience that characters have from some causes, without what was revoked of it."""
    rows = JournalLine.objects.filter(
        kind=StreamKind.CHARACTER,
        stream_id__in=list(character_ids),
        payload__type__in=["xp_gained", "xp_revoked", "xp_restored"],
        payload__cause__in=list(causes),
    ).values_list("stream_id", "payload")
    total: dict[tuple[int, str], int] = {}
    for character_id, payload in rows:
        key = character_id, payload["cause"]
        sign = -1 if payload["type"] == "xp_revoked" else 1
        total[key] = total.get(key, 0) + sign * payload["amount"]
    return {key: amount for key, amount in total.items() if amount > 0}


def levels_without(amounts: Mapping[int, int]) -> list[LevelLoss]:
    """Return what characters would be with less experience, those that would lose a level or points."""
    found = []
    for each in sorted(characters(amounts).values(), key=attrgetter("id")):
        level = level_of(max(0, each.xp_total - amounts[each.id]))
        is_reset = sum(each.stats.values()) > stat_points_earned(level)
        if level < each.level or is_reset:
            found.append(LevelLoss(each.id, each.level, level, is_reset))
    return found


def characters_of(account_id: int) -> list[CharacterRecord]:
    """Return an account's characters, oldest first."""
    return [record_of(row) for row in Character.objects.filter(account_id=account_id)]


def character_named(name: str) -> CharacterRecord:
    """Return the character that bears a name, or one that looks the same."""
    row = Character.objects.filter(name_key=skeleton(name)).first()
    if row is None:
        raise NotFoundError
    return record_of(row)


def called(beginning: str, *, most: int = 100) -> list[int]:
    """Return the characters whose names begin so, whatever the case."""
    found = Character.objects.filter(name__istartswith=beginning).order_by("name")
    return list(found.values_list("pk", flat=True)[:most])


def profile(character_id: int) -> Profile:
    """Return who a character is and how far it has come."""
    return profile_of(_row(character_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A character with what decides if it is heard."""

    name: str
    may_speak: bool


def speakers(character_ids: Collection[int]) -> dict[int, Speaker]:
    """Return the names of characters, and whether their accounts have their voice."""
    now = clock.utc_now()
    rows = Character.objects.filter(pk__in=character_ids).values_list(
        "pk", "name", "account__muted_until", "account__banned_until"
    )
    return {
        who: Speaker(name=name, may_speak=not any(end is not None and end > now for end in ends))
        for who, name, *ends in rows
    }


def is_muted(account_id: int) -> bool:
    """Return whether an account may not speak now."""
    return Account.objects.filter(pk=account_id, muted_until__gt=clock.utc_now()).exists()


def is_banned(account_id: int) -> bool:
    """Return whether an account may not play now."""
    return Account.objects.filter(pk=account_id, banned_until__gt=clock.utc_now()).exists()


def language_of(account_id: int) -> str:
    """Return the language that an account reads."""
    return Account.objects.values_list("language", flat=True).get(pk=account_id)


def record_of(row: Character) -> CharacterRecord:
    return CharacterRecord(
        id=row.pk,
        account_id=row.account_id,
        name=row.name,
        class_id=row.class_id,
        level=level_of(row.xp_total),
        xp_total=row.xp_total,
        stats=row.stats,
    )


def profile_of(row: Character) -> Profile:
    progress = progress_of(row.xp_total)
    return Profile(
        character=row.pk,
        name=row.name,
        class_id=row.class_id,
        level=progress.level,
        xp=progress.xp,
        xp_next=progress.xp_next,
        stat_points=stat_points_earned(progress.level) - sum(row.stats.values()),
        stats=row.stats,
    )


def _row(character_id: int) -> Character:
    row = Character.objects.filter(pk=character_id).first()
    if row is None:
        raise NotFoundError
    return row
