"""Effects of dialogues and rewards: gifts once per source, whoever asks again."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel import facts
from aether.kernel.effects import Effect, perform
from aether.kernel.facts.types import FlagSet
from apps.quests.models import Flag
from apps.quests.services.rewarding import give_once, gives


def apply_effects(character_id: int, effects: Sequence[Effect], source: str) -> str | None:
    """Apply effects, gifts first, and return the window that the client should open."""
    if gives(effects):
        give_once(character_id, effects, source)
    others = [effect for effect in effects if not gives([effect])]
    return perform(others, character_id=character_id, source=source).opens


def set_flags(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    """Set the flags of a character that effects name."""
    own = {each.flag.key: each.flag.set for each in effects if each.flag and each.flag.of == "character"}
    for name, value in own.items():
        Flag.objects.update_or_create(character_id=character_id, key=name, defaults={"value": value})
    if own:
        facts.publish_heard(FlagSet(character=character_id, keys=tuple(own)))
