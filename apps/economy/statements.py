"""What staff read of the ledger: the lines of an entry, an account's statement, where an item has been."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from apps.economy.models import CHARACTER, SYSTEM, Account, Entry, EntryNote, Holding, Line

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

_HELD_AT = """
    SELECT line.account_id, line.asset, coalesce(sum(line.amount) FILTER (WHERE entry.at <= %s), 0)::bigint,
        coalesce(sum(line.amount) FILTER (WHERE entry.at <= %s), 0)::bigint
    FROM economy_line AS line JOIN economy_entry AS entry ON entry.id = line.entry_id
    WHERE line.account_id = ANY(%s) AND entry.at <= %s
    GROUP BY line.account_id, line.asset ORDER BY line.account_id, line.asset
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


def kinds_of_cause(cause: str) -> list[tuple[str, int]]:
    """Return how many entries of each kind there are with a cause."""
    counted = Entry.objects.filter(cause=cause).order_by("kind").values_list("kind")
    return list(counted.annotate(number=Count("id")))


def owed(character_id: int, asset: str) -> int:
    """Return what a character still owes of an asset."""
    lines = Line.objects.filter(
        account__owner_type=SYSTEM, account__bucket=f"debt:{character_id}", asset=asset
    )
    return -int(lines.aggregate(total=Sum("amount"))["total"] or 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What an account held of an asset at two moments."""

    account: Account
    asset: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


def held_at(accounts: Iterable[Account], before: datetime, after: datetime) -> list[Change]:
    """Return what accounts held at two moments, from their lines alone; what they never held is left out."""
    known = {account.pk: account for account in accounts}
    with connection.cursor() as cursor:
        cursor.execute(_HELD_AT, [before, after, list(known), after])
        rows = cursor.fetchall()
    return [Change(known[pk], asset, then, now) for pk, asset, then, now in rows]


def accounts_of(owner_id: int) -> list[Account]:
    """Return every account of a character."""
    return list(Account.objects.filter(owner_type=CHARACTER, owner_id=owner_id).order_by("bucket"))


def account_named(pk: int) -> Account | None:
    return Account.objects.filter(pk=pk).first()
