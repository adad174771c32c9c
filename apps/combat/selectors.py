"""What combat tells: who is in which battle."""

from __future__ import annotations

from aether.protocol.combat import CurrentBattle
from apps.combat.models import BattleParticipant
from apps.combat.running import stream_name


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
