"""Balances and folded totals put right from the lines, which are the truth, while people play on.

Each balance is repaired in a transaction of its own that holds its row; the row of the repair stays.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from aether.kernel import clock


class Difference(NamedTuple):
    """What an account is said to hold of an asset, and what its lines come to."""

    account_id: int
    account: str
    asset: str
    said: int
    summed: int


_BALANCES = """
    SELECT account_id, owner_type || ' ' || owner_id || ' ' || bucket, asset, said::bigint, summed::bigint
    FROM (
        SELECT account_id, asset, coalesce(held, 0) AS said, coalesce(total, 0) AS summed FROM (
            SELECT account_id, asset, sum(amount) AS total FROM economy_line
            JOIN economy_account ON economy_account.id = account_id AND owner_type <> 'system'
            GROUP BY account_id, asset
        ) AS posted FULL JOIN (
            SELECT account_id, asset, sum(amount) AS held FROM (
                SELECT account_id, asset, posted AS amount FROM economy_balance
                UNION ALL SELECT account_id, asset, amount FROM economy_unfoldedcredit
            ) AS parts GROUP BY account_id, asset
        ) AS holding USING (account_id, asset)
    ) AS compared JOIN economy_account ON economy_account.id = account_id
    WHERE said <> summed ORDER BY account_id, asset
"""
_TOTALS = """
    SELECT account_id, bucket, asset, said::bigint, summed::bigint FROM (
        SELECT account_id, asset, coalesce(folded.total, 0) AS said, coalesce(line.total, 0) AS summed FROM (
            SELECT account_id, asset, sum(amount) AS total FROM economy_line
            JOIN economy_account ON economy_account.id = account_id AND owner_type = 'system'
            WHERE asset NOT LIKE 'item:%'
                AND economy_line.id <= coalesce((SELECT folded_to FROM economy_foldmark), 0)
            GROUP BY account_id, asset
        ) AS line FULL JOIN economy_systemtotal AS folded USING (account_id, asset)
    ) AS compared JOIN economy_account ON economy_account.id = account_id
    WHERE said <> summed ORDER BY account_id, asset
"""
_REPAIR = """
    INSERT INTO economy_balancerepair (account_id, asset, before, after, at) VALUES (%s, %s, 0, 0, %s)
    RETURNING before, after
"""
_SET_TOTAL = """
    INSERT INTO economy_systemtotal (account_id, asset, total) VALUES (%s, %s, %s)
    ON CONFLICT (account_id, asset) DO UPDATE SET total = excluded.total
"""


def differences() -> list[Difference]:
    """Return every balance and folded total that is not the sum of its lines, at one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        return [*_read(_BALANCES), *_read(_TOTALS)]


def rebuild() -> tuple[list[Difference], list[Difference]]:
    """Put right what differs; return what was, and what could not be: its lines come to less than nothing."""
    repaired: list[Difference] = []
    refused: list[Difference] = []
    for found in differences():
        if found.account.startswith("character"):
            (repaired if _repair(found) else refused).append(found)
    repaired += _rebuild_totals()
    return repaired, refused


def _repair(found: Difference) -> bool:
    """Put a balance right; false where its lines come to what no balance may be."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_REPAIR, [found.account_id, found.asset, clock.utc_now()])
    except IntegrityError:
        return False
    return True


@transaction.atomic
def _rebuild_totals() -> list[Difference]:
    """Put the folded totals of faucets and sinks right; nobody folds meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT folded_to FROM economy_foldmark FOR UPDATE")
        wrong = _read(_TOTALS)
        for each in wrong:
            cursor.execute(_SET_TOTAL, [each.account_id, each.asset, each.summed])
    return wrong


def _read(query: str) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [Difference(*row) for row in cursor.fetchall()]
