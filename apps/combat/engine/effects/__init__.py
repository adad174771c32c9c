"""The registry of effects: which function unfolds which type; complete, or the engine does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from ..definitions import AnyEffect, Effect
from ..resolution import Resolution
from ..scene import Scene
from . import lasting, motion, points, value

Handler = Callable[[Resolution, Scene, Any], None]

HANDLERS: dict[type[Effect], Handler] = {
    **value.HANDLERS,
    **points.HANDLERS,
    **lasting.HANDLERS,
    **motion.HANDLERS,
}

if set(HANDLERS) != set(get_args(AnyEffect)):
    raise RuntimeError("every type of effect needs exactly one handler")
