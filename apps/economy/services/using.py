"""Using things up: what a consumable prepares for or does, and how equipment wears out and is mended.

What is left of an item is the last of its events, so that its state replays like everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from aether.kernel import content, facts, realtime
from aether.kernel.facts.types import BattleEnded, HoldingsChanged
from aether.kernel.transactions import transactional
from aether.protocol.economy import InventoryChanged
from aether.protocol.making import Repaired, Used
from apps.economy import selectors
from apps.economy.buckets import bag, sink, wallet
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.errors import ItemRetiredError, NotHeldError, PriceChangedError
from apps.economy.making import StationDef
from apps.economy.making_errors import (
    AlreadyPreparedError,
    NotAtStationError,
    NothingToRepairError,
    NotUsableError,
)
from apps.economy.models import ItemEvent, ItemInstance, Prepared
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, lock_holders, post
from apps.economy.services.professions import learn_recipe
from apps.economy.services.surroundings import effect_of, heal, require_peace, stations_near
from apps.economy.services.telling import tell_change

DEFEAT_WEAR_PCT = 2
"""How much of a whole piece a defeat takes, rounded up; any other battle takes one point."""


@transactional
def use(*, character_id: int, item: str, idempotency_key: str) -> Used:
    """Use up one consumable: it prepares for the next battle, teaches a recipe, or does what it does."""
    if entry_of(idempotency_key) is not None:
        return _used(character_id, item)
    definition = selectors.item_definition(item)
    if definition is None or definition.use is None:
        raise NotUsableError(item=item)
    require_peace(character_id)
    if definition.use.effect is not None:
        # Before the lock of the purse, as everything takes the locks of those further up first.
        effect_of(definition.use.effect)(character_id)
    if definition.use.heal is not None:
        heal(character_id, definition.use.heal)
    lock_holder(character_id)
    if entry_of(idempotency_key) is None:
        move = Move(asset=item, amount=1, source=bag(character_id), target=sink("use"))
        posting = Posting(
            kind="use",
            idempotency_key=idempotency_key,
            cause=f"use:{item}",
            moves=(move,),
            actor_id=character_id,
        )
        post(posting)
        if definition.use.prepare is not None:
            _prepare(character_id, item, definition.use.prepare.stats)
        if definition.use.teach is not None:
            learn_recipe(character_id, definition.use.teach)
        tell_change(character_id, f"use:{item}", [move])
    return _used(character_id, item)


def _used(character_id: int, item: str) -> Used:
    return Used(
        item=item,
        left=selectors.count_of(character_id, item),
        prepared=selectors.prepared(character_id),
    )


@transaction.atomic(savepoint=False)
def wear_out(ended: BattleEnded) -> None:
    """Let a battle against monsters take of what its fighters wear, and end what they were prepared with.

    The fact may come late: what was used after the battle is for the next one.
    One that pays nobody, as after a fault, takes nothing either; nor does one that is told of again.
    """
    if ended.is_again or (ended.mode == "pve" and not ended.is_rewarded):
        return
    fighters = {each.character: each.outcome for each in ended.participants}
    lock_holders(fighters)
    gone = Prepared.objects.filter(character_id__in=fighters)
    if ended.ended_at is not None:
        gone = gone.filter(used_at__lte=datetime.fromtimestamp(ended.ended_at, UTC))
    were_prepared = set(gone.values_list("character_id", flat=True))
    gone.delete()
    for character_id in sorted(were_prepared):
        realtime.tell_character(
            character_id,
            InventoryChanged(cause=f"battle:{ended.battle}", prepared=selectors.prepared(character_id)),
        )
    if ended.mode == "pve":
        for character_id in sorted(fighters):
            is_lost = fighters[character_id] == "lost"
            _wear(character_id, DEFEAT_WEAR_PCT if is_lost else 0, f"battle:{ended.battle}")


@transactional
def repair(*, character_id: int, item_id: str, expected_price: int, idempotency_key: str) -> Repaired:
    """Mend an instance that is held, at a station that does so, for so much a point."""
    lock_holder(character_id)
    asset = f"{selectors.INSTANCE}{item_id}"
    held = selectors.amounts(character_id, [asset])
    found = selectors.instances_by_asset([asset]) if held else {}
    if asset not in found:
        raise NotHeldError
    instance, ((bucket, _),) = found[asset], held
    if entry_of(idempotency_key) is not None:
        seen = selectors.unique_items({asset: bucket})[0]
        return Repaired(item=seen, paid=0)
    _require_repairs(character_id)
    definition = selectors.item_definition(instance.definition)
    if definition is None:
        raise ItemRetiredError(item=instance.definition)
    price = repair_price(definition, selectors.durability_of([instance]).get(instance.id))
    if not price:
        raise NothingToRepairError
    if price != expected_price:
        raise PriceChangedError(item=definition.id, price=price)
    paid = Move(asset=CURRENCY, amount=price, source=wallet(character_id), target=sink("repair"))
    posting = Posting(
        kind="repair",
        idempotency_key=idempotency_key,
        cause=f"repair:{item_id}",
        moves=(paid,),
        actor_id=character_id,
    )
    entry_id = post(posting).entry_id
    mended = {"durability": definition.durability}
    ItemEvent.objects.create(instance=instance, kind="repaired", facts=mended, entry_id=entry_id)
    seen = selectors.unique_items({asset: bucket})[0]
    glim = selectors.glim(character_id)
    realtime.tell_character(character_id, InventoryChanged(cause="repair", glim=glim, items=[seen]))
    facts.publish_heard(HoldingsChanged(character=character_id, items=(CURRENCY,)))
    return Repaired(item=seen, paid=price)


def repair_price(definition: ItemDef, left: int | None) -> int:
    """Return what it costs to make an instance whole again."""
    if definition.durability is None or left is None:
        return 0
    return (definition.durability - left) * definition.repair


def _prepare(character_id: int, item: str, stats: Mapping[str, int]) -> None:
    try:
        with transaction.atomic():
            Prepared.objects.create(character_id=character_id, item=item, stats=dict(stats))
    except IntegrityError:
        raise AlreadyPreparedError(item=item) from None
    prepared = selectors.prepared(character_id)
    realtime.tell_character(character_id, InventoryChanged(cause=f"use:{item}", prepared=prepared))


def _wear(character_id: int, pct: int, cause: str) -> None:
    """Take a share of each piece that is worn, at least a point."""
    worn = {f"{selectors.INSTANCE}{each}": f"equipped:{slot}" for slot, each in _worn(character_id)}
    instances = selectors.instances_by_asset(worn)
    left = selectors.durability_of(instances.values())
    events = [
        ItemEvent(
            instance=each, kind="worn", facts={"durability": max(0, left[each.id] - _wear_of(each, pct))}
        )
        for _, each in sorted(instances.items())
        if left.get(each.id)
    ]
    if not events:
        return
    ItemEvent.objects.bulk_create(events)
    changed = {event.instance.asset: worn[event.instance.asset] for event in events}
    update = InventoryChanged(cause=cause, items=selectors.unique_items(changed))
    realtime.tell_character(character_id, update)


def _wear_of(instance: ItemInstance, pct: int) -> int:
    definition = selectors.item_definition(instance.definition)
    whole = definition.durability or 0 if definition is not None else 0
    return max(1, -(-whole * pct // 100))


def _worn(character_id: int) -> list[tuple[str, str]]:
    return sorted(selectors.equipped(character_id).items())


def _require_repairs(character_id: int) -> None:
    require_peace(character_id)
    near = stations_near(character_id)
    menders = [each for each in content.current().all(StationDef).values() if each.repairs]
    if not any(each.id in near or each.tag in near for each in menders):
        raise NotAtStationError(station="repair")
