"""The fold: what keeps balances quick to read, though postings wait for nobody.

Each step is a transaction of its own that either happens or does not, so a fold may be killed at any
point, and several may run side by side: what one has in hand, the others pass over.
"""

from __future__ import annotations

from django.db import connection, transaction

CELLS_AT_ONCE = 500
LINES_AT_ONCE = 100_000
"""Line numbers a step: some hundred milliseconds."""

_CELLS = "SELECT DISTINCT account_id, asset FROM economy_unfoldedcredit LIMIT %s"
_FREE_CELLS = """
    SELECT account_id, asset FROM economy_balance
    WHERE (account_id, asset) IN (SELECT * FROM unnest(%s::bigint[], %s::text[]))
    ORDER BY account_id, asset FOR NO KEY UPDATE SKIP LOCKED
"""
_BRING_HOME = """
    DELETE FROM economy_unfoldedcredit
    WHERE (account_id, asset) IN (SELECT * FROM unnest(%s::bigint[], %s::text[]))
"""

_TAKE_MARK = """
    SELECT folded_to, seen_to, seen_before <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    FROM economy_foldmark FOR UPDATE SKIP LOCKED
"""
_ADD_LINES = """
    INSERT INTO economy_systemtotal AS folded (account_id, asset, total)
    SELECT account_id, asset, sum(amount) FROM economy_line
    JOIN economy_account ON economy_account.id = account_id AND owner_type = 'system'
    WHERE economy_line.id > %s AND economy_line.id <= %s AND asset NOT LIKE 'item:%%'
    GROUP BY account_id, asset ORDER BY account_id, asset
    ON CONFLICT (account_id, asset) DO UPDATE SET total = folded.total + excluded.total
"""
_LAST_LINE = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM economy_line_id_seq"
_MOVE_MARK = """
    UPDATE economy_foldmark SET folded_to = %s, seen_to = %s,
        seen_before = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


def fold() -> None:
    """Bring unfolded credits home and fold the lines of system accounts as far as they are certain."""
    fold_credits()
    while fold_lines():
        pass


@transaction.atomic
def fold_credits() -> int:
    """Add unfolded credits to their balances, but for those that somebody has; return to how many cells.

    Who has such a balance brings the credits home itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [CELLS_AT_ONCE])
        if not (cells := cursor.fetchall()):
            return 0
        cursor.execute(_FREE_CELLS, _columns(cells))
        if not (free := cursor.fetchall()):
            return 0
        cursor.execute(_BRING_HOME, _columns(free))
        return len(free)


@transaction.atomic
def fold_lines() -> bool:
    """Fold the next lines of system accounts; tell if there are more of which it is certain already.

    Numbers of lines are not committed in their order. Those up to `seen_to` are complete once every
    transaction that was running when they had been given out has ended.
    """
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO economy_foldmark VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING")
        cursor.execute(_TAKE_MARK)
        mark = cursor.fetchone()
        if mark is None:
            return False
        folded_to, seen_to, is_certain = mark
        if not is_certain:
            return False
        target = min(seen_to, folded_to + LINES_AT_ONCE)
        cursor.execute(_ADD_LINES, [folded_to, target])
        if target < seen_to:
            cursor.execute("UPDATE economy_foldmark SET folded_to = %s", [target])
            return True
        cursor.execute(_LAST_LINE)
        # The transactions are looked at after the number, in a statement of its own.
        cursor.execute(_MOVE_MARK, [target, cursor.fetchone()[0]])
        return False


def _columns(cells: list[tuple[int, str]]) -> list[list[int] | list[str]]:
    return [[account for account, _ in cells], [asset for _, asset in cells]]
