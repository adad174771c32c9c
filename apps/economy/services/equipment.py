"""Wearing and taking off: an item moves between the bag and the bucket of its slot."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from aether.kernel import facts
from aether.kernel.facts.types import ItemEquipped
from apps.accounts import selectors as accounts
from apps.economy import selectors
from apps.economy.buckets import bag, equipped
from apps.economy.definitions import ItemDef
from apps.economy.errors import (
    ItemRetiredError,
    LevelTooLowError,
    NotHeldError,
    NotWearableError,
    NotWornError,
    WrongClassError,
)
from apps.economy.models import ItemInstance
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.telling import tell_change


@transaction.atomic
def equip(*, character_id: int, item_id: str, idempotency_key: str) -> dict[str, str]:
    """Wear an item of the bag; what its slot held goes into the bag. Return what is worn by slot."""
    lock_holder(character_id)
    if entry_of(idempotency_key) is not None:
        return selectors.equipped(character_id)
    instance = _held(character_id, item_id)
    definition = _wearable(character_id, instance)
    slot = definition.slot
    assert slot is not None, "what can be worn has a slot"
    worn_before = selectors.equipped(character_id).get(slot)
    moves = [_move(character_id, instance.asset, slot, puts_on=True)]
    if worn_before:
        moves.insert(0, _move(character_id, f"item:{worn_before}", slot, puts_on=False))
    _post(character_id, "equip", idempotency_key, moves)
    facts.publish(ItemEquipped(character=character_id, item=definition.id, slot=slot))
    return selectors.equipped(character_id)


@transaction.atomic
def unequip(*, character_id: int, slot: str, idempotency_key: str) -> dict[str, str]:
    """Put what is worn in a slot into the bag. Return what is worn by slot."""
    lock_holder(character_id)
    if entry_of(idempotency_key) is not None:
        return selectors.equipped(character_id)
    worn = selectors.equipped(character_id).get(slot)
    if worn is None:
        raise NotWornError(slot=slot)
    _post(
        character_id, "unequip", idempotency_key, [_move(character_id, f"item:{worn}", slot, puts_on=False)]
    )
    return selectors.equipped(character_id)


def _held(character_id: int, item_id: str) -> ItemInstance:
    """Return an instance in the character's bag; whoever else holds it is not told."""
    try:
        asset = f"item:{UUID(item_id)}"
    except ValueError:
        raise NotHeldError() from None
    if (bag(character_id).name, asset) not in selectors.amounts(character_id, [asset]):
        raise NotHeldError()
    return selectors.instances_by_asset([asset])[asset]


def _wearable(character_id: int, instance: ItemInstance) -> ItemDef:
    definition = selectors.item_definition(instance.definition)
    if definition is None:
        raise ItemRetiredError(item=instance.definition)
    if definition.slot is None:
        raise NotWearableError(item=definition.id)
    character = accounts.character(character_id)
    if character.level < definition.level:
        raise LevelTooLowError(level=definition.level)
    if definition.classes and character.class_id not in definition.classes:
        raise WrongClassError(classes=list(definition.classes))
    return definition


def _move(character_id: int, asset: str, slot: str, *, puts_on: bool) -> Move:
    inside, worn = bag(character_id), equipped(character_id, slot)
    source, target = (inside, worn) if puts_on else (worn, inside)
    return Move(asset=asset, amount=1, source=source, target=target)


def _post(character_id: int, kind: str, idempotency_key: str, moves: list[Move]) -> None:
    post(
        Posting(
            kind=kind,
            idempotency_key=idempotency_key,
            cause=f"{kind}:{character_id}",
            moves=tuple(moves),
            actor_id=character_id,
        )
    )
    tell_change(character_id, kind, moves)
