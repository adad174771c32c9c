"""Giving and taking: rewards out of faucets into a character's hands, payments out of them into sinks.

Every grant names the use that it is for by its idempotency key and pays it once, whoever asks again.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from apps.economy.buckets import bag, sink, staff, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.models import EntryNote
from apps.economy.rules.loot import Loot
from apps.economy.services.awards import Award, Granted, granted_by, pay, throw
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.telling import tell_change
from apps.economy.services.throwing import thrown


@transaction.atomic
def grant(
    *,
    character_id: int,
    cause: str,
    idempotency_key: str,
    loot: str = "",
    glim: int = 0,
    items: Mapping[str, int] | None = None,
) -> Granted:
    """Give glim, items and what the loot table `loot` drops, once per idempotency key.

    `cause` is `<source>:<reference>`; the sources battle, chest and quest are shown to the player as loot.
    """
    lock_holder(character_id)
    if (entry := entry_of(idempotency_key)) is not None:
        return granted_by(entry, character_id)
    with thrown(character_id, cause=cause, entry_key=idempotency_key) as dice:
        award = Award(
            character_id=character_id,
            cause=cause,
            idempotency_key=idempotency_key,
            dice=dice,
            loot=Loot(glim=glim, items=dict(items or {})),
        )
        if loot:
            throw([award], [loot])
        return pay([award])[0]


@transaction.atomic
def compensate(*, character_id: int, glim: int, cause: str, idempotency_key: str, note: str) -> None:
    """Give glim for something that went wrong, once per idempotency key, with the reason of the staff."""
    lock_holder(character_id)
    move = Move(asset=CURRENCY, amount=glim, source=staff("compensation"), target=wallet(character_id))
    posting = Posting(
        kind="compensation",
        idempotency_key=idempotency_key,
        cause=cause,
        moves=(move,),
        actor_id=character_id,
    )
    posted = post(posting)
    if posted.is_new:
        EntryNote.objects.create(entry_id=posted.entry_id, text=note)
        tell_change(character_id, cause, [move])


@transaction.atomic
def take(
    *,
    character_id: int,
    cause: str,
    idempotency_key: str,
    glim: int = 0,
    items: Mapping[str, int] | None = None,
) -> None:
    """Take glim and stacked items into the sink of the cause's source, once per idempotency key."""
    lock_holder(character_id)
    target = sink(cause.partition(":")[0])
    moves = [
        Move(asset=item, amount=count, source=bag(character_id), target=target)
        for item, count in sorted((items or {}).items())
    ]
    if glim:
        moves.append(Move(asset=CURRENCY, amount=glim, source=wallet(character_id), target=target))
    posting = Posting(
        kind="take",
        idempotency_key=idempotency_key,
        cause=cause,
        moves=tuple(moves),
        actor_id=character_id,
    )
    if moves and post(posting).is_new:
        tell_change(character_id, cause, moves)
