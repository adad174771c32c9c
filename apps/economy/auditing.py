"""The conservation laws of the ledger, asked of the whole database: each query finds what breaks one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from apps.economy.laws import EXCHANGE_LAWS, UNDOING_LAWS, Law

SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that breaks a law."""

    law: str
    what: str


LEDGER_LAWS = (
    Law(
        "the lines of an entry sum to zero per asset",
        "SELECT 'entry ' || entry_id, asset, sum(amount) FROM economy_line"
        " GROUP BY entry_id, asset HAVING sum(amount) <> 0",
    ),
    Law(
        "each asset sums to zero over all accounts",
        "SELECT asset, sum(amount) FROM economy_line GROUP BY asset HAVING sum(amount) <> 0",
    ),
    Law(
        "a balance and its unfolded credits are the sum of its lines",
        """
        SELECT 'account ' || account_id, asset, coalesce(held, 0), coalesce(total, 0) FROM (
            SELECT account_id, asset, sum(amount) AS total FROM economy_line
            JOIN economy_account ON economy_account.id = account_id AND owner_type <> 'system'
            GROUP BY account_id, asset
        ) AS posted FULL JOIN (
            SELECT account_id, asset, sum(amount) AS held FROM economy_holding GROUP BY account_id, asset
        ) AS holding USING (account_id, asset)
        WHERE coalesce(held, 0) <> coalesce(total, 0)
        """,
    ),
    Law(
        "a folded total of a faucet or sink is the sum of its lines up to the mark",
        """
        SELECT 'account ' || account_id, asset, coalesce(folded.total, 0), coalesce(line.total, 0) FROM (
            SELECT account_id, asset, sum(amount) AS total FROM economy_line
            JOIN economy_account ON economy_account.id = account_id AND owner_type = 'system'
            WHERE asset NOT LIKE 'item:%'
                AND economy_line.id <= coalesce((SELECT folded_to FROM economy_foldmark), 0)
            GROUP BY account_id, asset
        ) AS line FULL JOIN economy_systemtotal AS folded USING (account_id, asset)
        WHERE coalesce(folded.total, 0) <> coalesce(line.total, 0)
        """,
    ),
    Law(
        "nobody but a character has a balance",
        """
        SELECT 'account ' || account_id, asset FROM economy_holding
        LEFT JOIN economy_account ON economy_account.id = account_id AND owner_type <> 'system'
        WHERE economy_account.id IS NULL
        """,
    ),
    Law(
        "every line is of an entry and of an account",
        """
        SELECT 'line ' || economy_line.id FROM economy_line
        LEFT JOIN economy_entry ON economy_entry.id = entry_id
        LEFT JOIN economy_account ON economy_account.id = account_id
        WHERE economy_entry.id IS NULL OR economy_account.id IS NULL
        """,
    ),
    Law(
        "nobody holds less than nothing",
        "SELECT 'account ' || account_id, asset, posted FROM economy_balance WHERE posted < 0",
    ),
    Law(
        "an account never held less than nothing",
        """
        SELECT 'account ' || account_id, asset, 'line ' || id FROM (
            SELECT economy_line.id, account_id, asset,
                sum(amount) OVER (PARTITION BY account_id, asset ORDER BY economy_line.id) AS held
            FROM economy_line
            JOIN economy_account ON economy_account.id = account_id AND owner_type <> 'system'
        ) AS prefixes WHERE held < 0
        """,
    ),
    Law(
        "an item instance comes into being once",
        """
        SELECT asset, count(*) FROM economy_line JOIN economy_account ON economy_account.id = account_id
        WHERE asset LIKE 'item:%' AND (bucket LIKE 'faucet:%' OR bucket = 'gm:grant') AND amount < 0
        GROUP BY asset HAVING count(*) > 1
        """,
    ),
    Law(
        "an item instance has one holder, a character or a sink",
        """
        SELECT asset, count(*) FROM (
            SELECT asset, account_id FROM economy_line WHERE asset LIKE 'item:%'
            GROUP BY asset, account_id HAVING sum(amount) > 0
        ) AS holders GROUP BY asset HAVING count(*) <> 1
        """,
    ),
    Law(
        "the lines of an item instance form a path",
        """
        SELECT asset, 'entry ' || entry_id FROM (
            SELECT asset, entry_id, source, lag(target) OVER (PARTITION BY asset ORDER BY last_line) AS before
            FROM (
                SELECT asset, entry_id, max(id) AS last_line,
                    max(account_id) FILTER (WHERE amount < 0) AS source,
                    max(account_id) FILTER (WHERE amount > 0) AS target
                FROM economy_line WHERE asset LIKE 'item:%' GROUP BY asset, entry_id
            ) AS steps
        ) AS path WHERE before IS NOT NULL AND before <> source
        """,
    ),
    Law(
        "every item instance in the ledger is described, and every one described is in the ledger",
        """
        SELECT coalesce(asset, 'item:' || economy_iteminstance.id) FROM (
            SELECT DISTINCT asset FROM economy_line WHERE asset LIKE 'item:%'
        ) AS named FULL JOIN economy_iteminstance ON asset = 'item:' || economy_iteminstance.id
        WHERE asset IS NULL OR economy_iteminstance.id IS NULL
        """,
    ),
    Law(
        "one item is worn in a slot at most",
        """
        SELECT 'account ' || account_id, sum(posted) FROM economy_balance
        JOIN economy_account ON economy_account.id = account_id AND bucket LIKE 'equipped:%'
        GROUP BY account_id HAVING sum(posted) > 1
        """,
    ),
)

LAWS = (*LEDGER_LAWS, *EXCHANGE_LAWS, *UNDOING_LAWS)


def audit_ledger() -> list[Finding]:
    """Return what breaks a law, up to twenty findings per law."""
    return [finding for law in LAWS for finding in _findings(law)]


def audit_snapshot() -> list[Finding]:
    """Return what breaks a law at one moment, while people go on playing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        return audit_ledger()


def _findings(law: Law) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(law.query + f" LIMIT {SHOWN_MAX}")
        return [Finding(law.name, ", ".join(map(str, row))) for row in cursor.fetchall()]
