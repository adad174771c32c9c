"""What combat tells: who is in which battle."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.protocol.battles import PastBattle, PastBattles
from aether.protocol.combat import CurrentBattle, JoinOffer, Spectating
from aether.protocol.spectating import FighterSeen, LiveBattles, WatchedBattle
from aether.protocol.spectating import LiveBattle as BattleToWatch
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.combat import spectators
from apps.combat.errors import AlreadyInBattleError, BattleOverError
from apps.combat.models import BattleParticipant, BattleRecord
from apps.combat.rulebooks import why_not_replayable
from apps.combat.running import stream_name
from apps.combat.spectators import Watching
from apps.world import selectors as places

_OUTCOMES: dict[str, Literal["won", "lost", "drawn"]] = {"won": "won", "lost": "lost", "drawn": "drawn"}

BATTLE_ID_MAX = 2**53 - 1
_FIGHTING = "SELECT character_id FROM combat_battleparticipant WHERE is_live AND character_id = ANY(%s)"
_LATEST = "SELECT max(battle_id) FROM combat_battleparticipant WHERE character_id = %s"
_MET_AFTER = """
    SELECT FROM combat_battleparticipant AS one JOIN combat_battleparticipant AS other USING (battle_id)
    WHERE one.character_id = %s AND one.battle_id > %s AND other.character_id = %s LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBattle:
    """A battle that is going on, as an overview shows it."""

    id: int
    title: str
    zone: str
    round: int
    begun_at: datetime
    character_ids: tuple[int, ...]


def current_battle(character_id: int) -> CurrentBattle:
    """Return the battle that a character is in now, if any; else those that it may join."""
    battle_id = current_battle_id(character_id)
    if battle_id is None:
        return CurrentBattle(battle=None, stream=None, offers=tuple(_offers_to(character_id)))
    count = spectators.counts([battle_id])[battle_id]
    return CurrentBattle(battle=battle_id, stream=stream_name(battle_id), spectators=count)


def current_battle_id(character_id: int) -> int | None:
    return (
        BattleParticipant.objects.filter(character_id=character_id, is_live=True)
        .values_list("battle_id", flat=True)
        .first()
    )


def latest_battle_id(character_id: int) -> int:
    """Return the last battle that a character came into; 0 if there was none."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [character_id])
        return int(cursor.fetchone()[0] or 0)


def have_met_after(battle_id: int, one: int, other: int) -> bool:
    """Return whether two characters have come into a battle together since another one."""
    with connection.cursor() as cursor:
        cursor.execute(_MET_AFTER, [one, battle_id, other])
        return cursor.fetchone() is not None


def watched_battle(character_id: int) -> WatchedBattle | None:
    """Return the battle that a character watches, if any."""
    watching = spectators.watching_now(character_id)
    if watching is None:
        return None
    return WatchedBattle(
        battle=watching.battle,
        stream=stream_name(watching.battle),
        is_delayed=watching.is_delayed,
        spectators=spectators.counts([watching.battle])[watching.battle],
    )


def watchable(character_id: int, battle_id: int) -> Watching:
    """Return how a character may watch a battle; refuse as if it did not exist where it may not."""
    if current_battle_id(character_id) is not None:
        raise AlreadyInBattleError
    record = _to_be_watched_by(character_id).filter(pk=battle_id).first()
    if record is None or not _shown_to(character_id, [record]):
        raise NotFoundError
    if record.status != BattleRecord.Status.LIVE:
        raise BattleOverError
    return Watching(record.pk, record.spectating == BattleRecord.Spectating.DELAYED)


def battles_to_watch(character_id: int, *, most: int) -> LiveBattles:
    """Return the battles in a character's zone that it may watch, the latest first."""
    live = _to_be_watched_by(character_id).filter(status=BattleRecord.Status.LIVE)
    shown = _shown_to(character_id, live.order_by("-id")[:most])
    parts = [part for record in shown for part in record.participants.all()]
    known = accounts.characters(part.character_id for part in parts)
    watching = spectators.counts(record.pk for record in shown)
    return LiveBattles(battles=tuple(_live_battle(record, known, watching[record.pk]) for record in shown))


def _to_be_watched_by(character_id: int) -> QuerySet[BattleRecord]:
    """Return the battles of a character's zone copy that are open to all, or to its party."""
    instance = places.instance_of(character_id)
    if instance is None:
        raise NotFoundError
    here = BattleRecord.objects.filter(instance=instance).exclude(spectating=BattleRecord.Spectating.NONE)
    of_mates = BattleParticipant.objects.filter(character_id__in=chat.companions_of([character_id]))
    is_open = ~Q(spectating=BattleRecord.Spectating.PARTY) | Q(pk__in=of_mates.values("battle_id"))
    return here.filter(is_open).prefetch_related("participants")


def _shown_to(character_id: int, records: Iterable[BattleRecord]) -> list[BattleRecord]:
    """Return the battles in which nobody fights who has blocked a character."""
    found = list(records)
    fighters = {part.character_id for record in found for part in record.participants.all()}
    deaf = chat.deaf_to(character_id, fighters)
    return [
        record for record in found if not deaf & {part.character_id for part in record.participants.all()}
    ]


def uninvited(battle_id: int, character_ids: Collection[int]) -> frozenset[int]:
    """Return who of these may not watch a battle any more, which is for the fighters' parties only."""
    record = BattleRecord.objects.filter(pk=battle_id, spectating=BattleRecord.Spectating.PARTY).first()
    if record is None or not character_ids:
        return frozenset()
    fighters = BattleParticipant.objects.filter(battle_id=battle_id).values_list("character_id", flat=True)
    return frozenset(character_ids) - chat.companions_of(list(fighters))


def _live_battle(
    record: BattleRecord, known: dict[int, accounts.CharacterRecord], watching: int
) -> BattleToWatch:
    return BattleToWatch(
        battle=record.pk,
        mode=record.kind,
        spectating=cast(Spectating, record.spectating),
        begun_at=record.created_at.timestamp(),
        spectators=watching,
        group=record.group_id,
        fighters=tuple(
            FighterSeen(
                character=part.character_id,
                name=known[part.character_id].name,
                class_id=known[part.character_id].class_id,
                level=known[part.character_id].level,
                team=part.team,
            )
            for part in sorted(record.participants.all(), key=lambda part: (part.team, part.character_id))
            if part.character_id in known
        ),
    )


def live_fighters(battle_id: int) -> list[int]:
    """Return the characters in a battle that goes on."""
    live = BattleParticipant.objects.filter(battle_id=battle_id, is_live=True)
    return list(live.values_list("character_id", flat=True))


def _offers_to(character_id: int) -> list[JoinOffer]:
    """Return the battles against monsters that the company of a character is about to fight."""
    company = chat.company_of(character_id)
    if company is None:
        return []
    here = chat.zones_of([character_id]).get(character_id)
    rows = BattleParticipant.objects.filter(
        character_id__in=company.members,
        battle__instance=here,
        is_live=True,
        battle__mode=BattleRecord.Mode.PVE,
        battle__round=0,
        battle__deadline__gt=clock.utc_now(),
    )
    firsts = {row.battle_id: row for row in rows.select_related("battle").order_by("-pk")}
    known = accounts.characters(row.character_id for row in firsts.values())
    return [
        JoinOffer(
            battle=row.battle_id,
            character=row.character_id,
            name=known[row.character_id].name,
            expires_at=row.battle.deadline.timestamp(),
        )
        for row in firsts.values()
        if row.battle.deadline is not None
    ]


def hunting_team(battle_id: int) -> list[int]:
    """Return the characters who fight monsters in a battle that goes on; none where there is no such one."""
    team = BattleParticipant.objects.filter(
        battle_id=battle_id, is_live=True, battle__mode=BattleRecord.Mode.PVE
    )
    return list(team.order_by("pk").values_list("character_id", flat=True))


def team_max(battle_id: int) -> int:
    """Return how many players may come to the side that attacks."""
    return BattleRecord.objects.values_list("team_max", flat=True).get(pk=battle_id)


def fighting(character_ids: Iterable[int]) -> set[int]:
    """Return who of these characters is in a battle."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGHTING, [list(character_ids)])
        return {row[0] for row in cursor}


def battle_streams(character_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Return the stream of the battle that each of these characters is in, for those that are in one."""
    live = BattleParticipant.objects.filter(character_id__in=list(character_ids), is_live=True)
    return [
        (character, stream_name(battle))
        for character, battle in live.values_list("character_id", "battle_id")
    ]


def took_part(battle_id: int, character_ids: Iterable[int]) -> bool:
    """Return whether one of these characters fought in a battle."""
    mine = BattleParticipant.objects.filter(battle_id=battle_id, character_id__in=list(character_ids))
    return battle_id <= BATTLE_ID_MAX and mine.exists()


def is_over(battle_id: int) -> bool:
    """Return whether there was such a battle, and it has ended."""
    over = BattleRecord.objects.exclude(status=BattleRecord.Status.LIVE)
    return battle_id <= BATTLE_ID_MAX and over.filter(pk=battle_id).exists()


def is_revealed_to_all(battle_id: int) -> bool:
    """Return whether whoever may not have watched it as it went may know how a battle went by now."""
    record = BattleRecord.objects.filter(pk=battle_id).exclude(status=BattleRecord.Status.LIVE).first()
    closed = (BattleRecord.Spectating.NONE, BattleRecord.Spectating.PARTY)
    if record is None or record.ended_at is None or record.spectating in closed:
        return False
    is_late = record.spectating == BattleRecord.Spectating.DELAYED
    delay = timedelta(seconds=settings.SPECTATING["delay_s"] if is_late else 0)
    return clock.utc_now() >= record.ended_at + delay


def past_battles(character_id: int, *, before: int | None, most: int) -> PastBattles:
    """Return a character's battles, the latest first, from those before a number on."""
    parts = BattleParticipant.objects.filter(character_id=character_id).select_related("battle")
    if before is not None:
        parts = parts.filter(battle_id__lt=before)
    rows = list(parts.order_by("-battle_id")[: most + 1])
    page = rows[:most]
    others = _others(page, character_id)
    return PastBattles(
        battles=tuple(_past_battle(row, others[row.battle_id]) for row in page),
        next=page[-1].battle_id if len(rows) > most else None,
    )


def _others(parts: list[BattleParticipant], character_id: int) -> dict[int, tuple[str, ...]]:
    """Return the names of the other players of some battles."""
    there = BattleParticipant.objects.filter(battle_id__in=[part.battle_id for part in parts])
    pairs = list(
        there.exclude(character_id=character_id)
        .order_by("team", "character_id")
        .values_list("battle_id", "character_id")
    )
    known = accounts.characters(who for _, who in pairs)
    return {
        part.battle_id: tuple(
            known[who].name for battle_id, who in pairs if battle_id == part.battle_id and who in known
        )
        for part in parts
    }


def _past_battle(part: BattleParticipant, others: tuple[str, ...]) -> PastBattle:
    record = part.battle
    return PastBattle(
        battle=record.pk,
        mode=record.kind,
        zone=record.zone,
        rounds=record.round,
        team=part.team,
        outcome=_OUTCOMES.get(part.outcome, ""),
        is_over=record.status != BattleRecord.Status.LIVE,
        is_faulted=record.status == BattleRecord.Status.FAULTED,
        begun_at=record.created_at.timestamp(),
        ended_at=record.ended_at.timestamp() if record.ended_at else None,
        others=others,
        not_replayable=why_not_replayable(record.rules_version, record.content_hash),
    )


def live_battle_count() -> int:
    """Return how many battles are going on."""
    return BattleRecord.objects.filter(status=BattleRecord.Status.LIVE).count()


def faulted_battle_count() -> int:
    """Return how many battles a fault has stopped that no game master has dealt with."""
    return BattleRecord.objects.filter(status=BattleRecord.Status.FAULTED).count()


def broken_off_among_latest(most: int) -> tuple[int, int]:
    """Return how many of the latest battles a fault or the staff has broken off, and how many those are.

    Whoever could break battles off could choose among their dice: so how often that happens is seen.
    """
    latest = list(BattleRecord.objects.order_by("-id").values_list("status", flat=True)[:most])
    broken_off = (BattleRecord.Status.FAULTED, BattleRecord.Status.DRAWN)
    return sum(status in broken_off for status in latest), len(latest)


def live_battles(most: int) -> list[LiveBattle]:
    """Return the battles that are going on, the latest first."""
    rows = list(BattleRecord.objects.filter(status=BattleRecord.Status.LIVE).order_by("-id")[:most])
    fighters: dict[int, list[int]] = {row.pk: [] for row in rows}
    taking_part = BattleParticipant.objects.filter(battle_id__in=fighters).order_by("team", "character_id")
    for battle_id, character_id in taking_part.values_list("battle_id", "character_id"):
        fighters[battle_id].append(character_id)
    return [
        LiveBattle(
            id=row.pk,
            title=str(row),
            zone=row.zone,
            round=row.round,
            begun_at=row.created_at,
            character_ids=tuple(fighters[row.pk]),
        )
        for row in rows
    ]
