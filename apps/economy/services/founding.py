"""What founders pay: glim that is gone, once for each thing that is founded."""

from __future__ import annotations

from django.db import transaction

from apps.economy.buckets import sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.services.freezing import require_free
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.telling import tell_change


@transaction.atomic(savepoint=False)
def pay_for_guild(character_id: int, amount: int, key: str) -> None:
    """Pay for a guild from the purse, once for a key; refuse whoever carries less."""
    lock_holder(character_id)
    if entry_of(key) is not None:
        return
    require_free(character_id)
    moves = (Move(asset=CURRENCY, amount=amount, source=wallet(character_id), target=sink("guild")),)
    post(Posting(kind="guild", idempotency_key=key, cause=key, moves=moves, actor_id=character_id))
    tell_change(character_id, key, moves)


def is_paid(key: str) -> bool:
    """Tell if something was paid for under a key."""
    return entry_of(key) is not None
