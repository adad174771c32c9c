"""Supplies: the items that characters bring into a battle lie in a hold of each until the battle is over.

What was used is posted to its sink and the rest goes home, in one entry, once, however often the end of the
battle is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from aether.kernel import clock
from aether.kernel.errors import StaleError
from aether.kernel.facts.types import BattleEnded
from apps.economy.buckets import sink
from apps.economy.errors import InsufficientError
from apps.economy.models import Hold
from apps.economy.services.holds import HoldTerms, bucket_of, place_new_hold, post_hold, void_hold
from apps.economy.services.ledger import Move, lock_holders

PURPOSE = "battle"

# Longer than the end of a battle can be told anew: nothing comes home from a battle that may still use it.
KEPT = timedelta(days=90)


def set_aside_supplies(*, battle_id: int, supplies: Mapping[int, Mapping[str, int]]) -> None:
    """Take what characters bring out of their bags. Call in the transaction that has them enter.

    What somebody has just parted with cannot come along: the whole is refused, to be tried again.
    """
    lock_holders(supplies)
    expires_at = clock.utc_now() + KEPT
    try:
        for character_id, contents in sorted(supplies.items()):
            terms = HoldTerms(
                character_id=character_id,
                purpose=PURPOSE,
                cause=f"battle:{battle_id}",
                contents=contents,
                idempotency_key=_key(battle_id, character_id),
                expires_at=expires_at,
            )
            place_new_hold(terms)
    except InsufficientError:
        raise StaleError from None


@transaction.atomic(savepoint=False)
def settle_supplies(ended: BattleEnded) -> None:
    """Use up what a battle has taken of what was brought, and give the rest back."""
    used = {_key(ended.battle, each.character): each.used for each in ended.participants}
    lock_holders(each.character for each in ended.participants)
    pending = Hold.objects.filter(idempotency_key__in=used, state=Hold.State.PENDING)
    for hold in pending.order_by("character_id"):
        _settle(hold, used[hold.idempotency_key] or {})


def _settle(hold: Hold, used: Mapping[str, int]) -> None:
    moves = [
        Move(asset=item, amount=amount, source=bucket_of(hold), target=sink("use"))
        for item, amount in sorted(used.items())
    ]
    if moves:
        post_hold(hold.pk, moves, kind="use")
    else:
        void_hold(hold.pk)


def _key(battle_id: int, character_id: int) -> str:
    return f"battle:{battle_id}:{character_id}:supplies"
