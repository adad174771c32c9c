"""What effects give and take: each source once per character, whoever asks again."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, perform
from apps.quests.models import AppliedEffect


def give_once(character_id: int, effects: Sequence[Effect], source: str) -> None:
    """Apply what of some effects gives, takes or sets a flag, once per source, `<kind>:<reference>`.

    A source whose effects a rollback has undone is a new one.
    """
    applied, is_new = AppliedEffect.objects.get_or_create(character_id=character_id, source=source)
    if is_new:
        own = [each for each in effects if gives([each])]
        perform(own, character_id=character_id, source=source, occasion=str(applied.pk))


def gives(effects: Sequence[Effect]) -> bool:
    """Tell if there is anything among the effects to be applied once."""
    return any(effect.is_reward or effect.take is not None for effect in effects)
