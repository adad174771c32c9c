"""What combat tells: who is in which battle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from aether.protocol.combat import CurrentBattle
from apps.combat.models import BattleParticipant, BattleRecord
from apps.combat.running import stream_name

_FIGHTING = "SELECT character_id FROM combat_battleparticipant WHERE is_live AND character_id = ANY(%s)"


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
    """Return the battle that a character is in now, if any."""
    battle_id = current_battle_id(character_id)
    if battle_id is None:
        return CurrentBattle(battle=None, stream=None)
    return CurrentBattle(battle=battle_id, stream=stream_name(battle_id))


def current_battle_id(character_id: int) -> int | None:
    return (
        BattleParticipant.objects.filter(character_id=character_id, is_live=True)
        .values_list("battle_id", flat=True)
        .first()
    )


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


def live_battle_count() -> int:
    """Return how many battles are going on."""
    return BattleRecord.objects.filter(status=BattleRecord.Status.LIVE).count()


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
