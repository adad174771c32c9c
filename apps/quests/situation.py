"""What quests tell conditions: states of quests, and flags."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.quests import selectors


def _quests(situation: Situation, character_id: int) -> Situation:
    return replace(situation, quests=selectors.quest_states(character_id))


def _flags(situation: Situation, character_id: int) -> Situation:
    return replace(situation, flags=selectors.flags(character_id))


register_source("quests", ("quest",), _quests)
register_source("quests.flags", ("flag",), _flags)
