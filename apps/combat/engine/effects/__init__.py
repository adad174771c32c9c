"""The registry of effects: which function unfolds which type; complete, or the engine does not start."""

from __future__ import annotations

from typing import get_args

from ..definitions import AnyEffect
from ..unfolding import HANDLERS
from . import ground, lasting, meta, motion, points, value

for family in (value, points, lasting, motion, ground, meta):
    HANDLERS.update(family.HANDLERS)

if set(HANDLERS) != set(get_args(AnyEffect)):
    raise RuntimeError("every type of effect needs exactly one handler")
