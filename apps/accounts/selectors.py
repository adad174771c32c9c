"""What accounts tells: characters, profiles, who may speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.journal import StreamKind
from aether.protocol.accounts import Profile
from apps.accounts.errors import CharacterAwayError
from apps.accounts.models import FOREVER, Account, AddressSighting, Character, CharacterName, Transfer
from apps.accounts.rules.names import skeleton
from apps.accounts.rules.progress import STATS, level_of, progress_of, stat_points_earned

CHARACTERS_MAX = 5
"""How many characters an account has on one shard."""
SHARED_BY_MAX = 200
"""An address from which more accounts sign in is that of a network, not of people."""

_RECORDS = (
    f"SELECT id, account_id, name, class_id, xp_total, {', '.join(STATS)}"  # noqa: S608 - names from code
    " FROM accounts_character WHERE id = ANY(%s)"
)

_NAME_KEYS = "SELECT id, name_key FROM accounts_character WHERE id = ANY(%s)"

_XP_BY_CAUSE = """
    SELECT stream_id, cause, gained FROM (
        SELECT stream_id, payload ->> 'cause' AS cause,
            sum((payload ->> 'amount')::bigint * CASE payload ->> 'type' WHEN 'xp_revoked' THEN -1 ELSE 1 END)
                ::bigint AS gained
        FROM journal_lines WHERE kind = %s AND stream_id = ANY(%s)
            AND payload ->> 'type' IN ('xp_gained', 'xp_revoked', 'xp_restored')
            AND payload ->> 'cause' = ANY(%s)
        GROUP BY 1, 2
    ) AS found WHERE gained > 0
"""


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
    return _here(Character.objects.filter(pk=character_id, account_id=account_id))


def character_here(character_id: int) -> CharacterRecord:
    """Return a character that lives on this shard; refuse where there is none, or none any more."""
    return _here(Character.objects.filter(pk=character_id))


def _here(characters: QuerySet[Character]) -> CharacterRecord:
    row = characters.first()
    if row is None:
        raise NotFoundError
    if row.gone_to:
        raise CharacterAwayError(shard=row.gone_to)
    return record_of(row)


def is_of_account(account_id: int, character_id: int) -> bool:
    """Tell if a character belongs to an account, also one that has left for another shard."""
    return Character.objects.filter(pk=character_id, account_id=account_id).exists()


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


def accounts_of(character_ids: Iterable[int]) -> dict[int, int]:
    """Return whose the characters are, of those that there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_id FROM accounts_character WHERE id = ANY(%s)", [list(character_ids)]
        )
        return dict(cursor.fetchall())


def sharing_addresses(account_ids: Collection[int], since: datetime) -> list[frozenset[int]]:
    """Return which of some accounts have signed in from the same address since, a set for each address.

    An address that very many share tells nothing about any of them, and is passed over.
    """
    own = AddressSighting.objects.filter(account_id__in=account_ids, seen_at__gte=since)
    seen = AddressSighting.objects.filter(address_key__in=own.values("address_key"), seen_at__gte=since)
    by_address: dict[str, set[int]] = {}
    for key, account_id in seen.values_list("address_key", "account_id"):
        by_address.setdefault(key, set()).add(account_id)
    few = (who.intersection(account_ids) for who in by_address.values() if len(who) <= SHARED_BY_MAX)
    return sorted({frozenset(who) for who in few if len(who) > 1}, key=sorted)


def xp_by_cause(character_ids: Iterable[int], causes: Iterable[str]) -> dict[tuple[int, str], int]:
    """Return the experience that characters have from some causes, without what was revoked of it."""
    with connection.cursor() as cursor:
        cursor.execute(_XP_BY_CAUSE, [StreamKind.CHARACTER, list(character_ids), list(causes)])
        return {(character_id, cause): amount for character_id, cause, amount in cursor}


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
    """Return the characters that an account can play here, oldest first."""
    return [record_of(row) for row in Character.objects.filter(account_id=account_id, gone_to="")]


def character_named(name: str) -> CharacterRecord:
    """Return the character here that bears a name, or one that looks the same."""
    row = Character.objects.filter(name_key=skeleton(name), gone_to="").first()
    if row is None:
        raise NotFoundError
    return record_of(row)


def whereabouts(name: str) -> tuple[str, str] | None:
    """Return the shard on which somebody of the realm bears a name, and the name as it is written."""
    found = CharacterName.objects.filter(name_key=skeleton(name))
    return found.values_list("shard", "name").first()


def called(beginning: str, *, most: int = 100) -> list[int]:
    """Return the characters whose names begin so, whatever the case."""
    found = Character.objects.filter(name__istartswith=beginning).order_by("name")
    return list(found.values_list("pk", flat=True)[:most])


def profile(character_id: int) -> Profile:
    """Return who a character is and how far it has come; one that has left is nobody here."""
    row = _row(character_id)
    if row.gone_to:
        raise CharacterAwayError(shard=row.gone_to)
    return profile_of(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A character with what decides if it is heard: until when its account has no voice, if it has none."""

    name: str
    account_id: int
    silent_until: datetime | None

    @property
    def may_speak(self) -> bool:
        return self.silent_until is None

    @property
    def speaks_from(self) -> float | None:
        """When it may speak again, in seconds of the server; None where it may now, or never will."""
        if self.silent_until is None or self.silent_until >= FOREVER:
            return None
        return self.silent_until.timestamp()


def speakers(character_ids: Collection[int]) -> dict[int, Speaker]:
    """Return the names of characters, and whether their accounts have their voice."""
    now = clock.utc_now()
    rows = list(Character.objects.filter(pk__in=character_ids).values_list("pk", "name", "account_id"))
    silenced = (
        Account.objects.filter(Q(muted_until__gt=now) | Q(banned_until__gt=now))
        .filter(pk__in={account_id for *_, account_id in rows})
        .values_list("pk", "muted_until", "banned_until")
    )
    until = {pk: max(end for end in ends if end is not None) for pk, *ends in silenced}
    return {
        who: Speaker(name=name, account_id=account_id, silent_until=until.get(account_id))
        for who, name, account_id in rows
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRecord:
    """A transfer as its player sees it."""

    id: UUID
    name: str
    source: str
    target: str
    state: str
    fee: int
    why: list[dict[str, str]]
    requested_at: datetime
    changed_at: datetime

    @property
    def may_be_called_back(self) -> bool:
        return self.state in Transfer.MAY_BE_CALLED_BACK


_TOLD = [each.name for each in fields(TransferRecord)]


def transfers_of(account_id: int, *, most: int = 20) -> list[TransferRecord]:
    """Return an account's transfers, the latest first."""
    found = Transfer.objects.filter(account_id=account_id).values(*_TOLD)
    return [TransferRecord(**row) for row in found[:most]]


def transfer_of(account_id: int, transfer_id: UUID) -> TransferRecord:
    """Return a transfer of an account; refuse where there is none."""
    found = Transfer.objects.filter(pk=transfer_id, account_id=account_id).values(*_TOLD).first()
    if found is None:
        raise NotFoundError
    return TransferRecord(**found)


def shards_of(account_id: int) -> dict[str, int]:
    """Return how many characters an account has on each shard."""
    rows = CharacterName.objects.filter(account_id=account_id).values_list("shard")
    return dict(rows.annotate(Count("pk")).order_by("shard"))


def name_key(name: str) -> str:
    """Return what tells a name from all others of the realm."""
    return skeleton(name)


def name_keys(character_ids: Iterable[int]) -> dict[int, str]:
    """Return the keys of the names of characters."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_KEYS, [list(character_ids)])
        return dict(cursor.fetchall())


def names_of_keys(keys: Iterable[str]) -> dict[str, str]:
    """Return names of the realm as they are written, by their keys."""
    found = CharacterName.objects.filter(name_key__in=list(keys))
    return dict(found.values_list("name_key", "name"))


def borne_here(keys: Iterable[str]) -> dict[str, int]:
    """Return who of this shard bears names, by their keys."""
    found = Character.objects.filter(name_key__in=list(keys), gone_to="")
    return dict(found.values_list("name_key", "pk"))
