"""The effect of content that combat performs: monsters that attack whoever has touched the wrong thing."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, register_performer
from apps.combat import services


def _attack(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    foes = [foe for effect in effects for foe in effect.start_battle or ()]
    services.beset(character_id=character_id, foes=[(foe.monster, foe.level) for foe in foes])


register_performer("combat", ("start_battle",), _attack)
