"""What has jumped within ten minutes, by the ledger: the money that there is, and what one account gained.

Unlike the telemetry of days (`telemetry`), it needs no history: it sees a leak in a world's first hour, too.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from aether.kernel import clock
from apps.economy.buckets import beyond
from apps.economy.definitions import CURRENCY

MINUTES = 10
JUMP_PCT = 5
CHANGE_MIN = 10_000
CHANGE_MIN_EACH = 200
"""Nor is less than so much for each who gained any: the first people of a new world bring all there is."""
SIGMAS = 6
GAIN_MIN = 10_000
SHOWN_MAX = 20

Found = tuple[str, dict[str, object]]

# Entries are found by their moment, lines by their entry or, since the last fold, by their number.
_CHANGE = """
    SELECT coalesce(sum(-line.amount), 0)::bigint FROM economy_entry AS entry
    JOIN economy_line AS line ON line.entry_id = entry.id AND line.asset = %s
    JOIN economy_account AS account ON account.id = line.account_id AND account.owner_type = 'system'
    WHERE entry.at >= %s AND entry.at <= %s
        AND split_part(account.bucket, ':', 1) IN ('faucet', 'sink', 'gm')
"""
_SUPPLY = """
    SELECT -coalesce((SELECT sum(total) FROM economy_systemtotal WHERE asset = %s), 0)::bigint
        - coalesce((
            SELECT sum(amount) FROM economy_line
            JOIN economy_account AS account ON account.id = account_id AND owner_type = 'system'
            WHERE asset = %s
                AND economy_line.id > coalesce((SELECT folded_to FROM economy_foldmark), 0)
        ), 0)::bigint
"""
# What comes with somebody from another shard, or back to somebody by a rollback, was its own before.
_GAINS = """
    SELECT account.owner_id, sum(line.amount)::bigint FROM economy_entry AS entry
    JOIN economy_line AS line ON line.entry_id = entry.id AND line.asset = %s
    JOIN economy_account AS account ON account.id = line.account_id AND account.owner_type = 'character'
    WHERE entry.at >= %s AND entry.at <= %s AND entry.cause NOT LIKE 'rollback:%%' AND NOT EXISTS (
        SELECT FROM economy_line AS far JOIN economy_account AS realm ON realm.id = far.account_id
        WHERE far.entry_id = entry.id AND realm.owner_type = 'system' AND realm.bucket = %s
    )
    GROUP BY account.owner_id HAVING sum(line.amount) > 0 ORDER BY 2, 1
"""


def jumps_of_supply(asset: str = CURRENCY) -> list[Found]:
    """Return whether all that there is of an asset has grown or shrunk much within ten minutes."""
    since, now = _lately()
    (change,) = _rows(_CHANGE, asset, since, now)[0]
    if abs(change) <= max(CHANGE_MIN, CHANGE_MIN_EACH * len(_gains(asset))):
        return []
    (supply,) = _rows(_SUPPLY, asset, asset)[0]
    before = supply - change
    if abs(change) * 100 <= before * JUMP_PCT:
        return []
    return [(f"supply of {asset}", {"before": before, "change": change, "minutes": MINUTES})]


def jumps_of_accounts(asset: str = CURRENCY) -> list[Found]:
    """Return who has gained far more than all who gained less, most first."""
    found: list[Found] = []
    usual = _Spread()
    for owner, gained in _gains(asset):
        limit = usual.mean + SIGMAS * usual.sigma
        if gained <= max(GAIN_MIN, limit):
            usual.add(gained)
            continue
        details: dict[str, object] = {"character": owner, "gained": gained, "limit": round(limit)}
        found.append((f"character {owner}", details | {"minutes": MINUTES}))
    return found[: -SHOWN_MAX - 1 : -1]


class _Spread:
    """The mean and the spread of numbers that come one by one."""

    def __init__(self) -> None:
        self.count = self.total = self.squares = 0

    def add(self, number: int) -> None:
        self.count += 1
        self.total += number
        self.squares += number * number

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0

    @property
    def sigma(self) -> float:
        squared = self.count * self.squares - self.total**2
        return math.sqrt(squared) / self.count if self.count else 0.0


def _gains(asset: str) -> list[tuple[Any, ...]]:
    """Return what each character has gained lately, the least first."""
    return _rows(_GAINS, asset, *_lately(), beyond().name)


def _lately() -> tuple[datetime, datetime]:
    now = clock.utc_now()
    return now - timedelta(minutes=MINUTES), now


def _rows(query: str, *parameters: datetime | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
