"""The refusal of a command that was meant for an earlier state, with what its sender has missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from django.conf import settings

from aether.kernel.errors import StaleError
from aether.kernel.realtime.following import visible_name
from aether.protocol.base import Update

ENVELOPE_BYTES = 1024


def stale(stream: str, head: int, missed: Sequence[tuple[int, int, Update]] | None) -> StaleError:
    """Return the refusal; updates that are no longer kept, or do not fit into one, are left to `resume`."""
    name = visible_name(stream)
    if missed is None:
        return StaleError(stream=name, head=head, missed=None)
    frames = [
        {"t": update.type_name, "s": name, "n": [first, last], "d": msgspec.to_builtins(update)}
        for first, last, update in missed
    ]
    is_small = (
        len(msgspec.json.encode(frames)) <= cast(int, settings.GATEWAY["update_bytes"]) - ENVELOPE_BYTES
    )
    return StaleError(stream=name, head=head, missed=frames if is_small else None)
