"""The laws of what is set aside, sent and undone.

Escrow and mail hold exactly what their rows say; nobody owes less than nothing, and a reversal never does
more than it undoes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """A law, and the query of everything that breaks it; each row of it begins with what to look at."""

    name: str
    query: str


EXCHANGE_LAWS = (
    Law(
        "a pending hold's escrow is what it holds, and a resolved one's is empty",
        """
        SELECT 'hold ' || id, asset, due.amount, found.amount FROM (
            SELECT hold.id, content.key AS asset, content.value::bigint AS amount
            FROM economy_hold AS hold, jsonb_each_text(hold.contents) AS content WHERE state = 'pending'
        ) AS due FULL JOIN (
            SELECT hold.id, holding.asset, sum(holding.amount) AS amount
            FROM economy_hold AS hold
            JOIN economy_account AS account ON account.owner_type = 'character'
                AND account.owner_id = hold.character_id
                AND account.bucket = 'escrow:' || hold.purpose || ':' || hold.id
            JOIN economy_holding AS holding ON holding.account_id = account.id
            GROUP BY hold.id, holding.asset
        ) AS found USING (id, asset)
        WHERE due.amount IS DISTINCT FROM found.amount
        """,
    ),
    Law(
        "what is attached to letters is what lies in the mail",
        """
        SELECT 'letter ' || bucket, asset, due.amount, found.amount FROM (
            SELECT letter.recipient_id AS owner_id, 'mail:' || letter.id AS bucket, asset, amount
            FROM economy_attachment JOIN economy_letter AS letter ON letter.id = letter_id
            WHERE taken_at IS NULL AND closed_at IS NULL
        ) AS due FULL JOIN (
            SELECT account.owner_id, account.bucket, asset, sum(amount) AS amount
            FROM economy_holding JOIN economy_account AS account ON account.id = account_id
            WHERE account.bucket LIKE 'mail:%' GROUP BY account.owner_id, account.bucket, asset
        ) AS found USING (owner_id, bucket, asset)
        WHERE due.amount IS DISTINCT FROM found.amount
        """,
    ),
    Law(
        "what orders have set aside is what remains of them",
        """
        SELECT bucket, asset, due.amount, found.amount FROM (
            SELECT character_id AS owner_id, 'escrow:order:' || id AS bucket,
                CASE side WHEN 'buy' THEN 'glim' ELSE book_id END AS asset,
                remaining * CASE side WHEN 'buy' THEN price ELSE 1 END AS amount
            FROM economy_order WHERE state = 'open'
        ) AS due FULL JOIN (
            SELECT account.owner_id, account.bucket, asset, sum(amount) AS amount
            FROM economy_holding JOIN economy_account AS account ON account.id = account_id
            WHERE account.bucket LIKE 'escrow:order:%' GROUP BY account.owner_id, account.bucket, asset
        ) AS found USING (owner_id, bucket, asset)
        WHERE due.amount IS DISTINCT FROM found.amount
        """,
    ),
    Law(
        "open auctions have set aside the item, the deposit and the highest bid, and others nothing",
        """
        SELECT bucket, asset, due.amount, found.amount FROM (
            SELECT owner_id, 'escrow:auction:' || id AS bucket, asset, sum(amount) AS amount FROM (
                SELECT id, seller_id AS owner_id, 'item:' || instance_id AS asset, 1 AS amount
                FROM economy_auction WHERE state = 'open'
                UNION ALL
                SELECT id, seller_id, 'glim', deposit FROM economy_auction WHERE state = 'open'
                UNION ALL
                SELECT id, bidder_id, 'glim', bid FROM economy_auction
                WHERE state = 'open' AND bid IS NOT NULL
            ) AS part GROUP BY id, owner_id, asset
        ) AS due FULL JOIN (
            SELECT account.owner_id, account.bucket, asset, sum(amount) AS amount
            FROM economy_holding JOIN economy_account AS account ON account.id = account_id
            WHERE account.bucket LIKE 'escrow:auction:%' GROUP BY account.owner_id, account.bucket, asset
        ) AS found USING (owner_id, bucket, asset)
        WHERE due.amount IS DISTINCT FROM found.amount
        """,
    ),
    Law(
        "no book is crossed, but by orders whose time is over",
        """
        SELECT 'book ' || buy.book_id, buy.id, sell.id FROM economy_order AS buy
        JOIN economy_order AS sell ON sell.book_id = buy.book_id AND sell.side = 'sell'
            AND sell.state = 'open' AND sell.price <= buy.price
        WHERE buy.side = 'buy' AND buy.state = 'open'
            AND buy.expires_at > greatest(sell.placed_at, buy.placed_at)
            AND sell.expires_at > greatest(sell.placed_at, buy.placed_at)
        """,
    ),
)

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
