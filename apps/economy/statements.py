"""What staff read of the ledger: the lines of an entry, an account's statement, where an item has been."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from apps.economy.models import CHARACTER, SYSTEM, Account, EntryNote, Holding, Line

STATEMENT_LINES = 100

_SYSTEM_TOTALS = """
    SELECT asset, sum(amount)::bigint FROM (
        SELECT asset, total AS amount FROM economy_systemtotal WHERE account_id = %s
        UNION ALL
        SELECT asset, amount FROM economy_line
        WHERE account_id = %s AND asset NOT LIKE 'item:%%'
            AND id > coalesce((SELECT folded_to FROM economy_foldmark), 0)
    ) AS part GROUP BY asset ORDER BY asset
"""


def lines_of_entry(entry_id: int) -> QuerySet[Line]:
    """Return what an entry moved."""
    return Line.objects.filter(entry_id=entry_id).select_related("account").order_by("asset", "amount")


def note_of(entry_id: int) -> str:
    """Return why staff have made an entry; nothing for all others."""
    return EntryNote.objects.filter(pk=entry_id).values_list("text", flat=True).first() or ""


def last_lines_of(account_id: int) -> QuerySet[Line]:
    """Return an account's latest lines, newest first."""
    lines = Line.objects.filter(account_id=account_id).select_related("entry")
    return lines.order_by("-id")[:STATEMENT_LINES]


def holdings_of(account: Account) -> Iterable[tuple[str, int]]:
    """Return what an account holds by asset; that of a faucet or sink without its unique items."""
    if account.owner_type == SYSTEM:
        with connection.cursor() as cursor:
            cursor.execute(_SYSTEM_TOTALS, [account.pk, account.pk])
            return list(cursor.fetchall())
    held = Holding.objects.filter(account=account).values_list("asset")
    return held.annotate(total=Sum("amount")).order_by("asset")


def provenance(instance_id: UUID) -> QuerySet[Line]:
    """Return every arrival of an instance, oldest first: its path through the accounts."""
    arrivals = Line.objects.filter(asset=f"item:{instance_id}", amount__gt=0)
    return arrivals.select_related("account", "entry").order_by("id")


def holder_of(instance_id: UUID) -> Account | None:
    """Return the account that an instance is in now."""
    last = provenance(instance_id).last()
    return last.account if last else None


def is_of_character(account: Account) -> bool:
    """Tell if an account is a character's."""
    return account.owner_type == CHARACTER
