"""Receipts of commands are kept for a week, and longer for those in the middle of something."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from django.db import connection

KEPT_DAYS = 7
"""Clients may send a command again for a day; nobody does so later."""

BATCH = 5_000
AT_MOST_S = 10.0

Busy = Callable[[Collection[int]], set[int]]

_busy: list[Busy] = []

_OLD = """
    SELECT character_id, command_id FROM command_receipt
    WHERE at < now() - %s * interval '1 day' AND character_id <> ALL(%s) LIMIT %s
"""

_FORGET = """
    DELETE FROM command_receipt AS receipt
    USING unnest(%s::bigint[], %s::text[]) AS old(character_id, command_id)
    WHERE receipt.character_id = old.character_id AND receipt.command_id = old.command_id
"""


def register_busy(busy: Busy) -> None:
    """Let a function say which of some characters are in the middle of something, as a battle."""
    _busy.append(busy)


def prune_receipts() -> int:
    """Forget old receipts, for some seconds at most; return how many."""
    until, forgotten, kept = time.monotonic() + AT_MOST_S, 0, set[int]()
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(_OLD, [KEPT_DAYS, list(kept), BATCH])
            old = cursor.fetchall()
            if not old:
                break
            characters = {character for character, _ in old}
            kept |= set[int]().union(*(busy(characters) for busy in _busy))
            free = [row for row in old if row[0] not in kept]
            cursor.execute(_FORGET, [[row[0] for row in free], [row[1] for row in free]])
            forgotten += len(free)
    return forgotten
