"""Staff, gifts and sales: what the tests of undoing are made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from aether.kernel import clock
from apps.accounts.models import Account as Login
from apps.economy import selectors
from apps.economy.buckets import bag, wallet
from apps.economy.models import Account, Entry, Holding, RollbackCase
from apps.economy.services import rollback
from apps.economy.services.ledger import Move, Posting, post

WHY = "the chest paid tenfold"


def staff(name: str) -> Login:
    found, _ = Login.objects.get_or_create(username=name, defaults={"is_staff": True})
    return found


def hand_over(giver: int, taker: int, key: str, *, price: int = 0, **goods: int) -> None:
    """Give things to somebody, or sell them, as a trade does: in one entry."""
    moves = [
        Move(
            asset=asset.replace("__", ":"),
            amount=amount,
            source=wallet(giver) if asset == "glim" else bag(giver),
            target=wallet(taker) if asset == "glim" else bag(taker),
        )
        for asset, amount in goods.items()
    ]
    if price:
        moves.append(Move(asset="glim", amount=price, source=wallet(taker), target=wallet(giver)))
    post_moves("trade", key, moves)


def hand_over_item(giver: int, taker: int, item: str, key: str, *, price: int = 0) -> None:
    moves = [Move(asset=f"item:{item}", amount=1, source=bag(giver), target=bag(taker))]
    if price:
        moves.append(Move(asset="glim", amount=price, source=wallet(taker), target=wallet(giver)))
    post_moves("trade", key, moves)


def post_moves(kind: str, key: str, moves: list[Move]) -> int:
    with transaction.atomic():
        posting = Posting(kind=kind, idempotency_key=key, cause=f"{kind}:{key}", moves=tuple(moves))
        return post(posting).entry_id


def opened(**scope: Any) -> RollbackCase:
    """Open a case and make its dry run."""
    scope.setdefault("until", clock.utc_now() + timedelta(days=1))
    scope["until"] = scope["until"].isoformat()
    case = rollback.open_case(actor=staff("gwen"), reason=WHY, scope=scope)
    return rollback.plan_case(actor=staff("gwen"), case_id=case.pk, reason="look")


def carried_out(case: RollbackCase) -> RollbackCase:
    """Approve a dry run as somebody else and do all of it."""
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="it is right")
    rollback.carry_on(case.pk)
    return RollbackCase.objects.get(pk=case.pk)


def undone(**scope: Any) -> RollbackCase:
    return carried_out(opened(**scope))


def entry_of_key(key: str) -> int:
    return Entry.objects.get(idempotency_key=key).pk


def holdings() -> dict[tuple[int, str, str], int]:
    """Return what everybody holds, by character, bucket and asset."""
    found: dict[tuple[int, str, str], int] = {}
    for row in Holding.objects.select_related("account"):
        key = row.account.owner_id, row.account.bucket, row.asset
        found[key] = found.get(key, 0) + row.amount
    return {key: amount for key, amount in found.items() if amount}


def system_sum(bucket: str, asset: str = "glim") -> int:
    """Return the sum of a system account's lines."""
    account = Account.objects.filter(bucket=bucket).first()
    if account is None:
        return 0
    return sum(account.lines.filter(asset=asset).values_list("amount", flat=True))


def has_item(character: int, item: str) -> bool:
    return any(each.id == item for each in selectors.inventory(character).items)


def situations(case: RollbackCase) -> dict[str, int]:
    found = case.summary["situations"]
    assert isinstance(found, dict)
    return found
