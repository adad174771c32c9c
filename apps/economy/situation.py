"""What the economy tells conditions: possessions, what is worn, and professions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.economy import making_selectors, selectors


def _possessions(situation: Situation, character_id: int) -> Situation:
    return replace(
        situation,
        holdings=selectors.holdings(character_id),
        worn=Counter(selectors.worn_items(character_id).values()),
        banked=making_selectors.banked(character_id),
    )


def _worn(situation: Situation, character_id: int) -> Situation:
    return replace(situation, worn=Counter(selectors.worn_items(character_id).values()))


def _professions(situation: Situation, character_id: int) -> Situation:
    return replace(situation, professions=making_selectors.profession_levels(character_id))


register_source("economy.possessions", ("has_item", "currency"), _possessions)
register_source("economy.worn", ("equipped",), _worn)
register_source("economy.professions", ("profession",), _professions)
