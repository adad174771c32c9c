"""How Python runs a server: threads take short turns, the collector leaves old objects alone."""

from __future__ import annotations

import gc
import sys

YOUNG_OBJECTS = 20_000
"""How many objects may come before the collector looks for cycles: hardly any of ours are part of one."""
THREAD_TURN_S = 0.0005
"""How long a thread may compute while the event loop waits for its turn."""


def share_fairly() -> None:
    """Let threads hand over the interpreter often."""
    sys.setswitchinterval(THREAD_TURN_S)


def spare_the_collector() -> None:
    """Leave what was loaded at the start, code and content, out of every later collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
