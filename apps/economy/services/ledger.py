"""The one way in which anything of value moves: `post` writes an entry whose lines sum to zero.

Balance rows are locked in (account, asset) order; the same idempotency key posts once. The database
keeps the laws again by itself, so that a mistake here is an error and never a gain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from apps.economy.buckets import Bucket, wallet
from apps.economy.errors import CapacityError, InsufficientError, NotHeldError
from apps.economy.models import BALANCE_MAX, Account, Balance, Entry, Line

INSTANCE = "item:"

Cell = tuple[int, str]
"""An account and an asset: what a balance row is keyed by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An amount of an asset that leaves one bucket and arrives in another."""

    asset: str
    amount: int
    source: Bucket
    target: Bucket

    def __post_init__(self) -> None:
        assert 0 < self.amount <= BALANCE_MAX, "an amount that moves is positive and bounded"
        assert self.source != self.target, "an asset moves between two buckets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What to post: the moves of one entry, and why. The key names the use, once and for ever."""

    kind: str
    idempotency_key: str
    cause: str
    moves: tuple[Move, ...]
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry of a posting; `is_new` is false where its key had been used before."""

    entry_id: int
    is_new: bool


def lock_holder(character_id: int) -> None:
    """Have everything else that this character does in the economy wait for this transaction.

    Take several in ascending order of their ids, before the first `post`.
    """
    key = wallet(character_id)
    account_ids([key])
    Account.objects.select_for_update(no_key=True).get(
        owner_type=key.owner_type, owner_id=key.owner_id, bucket=key.name
    )


def post(posting: Posting) -> Posted:
    """Write an entry and move what it says, or return the entry that its key has already written.

    Call inside a transaction: a refusal must undo the caller's other changes too.
    """
    assert connection.in_atomic_block, "post is part of a transaction"
    assert posting.moves, "an entry moves something"
    ids = account_ids({bucket for move in posting.moves for bucket in (move.source, move.target)})
    changes = _changes(posting.moves, ids)
    system = {ids[bucket] for bucket in ids if bucket.is_system}
    held = _lock_balances(changes, system)
    if (earlier := entry_of(posting.idempotency_key)) is not None:
        return Posted(earlier, False)
    _check(changes, held, system)
    entry_id = _open_entry(posting)
    if entry_id is None:
        return Posted(_required_entry(posting.idempotency_key), False)
    Line.objects.bulk_create(
        Line(entry_id=entry_id, account_id=account, asset=asset, amount=amount)
        for (account, asset), amount in changes.items()
    )
    return Posted(entry_id, True)


def entry_of(idempotency_key: str) -> int | None:
    """Return the entry that a key has written."""
    return Entry.objects.filter(idempotency_key=idempotency_key).values_list("id", flat=True).first()


def account_ids(buckets: Iterable[Bucket]) -> dict[Bucket, int]:
    """Return the accounts of buckets, opening those that are missing."""
    wanted = sorted(set(buckets))
    found = _known_accounts(wanted)
    if missing := [bucket for bucket in wanted if bucket not in found]:
        Account.objects.bulk_create(
            (
                Account(owner_type=bucket.owner_type, owner_id=bucket.owner_id, bucket=bucket.name)
                for bucket in missing
            ),
            ignore_conflicts=True,
        )
        found |= _known_accounts(missing)
    return found


def _known_accounts(buckets: list[Bucket]) -> dict[Bucket, int]:
    named = reduce(or_, (Q(owner_type=b.owner_type, owner_id=b.owner_id, bucket=b.name) for b in buckets))
    rows = Account.objects.filter(named).values_list("owner_type", "owner_id", "bucket", "id")
    return {Bucket(owner_type, owner_id, name): pk for owner_type, owner_id, name, pk in rows}


def _changes(moves: Iterable[Move], ids: dict[Bucket, int]) -> dict[Cell, int]:
    """Return the net change by account and asset, in that order."""
    net: dict[Cell, int] = {}
    for move in moves:
        for bucket, amount in ((move.source, -move.amount), (move.target, move.amount)):
            cell = (ids[bucket], move.asset)
            net[cell] = net.get(cell, 0) + amount
    return {cell: amount for cell, amount in sorted(net.items()) if amount}


def _lock_balances(changes: dict[Cell, int], system: set[int]) -> dict[Cell, int]:
    cells = [cell for cell in changes if cell[0] not in system]
    if not cells:
        return {}
    named = reduce(or_, (Q(account_id=account, asset=asset) for account, asset in cells))
    rows = Balance.objects.filter(named).order_by("account_id", "asset").select_for_update()
    return {(row.account_id, row.asset): row.posted for row in rows}


def _check(changes: dict[Cell, int], held: dict[Cell, int], system: set[int]) -> None:
    for cell, amount in changes.items():
        if cell[0] in system:
            continue
        after = held.get(cell, 0) + amount
        if after < 0:
            raise NotHeldError() if cell[1].startswith(INSTANCE) else InsufficientError(asset=cell[1])
        if after > BALANCE_MAX:
            raise CapacityError(asset=cell[1])


def _open_entry(posting: Posting) -> int | None:
    """Write the entry's row; None when another transaction has just used its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO economy_entry (kind, idempotency_key, cause, actor_id, at) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id",
            [
                posting.kind,
                posting.idempotency_key,
                posting.cause,
                posting.actor_id,
                Entry._meta.get_field("at").get_default(),
            ],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _required_entry(idempotency_key: str) -> int:
    entry_id = entry_of(idempotency_key)
    assert entry_id is not None, "a key that conflicts has an entry"
    return entry_id
