"""The effects of content that quests performs: flags of characters, and what becomes of quests."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, register_performer
from apps.quests import services


def _move_quests(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    for effect in effects:
        if effect.start is not None:
            services.start(character_id=character_id, quest_id=effect.start, cause=source)
        if effect.advance is not None:
            services.advance(character_id=character_id, quest_id=effect.advance, cause=source)
        if effect.complete is not None:
            services.complete(character_id=character_id, quest_id=effect.complete, cause=source)
        if effect.fail is not None:
            services.fail(character_id=character_id, quest_id=effect.fail, cause=source)


register_performer("quests", ("start", "advance", "complete", "fail"), _move_quests)
register_performer("quests.flags", ("flag",), services.set_flags)
