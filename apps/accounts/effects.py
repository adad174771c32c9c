"""The effects of content that accounts performs: experience."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, register_performer
from apps.accounts import services


def _teach(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    amount = sum(effect.xp or 0 for effect in effects)
    services.grant_xp(character_id=character_id, amount=amount, cause=source)


register_performer("accounts", ("xp",), _teach)
