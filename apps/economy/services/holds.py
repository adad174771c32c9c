"""Holds: assets set aside in escrow until they are posted, voided or expire, each hold exactly once.

Whoever holds the lock of the character decides; whoever comes second finds the hold resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aether.kernel import clock
from apps.economy.buckets import Bucket, escrow, home
from apps.economy.errors import HoldExceededError, HoldResolvedError
from apps.economy.models import Hold
from apps.economy.services.due import each_alone
from apps.economy.services.ledger import Move, Posting, lock_holder, post
from apps.economy.services.letters import deliveries
from apps.economy.services.telling import tell_change

SWEPT_AT_ONCE = 200

State = Hold.State


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """What a character sets aside, what for, and until when. The key names the use, once and for ever."""

    character_id: int
    purpose: str
    cause: str
    contents: Mapping[str, int]
    idempotency_key: str
    expires_at: datetime


@transaction.atomic
def place_hold(terms: HoldTerms) -> int:
    """Set assets aside and return the hold; the same key sets aside once."""
    lock_holder(terms.character_id)
    earlier = Hold.objects.filter(idempotency_key=terms.idempotency_key).values_list("pk", flat=True).first()
    if earlier is not None:
        return earlier
    return place_new_hold(terms)


def place_new_hold(terms: HoldTerms) -> int:
    """Set assets aside under a key that was never used. Call while holding the character's lock."""
    hold = Hold.objects.create(
        character_id=terms.character_id,
        purpose=terms.purpose,
        cause=terms.cause,
        idempotency_key=terms.idempotency_key,
        contents=dict(terms.contents),
        expires_at=terms.expires_at,
    )
    moves = [
        Move(asset=asset, amount=amount, source=home(hold.character_id, asset), target=bucket_of(hold))
        for asset, amount in sorted(terms.contents.items())
    ]
    _post(hold, "hold", moves)
    return int(hold.pk)


@transaction.atomic
def post_hold(hold_id: int, moves: Sequence[Move], *, kind: str) -> int:
    """Use what is held: one entry with these moves, whose rest goes home. Return the entry.

    The moves may name other buckets too; what they take of the hold's is at most what it holds.
    """
    hold = _take(hold_id)
    used: dict[str, int] = {}
    for move in moves:
        if move.source == bucket_of(hold):
            used[move.asset] = used.get(move.asset, 0) + move.amount
    if any(amount > hold.contents.get(asset, 0) for asset, amount in used.items()):
        raise HoldExceededError(hold=hold_id)
    rest = {asset: amount - used.get(asset, 0) for asset, amount in hold.contents.items()}
    return _resolve(hold, State.POSTED, [*moves, *_homeward(hold, rest)], kind=kind)


@transaction.atomic
def void_hold(hold_id: int) -> None:
    """Give back everything that is held."""
    hold = _take(hold_id)
    _resolve(hold, State.VOIDED, _homeward(hold, hold.contents), kind="hold_void")


def expire_holds() -> int:
    """Give back what nobody has decided in time; return how many holds that were."""
    due = Hold.objects.filter(state=State.PENDING, expires_at__lte=clock.utc_now())
    ids = due.order_by("expires_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return each_alone(_expire, ids, what="hold")


def bucket_of(hold: Hold) -> Bucket:
    """Return where a hold's contents lie."""
    return escrow(hold.character_id, hold.purpose, hold.pk)


@transaction.atomic
def _expire(hold_id: int) -> bool:
    try:
        hold = _take(hold_id)
    except HoldResolvedError:
        return False
    if hold.expires_at > clock.utc_now():
        return False
    _resolve(hold, State.EXPIRED, _homeward(hold, hold.contents), kind="hold_expire")
    return True


def _take(hold_id: int) -> Hold:
    """Return a pending hold, locked together with whose it is; refuse one that is resolved."""
    owner = Hold.objects.filter(pk=hold_id).values_list("character_id", flat=True).first()
    if owner is None:
        raise HoldResolvedError(hold=hold_id)
    lock_holder(owner)
    hold = Hold.objects.select_for_update().get(pk=hold_id)
    if hold.state != State.PENDING:
        raise HoldResolvedError(hold=hold_id)
    return hold


def _resolve(hold: Hold, state: State, moves: Sequence[Move], *, kind: str) -> int:
    hold.state, hold.resolved_at = state, clock.utc_now()
    hold.save(update_fields=["state", "resolved_at"])
    return _post(hold, kind, moves)


def _homeward(hold: Hold, contents: Mapping[str, int]) -> list[Move]:
    """Return what brings home what is left of a hold; what has found no room meanwhile comes by mail."""
    left, owner = {asset: amount for asset, amount in contents.items() if amount}, hold.character_id
    if not left:
        return []
    delivery = deliveries({owner: left}, cause=hold.cause)
    moves = delivery.bring(owner, left, bucket_of(hold))
    delivery.finish()
    return moves


def _post(hold: Hold, kind: str, moves: Iterable[Move]) -> int:
    """Post what happens to a hold: its placing, or the one thing that resolves it."""
    stage = "place" if hold.state == State.PENDING else "resolve"
    posting = Posting(
        kind=kind,
        idempotency_key=f"hold:{hold.pk}:{stage}",
        cause=hold.cause,
        moves=tuple(moves),
        actor_id=hold.character_id,
    )
    entry_id = post(posting).entry_id
    tell_change(hold.character_id, hold.cause, posting.moves)
    return entry_id
