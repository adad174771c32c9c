"""The laws of what undoes: nobody owes less than nothing, and a reversal never does more than it undoes."""

from __future__ import annotations

from apps.economy.laws import Law

UNDOING_LAWS = (
    Law(
        "nobody owes less than nothing",
        """
        SELECT 'account ' || account_id, asset, sum(amount) FROM economy_line
        JOIN economy_account ON economy_account.id = account_id AND bucket LIKE 'debt:%'
        GROUP BY account_id, asset HAVING sum(amount) > 0
        """,
    ),
    Law(
        "a reversal moves no more of an asset than what it reverses did",
        """
        SELECT 'entry ' || undo.id, line.asset, sum(line.amount) FROM economy_entry AS undo
        JOIN economy_line AS line ON line.entry_id = undo.id AND line.amount > 0
        WHERE undo.reverses_id IS NOT NULL
        GROUP BY undo.id, undo.reverses_id, line.asset
        HAVING sum(line.amount) > (
            SELECT coalesce(sum(amount), 0) FROM economy_line AS first
            WHERE first.entry_id = undo.reverses_id AND first.asset = line.asset AND first.amount > 0
        )
        """,
    ),
    Law(
        "the escrow of a rollback that has ended is empty",
        """
        SELECT 'account ' || account_id, asset, amount FROM economy_holding
        JOIN economy_account ON economy_account.id = account_id AND bucket LIKE 'escrow:rollback:%'
        JOIN economy_rollbackcase AS ended ON bucket = 'escrow:rollback:' || ended.id
        WHERE ended.state <> 'running'
        """,
    ),
)
