"""The effects of content that the world performs: bind points, ways, unlocked exits, flags of the copy."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, register_performer
from apps.world import services


def _bind(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    for effect in effects:
        if effect.bind is not None:
            services.bind(character_id=character_id, zone=effect.bind.zone, arrival=effect.bind.arrival)


def _teleport(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    for effect in effects:
        if effect.teleport is not None:
            to = effect.teleport
            services.teleport(character_id=character_id, zone=to.zone, arrival=to.arrival)


def _set_flags(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    for effect in effects:
        if effect.flag is not None and effect.flag.of == "copy":
            services.set_copy_flag(character_id=character_id, key=effect.flag.key, value=effect.flag.set)


def _unlock(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    ways = [effect.unlock.exit for effect in effects if effect.unlock and effect.unlock.exit]
    if ways:
        services.unlock_exits(character_id=character_id, ways=ways)


register_performer("world.bind", ("bind",), _bind)
register_performer("world.teleport", ("teleport",), _teleport)
register_performer("world.exits", ("unlock",), _unlock)
register_performer("world.flags", ("flag",), _set_flags)
