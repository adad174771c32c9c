"""Effects of dialogues: a short list of things that content may bring about, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from apps.quests.definitions import Effect
from apps.quests.services import progress
from apps.quests.services.rewarding import give_once, gives


def apply_effects(character_id: int, effects: Sequence[Effect], source: str) -> str | None:
    """Apply effects in their order, gifts first, and return the window that the client should open."""
    if gives(effects):
        give_once(character_id, effects, source)
    opened = None
    for effect in effects:
        if effect.start is not None:
            progress.start(character_id=character_id, quest_id=effect.start, cause=source)
        if effect.advance is not None:
            progress.advance(character_id=character_id, quest_id=effect.advance, cause=source)
        if effect.complete is not None:
            progress.complete(character_id=character_id, quest_id=effect.complete, cause=source)
        opened = effect.open or opened
    return opened
