"""What staff give: glim or items out of `gm:grant`, with a reason, once; much of it by two persons.

It is asked for and, where one may give it alone, given at once. Else it waits for somebody else's word.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from aether.kernel import audit, clock, content, facts, realtime
from aether.kernel.audit import SecondPersonError
from aether.kernel.facts.types import ItemGained
from aether.protocol.accounts import NoticeReceived
from apps.accounts import selectors as accounts
from apps.economy import quotes
from apps.economy.buckets import staff
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.errors import GrantTooLargeError, ItemRetiredError
from apps.economy.models import EntryNote, ItemInstance, StaffGrant
from apps.economy.services.ledger import Posting, lock_holder, post
from apps.economy.services.letters import deliveries
from apps.economy.services.minting import make_instances, save_instances
from apps.economy.services.telling import tell_change
from apps.economy.services.throwing import thrown

GLIM_MAX = 1_000_000
STACK_MAX = 10_000
UNIQUE_MAX = 10
ALONE_GLIM_MAX = 500
"""What one game master may give alone, in glim or in what things usually cost; more takes a second one."""
ALONE_TOTAL_GLIM_MAX = 2_500
"""What one game master may give alone to all characters together."""
ALONE_WITHIN = timedelta(days=1)
"""What is given within this time is given together, in however many parts."""

_LOCK_GIVER = "SELECT pg_advisory_xact_lock(hashtext('economy grants alone'), %s)"


@transaction.atomic
def grant_as_staff(*, actor: Any, character_id: int, item: str, amount: int, reason: str) -> StaffGrant:
    """Give something to a character, or note it for a second person where it is much."""
    _lock_giver(actor.pk)
    lock_holder(character_id)
    accounts.character_here(character_id)
    most = _most(item)
    if not 1 <= amount <= most:
        raise GrantTooLargeError(most=most)
    is_much = _takes_two(actor.pk, character_id, item, amount)
    granted = StaffGrant.objects.create(
        character_id=character_id,
        item=item,
        amount=amount,
        reason=reason.strip(),
        asked_by=actor.pk,
        asked_name=actor.get_username(),
    )
    details: dict[str, object] = {"grant": granted.pk, "item": item, "amount": amount}
    if is_much:
        details["waits"] = True
    audit.record(actor, "grant", f"character:{character_id}", reason, details)
    if not is_much:
        _give(granted)
    return granted


@transaction.atomic
def give_approved(*, actor: Any, grant_id: int, reason: str) -> StaffGrant:
    """Give what waited for a second person, in the name of both."""
    granted = StaffGrant.objects.select_for_update().get(pk=grant_id)
    if granted.asked_by == actor.pk:
        raise SecondPersonError
    if granted.entry_id is not None:
        return granted
    accounts.character_here(granted.character_id)
    granted.approved_by, granted.approved_name = actor.pk, actor.get_username()
    details: dict[str, object] = {"grant": granted.pk, "item": granted.item, "amount": granted.amount}
    audit.record(actor, "approve_grant", f"character:{granted.character_id}", reason, details)
    _give(granted)
    return granted


def _takes_two(actor_id: int, character_id: int, item: str, amount: int) -> bool:
    """Tell if it is more than one game master may give alone, with what this one gave the same day.

    It counts what this character was given, and what all were. What has no price is always more, and so is
    anything beside what has lost its price since. Certain only while holding the giver's lock.
    """
    alone = StaffGrant.objects.filter(
        asked_by=actor_id,
        approved_by__isnull=True,
        entry__isnull=False,
        asked_at__gt=clock.utc_now() - ALONE_WITHIN,
    )
    given = [(character_id, item, amount), *alone.values_list("character_id", "item", "amount")]
    prices = quotes.firm_prices({each for _, each, _ in given}) | {CURRENCY: 1}
    if any(each not in prices for _, each, _ in given):
        return True
    worth = [(who, prices[each] * n) for who, each, n in given]
    own = sum(glim for who, glim in worth if who == character_id)
    return own > ALONE_GLIM_MAX or sum(glim for _, glim in worth) > ALONE_TOTAL_GLIM_MAX


def _lock_giver(actor_id: int) -> None:
    """Have whatever else this game master gives wait: the sum of a day is of all characters."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_GIVER, [actor_id])


def _most(item: str) -> int:
    if item == CURRENCY:
        return GLIM_MAX
    return UNIQUE_MAX if _definition(item).is_unique else STACK_MAX


def _definition(item: str) -> ItemDef:
    definition = content.current().all(ItemDef).get(item)
    if definition is None:
        raise ItemRetiredError(item=item)
    return definition


def _give(granted: StaffGrant) -> None:
    """Post the grant; what finds no room comes by mail."""
    owner, cause, key = granted.character_id, f"gm:{granted.pk}", f"gm:grant:{granted.pk}"
    lock_holder(owner)
    made = _made(granted, cause, key)
    contents = {each.asset: 1 for each in made} or {granted.item: granted.amount}
    delivery = deliveries({owner: list(contents)}, cause=cause)
    moves = delivery.bring(owner, contents, staff("grant"))
    delivery.finish()
    posting = Posting(
        kind="gm_grant",
        idempotency_key=key,
        cause=cause,
        moves=tuple(moves),
        actor_id=owner,
    )
    granted.entry_id = post(posting).entry_id
    granted.save(update_fields=["entry_id", "approved_by", "approved_name"])
    save_instances((each, granted.entry_id) for each in made)
    EntryNote.objects.create(entry_id=granted.entry_id, text=granted.reason)
    tell_change(owner, cause, moves)
    if granted.item != CURRENCY:
        facts.publish(ItemGained(character=owner, item=granted.item, count=granted.amount, source="gm"))
    values = {"item": granted.item, "amount": str(granted.amount), "reason": granted.reason}
    realtime.tell_character(owner, NoticeReceived(key="granted", values=values))


def _made(granted: StaffGrant, cause: str, key: str) -> list[ItemInstance]:
    if granted.item == CURRENCY or not (definition := _definition(granted.item)).is_unique:
        return []
    with thrown(granted.character_id, cause=cause, entry_key=key) as dice:
        return make_instances(granted.character_id, [definition] * granted.amount, dice)
