"""What accounts tells conditions: level, class and stat points."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.accounts import selectors


def _fill(situation: Situation, character_id: int) -> Situation:
    character = selectors.character(character_id)
    return replace(situation, level=character.level, class_id=character.class_id, stats=character.stats)


register_source("accounts", ("level", "class", "stat"), _fill)
