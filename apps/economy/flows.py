"""The transfer graph: who gave how much of what to whom, from the lines of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

NODES_MAX = 500

_ONWARD = """
    SELECT gave.owner_id, got.owner_id, line.asset, count(*)::int,
        sum(least(-line.amount, target.amount))::bigint
    FROM economy_account AS gave
    JOIN economy_line AS line ON line.account_id = gave.id AND line.amount < 0 AND line.entry_id > %s
    JOIN economy_line AS target
        ON target.entry_id = line.entry_id AND target.asset = line.asset AND target.amount > 0
    JOIN economy_account AS got ON got.id = target.account_id
    WHERE gave.owner_type = 'character' AND gave.owner_id = ANY(%s)
        AND got.owner_type = 'character' AND got.owner_id <> gave.owner_id AND line.asset = ANY(%s)
    GROUP BY gave.owner_id, got.owner_id, line.asset
    ORDER BY 5 DESC, 1, 2, 3 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one character gave to another; `depth` counts the hands since the start."""

    giver: int
    taker: int
    asset: str
    times: int
    amount: int
    depth: int


def downstream(starts: Iterable[int], assets: Iterable[str], *, since_entry: int, depth: int) -> list[Flow]:
    """Return where assets went from some characters on, nearest first."""
    seen = set(starts)
    edge, names = seen, sorted(set(assets))
    flows: list[Flow] = []
    for step in range(1, depth + 1):
        if not edge or len(seen) > NODES_MAX:
            break
        with connection.cursor() as cursor:
            cursor.execute(_ONWARD, [since_entry, sorted(edge), names, NODES_MAX])
            found = [
                Flow(giver, taker, asset, times, amount, step)
                for giver, taker, asset, times, amount in cursor.fetchall()
            ]
        flows += found
        edge = {flow.taker for flow in found} - seen
        seen |= edge
    return flows
