"""The one way in which anything of value moves: `post` writes an entry whose lines sum to zero.

One function of the database does it in one round trip: balances that something is taken from are locked
in (account, asset) order, what is given waits for nobody, and the same idempotency key posts once. The
tables keep the laws again by themselves, so that a mistake is an error and never a gain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from django.db import connection
from django.db.models import Sum

from aether.kernel import clock
from aether.kernel.errors import GameError
from apps.economy.buckets import Bucket
from apps.economy.errors import CapacityError, InsufficientError, NotHeldError
from apps.economy.models import BALANCE_MAX, Holding

INSTANCE = "item:"

_POST = "SELECT entry_id, key, refusal, refused_asset FROM economy_post(%s::jsonb, %s)"


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
    reverses: int | None = None
    """The entry that this one undoes: each is undone once at most."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry of a posting; `is_new` is false where its key had been used before."""

    entry_id: int
    is_new: bool


class _Entry(msgspec.Struct, omit_defaults=True):
    kind: str
    key: str
    cause: str
    actor: int | None
    reverses: int | None = None


class _Line(msgspec.Struct):
    """A change of one asset in one bucket; `entry` counts from 1."""

    entry: int
    owner_type: str
    owner_id: int
    bucket: str
    asset: str
    amount: int


class _Document(msgspec.Struct):
    """What the database's function reads; `most` is what anybody may hold of an asset."""

    entries: list[_Entry]
    lines: list[_Line]
    most: int = BALANCE_MAX


def lock_holders(character_ids: Iterable[int]) -> None:
    """Have everything else that these characters do in the economy wait for this transaction.

    They are locked in ascending order of their ids. Call once in a transaction, before the first `post`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT economy_lock_holders(%s::bigint[])", [sorted(set(character_ids))])


def lock_holder(character_id: int) -> None:
    """Have everything else that this character does in the economy wait for this transaction."""
    lock_holders([character_id])


def post(posting: Posting) -> Posted:
    """Write an entry and move what it says, or return the entry that its key has already written.

    Call inside a transaction: a refusal must undo the caller's other changes too.
    """
    return post_all([posting])[0]


def post_all(postings: Sequence[Posting], *, most: int = BALANCE_MAX) -> list[Posted]:
    """Post several entries, in this order, in one round trip; a refusal of one refuses them all.

    `most` is what somebody may hold of an asset afterwards.
    """
    assert connection.in_atomic_block, "post is part of a transaction"
    assert all(posting.moves for posting in postings), "an entry moves something"
    document = _Document(
        entries=[
            _Entry(
                kind=each.kind,
                key=each.idempotency_key,
                cause=each.cause,
                actor=each.actor_id,
                reverses=each.reverses,
            )
            for each in postings
        ],
        lines=[line for n, each in enumerate(postings, start=1) for line in _lines(n, each.moves)],
        most=most,
    )
    with connection.cursor() as cursor:
        cursor.execute(_POST, [msgspec.json.encode(document).decode(), clock.utc_now()])
        rows = cursor.fetchall()
    for _, _, refusal, asset in rows:
        if refusal is not None:
            raise _refused(refusal, asset, postings)
    written = {key: entry_id for entry_id, key, _, _ in rows}
    keys = [posting.idempotency_key for posting in postings]
    earlier = entries_of(key for key in keys if key not in written) if len(written) < len(keys) else {}
    return [Posted(written.get(key) or earlier[key], key in written) for key in keys]


def entry_of(idempotency_key: str) -> int | None:
    """Return the entry that a key has written."""
    return entries_of([idempotency_key]).get(idempotency_key)


def entries_of(idempotency_keys: Iterable[str]) -> dict[str, int]:
    """Return the entries that some keys have written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT idempotency_key, id FROM economy_entry WHERE idempotency_key = ANY(%s)",
            [list(idempotency_keys)],
        )
        return dict(cursor.fetchall())


def _lines(entry: int, moves: Iterable[Move]) -> list[_Line]:
    """Return the net change by bucket and asset: what leaves and comes back is no line."""
    net: dict[tuple[Bucket, str], int] = {}
    for move in moves:
        for bucket, amount in ((move.source, -move.amount), (move.target, move.amount)):
            net[bucket, move.asset] = net.get((bucket, move.asset), 0) + amount
    return [
        _Line(entry, bucket.owner_type, bucket.owner_id, bucket.name, asset, amount)
        for (bucket, asset), amount in sorted(net.items())
        if amount
    ]


def _refused(refusal: str, asset: str, postings: Sequence[Posting]) -> GameError:
    if refusal == "full":
        return CapacityError(asset=asset)
    if asset.startswith(INSTANCE):
        return NotHeldError()
    return InsufficientError(asset=asset, **_shortage(asset, postings))


def _shortage(asset: str, postings: Sequence[Posting]) -> dict[str, int]:
    """Return how much of an asset is needed and missing, where only who acts gives of it, out of one place.

    What others hold is nobody's business. What is set aside is always enough, so it is not that.
    """
    leaving: dict[Bucket, int] = {}
    for posting in postings:
        for line in _lines(1, posting.moves):
            place = Bucket(line.owner_type, line.owner_id, line.bucket)
            if line.asset == asset and line.amount < 0 and _is_at_hand(place):
                leaving[place] = leaving.get(place, 0) - line.amount
    if len(leaving) != 1:
        return {}
    ((place, needed),) = leaving.items()
    if {posting.actor_id for posting in postings} != {place.owner_id}:
        return {}
    at_hand = Holding.objects.filter(
        account__owner_type=place.owner_type, account__owner_id=place.owner_id, account__bucket=place.name
    )
    held = at_hand.filter(asset=asset).aggregate(sum=Sum("amount"))["sum"] or 0
    return {"needed": needed, "missing": max(1, needed - held)}


def _is_at_hand(place: Bucket) -> bool:
    return not place.is_system and not place.name.startswith(("escrow:", "mail:"))
