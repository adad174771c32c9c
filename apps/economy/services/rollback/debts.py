"""Debts: what a rollback could not take is paid off by a share of what its debtor earns, or waived.

What is owed, the ledger says: account `debt:<character>` is below nothing by as much. A row here only
remembers which income has been looked at, and what of it is still to be collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from aether.kernel import audit, clock
from apps.economy.buckets import Bucket, bank, home
from apps.economy.case_errors import NoDebtError
from apps.economy.making_selectors import in_bank
from apps.economy.models import Debt, EntryNote, FoldMark, RollbackCase
from apps.economy.rules.rollback import FoundLine
from apps.economy.rules.rollback.plan import COMPENSATION, debt_of
from apps.economy.rules.rollback.planner import OWN_CAUSES
from apps.economy.selectors import amounts
from apps.economy.services.due import each_alone
from apps.economy.services.ledger import Move, Posting, lock_holder, post
from apps.economy.services.rollback.gathering import owed_by
from apps.economy.services.telling import tell_change

_INCOME = """
    SELECT coalesce(sum(gained), 0)::bigint FROM (
        SELECT sum(line.amount) AS gained
        FROM economy_account AS account JOIN economy_line AS line ON line.account_id = account.id
        JOIN economy_entry AS entry ON entry.id = line.entry_id
        WHERE account.owner_type = 'character' AND account.owner_id = %s AND line.asset = %s
            AND line.id > %s AND line.id <= %s AND entry.cause NOT LIKE ALL(%s)
        GROUP BY line.entry_id HAVING sum(line.amount) > 0
    ) AS income
"""
_LAST_LINE = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM economy_line_id_seq"


def open_debts(case: RollbackCase, lines: Iterable[FoundLine]) -> None:
    """Remember the debts that lines have made. Call after they are posted, in their transaction."""
    new = {(line.place.owner_id, line.asset) for line in lines if line.place.is_debt and line.amount < 0}
    known = set(Debt.objects.filter(settled_at=None).values_list("character_id", "asset")) if new else set()
    with connection.cursor() as cursor:
        cursor.execute(_LAST_LINE)
        (seen_to,) = cursor.fetchone()
    Debt.objects.bulk_create(
        [
            Debt(
                character_id=character,
                asset=asset,
                case=case,
                share_pct=case.income_share_pct,
                seen_to=seen_to,
            )
            for character, asset in sorted(new - known)
        ]
    )


def collect_debts() -> None:
    """Take from every debtor the share of what it has earned since the last time, whichever of them fails."""
    open_ones = Debt.objects.filter(settled_at=None).order_by("pk")
    each_alone(lambda pk: collect_debt(pk) > 0, open_ones.values_list("pk", flat=True), what="debt")


@transaction.atomic
def collect_debt(debt_id: int) -> int:
    """Take from a debtor what is due and there; return how much that was."""
    debt = Debt.objects.select_for_update().get(pk=debt_id)
    if debt.settled_at is not None:
        return 0
    lock_holder(debt.character_id)
    owed = _owed(debt)
    mark = FoldMark.objects.values_list("folded_to", flat=True).first() or 0
    if mark > debt.seen_to:
        income = _income(debt, mark)
        debt.due += -(-income * debt.share_pct // 100)
        debt.seen_to = mark
    moves = _payment(debt, min(debt.due, owed))
    paid = sum(move.amount for move in moves)
    if moves:
        debt.payments += 1
        _post(debt, "debt", f"debt:{debt.pk}:{debt.payments}", moves)
        tell_change(debt.character_id, f"debt:{debt.pk}", moves)
        debt.due -= paid
    if paid >= owed:
        debt.settled_at = clock.utc_now()
    debt.save(update_fields=["due", "seen_to", "payments", "settled_at"])
    return paid


@transaction.atomic
def waive_debt(*, actor: Any, debt_id: int, reason: str) -> None:
    """Let somebody owe nothing any more; what was lacking is paid by the house."""
    debt = Debt.objects.select_for_update().get(pk=debt_id)
    lock_holder(debt.character_id)
    owed = _owed(debt)
    if debt.settled_at is not None or owed <= 0:
        raise NoDebtError
    move = Move(
        asset=debt.asset,
        amount=owed,
        source=Bucket(*COMPENSATION),
        target=Bucket(*debt_of(debt.character_id)),
    )
    entry_id = _post(debt, "waiver", f"debt:{debt.pk}:waived", [move])
    EntryNote.objects.create(entry_id=entry_id, text=reason)
    debt.settled_at = clock.utc_now()
    debt.save(update_fields=["settled_at"])
    details: dict[str, object] = {"asset": debt.asset, "amount": owed, "debt": debt.pk}
    audit.record(actor, "waive_debt", f"character:{debt.character_id}", reason, details)


def _owed(debt: Debt) -> int:
    return owed_by([debt.character_id]).get((debt.character_id, debt.asset), 0)


def _payment(debt: Debt, most: int) -> list[Move]:
    """Return the moves that pay off what is there of a debt: first in purse and bag, then in the bank."""
    who, asset = debt.character_id, debt.asset
    carried = amounts(who, [asset]).get((home(who, asset).name, asset), 0)
    moves = []
    for source, there in ((home(who, asset), carried), (bank(who), in_bank(who).get(asset, 0))):
        amount = min(most, there)
        if amount > 0:
            moves.append(Move(asset=asset, amount=amount, source=source, target=Bucket(*debt_of(who))))
            most -= amount
    return moves


def _income(debt: Debt, mark: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_INCOME, [debt.character_id, debt.asset, debt.seen_to, mark, list[str](OWN_CAUSES)])
        return int(cursor.fetchone()[0])


def _post(debt: Debt, kind: str, key: str, moves: Sequence[Move]) -> int:
    posted = post(
        Posting(
            kind=kind,
            idempotency_key=key,
            cause=f"debt:{debt.pk}",
            moves=tuple(moves),
            actor_id=debt.character_id,
        )
    )
    return posted.entry_id
