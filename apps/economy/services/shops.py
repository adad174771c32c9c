"""Shops: buying and selling at the price of the content, next to the shopkeeper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from aether.kernel import content, facts
from aether.kernel.facts.types import ItemGained
from aether.kernel.transactions import transactional
from aether.protocol.economy import ShopReceipt
from apps.economy import occasions, selectors
from apps.economy.buckets import bag, faucet, sink, wallet
from apps.economy.definitions import CURRENCY, ItemDef, ShopDef
from apps.economy.errors import (
    BoundItemError,
    CapacityError,
    ItemRetiredError,
    NotHeldError,
    NotTradedError,
    PriceChangedError,
    WornItemError,
)
from apps.economy.models import BALANCE_MAX, ItemInstance, Line
from apps.economy.services.carrying import require_strength
from apps.economy.services.freezing import require_free
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.minting import make_instances, room_in_bag, save_instances
from apps.economy.services.pricing import drift_pct, press
from apps.economy.services.telling import tell_change
from apps.economy.services.throwing import thrown

UNIQUE_PER_PURCHASE_MAX = 20

Presence = Callable[[int, str], None]
"""Refuses when the character does not stand next to the keeper (an NPC's id)."""

_presence: list[Presence] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What a character wants of a shop. `item` is a definition, or the id of an instance to sell."""

    character_id: int
    shop: str
    item: str
    count: int
    expected_price: int
    idempotency_key: str


def register_presence(check: Presence) -> None:
    """Have a check from further up decide who stands near enough to trade."""
    if check not in _presence:
        _presence.append(check)


@transactional
def buy(deal: Deal) -> ShopReceipt:
    """Buy at the shop's price; refused when that is not the expected one any more."""
    lock_holder(deal.character_id)
    if (receipt := _earlier(deal)) is not None:
        return receipt
    require_free(deal.character_id)
    definition, price = _offered(deal, deal.item, selling=False)
    total = _total(price, deal.count)
    made = _make(deal, definition)
    require_strength(deal.character_id, {definition.id: deal.count})
    source, target = faucet("shop"), bag(deal.character_id)
    goods = [Move(asset=each.asset, amount=1, source=source, target=target) for each in made] or [
        Move(asset=definition.id, amount=deal.count, source=source, target=target)
    ]
    paid = Move(asset=CURRENCY, amount=total, source=wallet(deal.character_id), target=sink("shop"))
    entry_id = _post(deal, "buy", [paid, *goods])
    press(deal.shop, definition.id, deal.count)
    save_instances((each, entry_id) for each in made)
    tell_change(deal.character_id, f"shop:{deal.shop}", [paid, *goods])
    facts.publish(
        ItemGained(character=deal.character_id, item=definition.id, count=deal.count, source="shop")
    )
    return _receipt(deal, definition.id, total)


@transactional
def sell(deal: Deal) -> ShopReceipt:
    """Sell what stacks by its definition, or one instance by its id."""
    lock_holder(deal.character_id)
    if (receipt := _earlier(deal)) is not None:
        return receipt
    require_free(deal.character_id)
    asset, definition_id = _goods(deal)
    definition, price = _offered(deal, definition_id, selling=True)
    if definition.bound:
        raise BoundItemError(item=definition.id)
    total = _total(price, deal.count)
    goods = Move(asset=asset, amount=deal.count, source=bag(deal.character_id), target=sink("shop"))
    earned = Move(asset=CURRENCY, amount=total, source=faucet("shop"), target=wallet(deal.character_id))
    _post(deal, "sell", [goods, earned])
    press(deal.shop, definition.id, -deal.count)
    tell_change(deal.character_id, f"shop:{deal.shop}", [goods, earned])
    return _receipt(deal, definition.id, total)


def _earlier(deal: Deal) -> ShopReceipt | None:
    """Return the receipt of a deal whose key has been used before."""
    entry_id = entry_of(deal.idempotency_key)
    if entry_id is None:
        return None
    glim = Line.objects.filter(entry_id=entry_id, asset=CURRENCY, account__owner_id=deal.character_id)
    return _receipt(deal, deal.item, abs(glim.values_list("amount", flat=True).get()))


def _make(deal: Deal, definition: ItemDef) -> list[ItemInstance]:
    if not definition.is_unique:
        return []
    if deal.count > min(UNIQUE_PER_PURCHASE_MAX, room_in_bag(deal.character_id)):
        raise CapacityError(asset=deal.item)
    with thrown(deal.character_id, cause=f"shop:{deal.shop}", entry_key=deal.idempotency_key) as dice:
        return make_instances(deal.character_id, [definition] * deal.count, dice)


def _offered(deal: Deal, item: str, *, selling: bool) -> tuple[ItemDef, int]:
    """Return what is dealt in and its price for one."""
    shop = content.current().get(ShopDef, deal.shop)
    for check in _presence:
        check(deal.character_id, shop.keeper)
    offer = next((offer for offer in occasions.offered(shop) if offer.item == item), None)
    base = None if offer is None else offer.sell if selling else offer.buy
    if offer is None or base is None:
        raise NotTradedError(item=item)
    price = offer.at(base, drift_pct(deal.shop, offer))
    if price != deal.expected_price:
        raise PriceChangedError(item=item, price=price)
    definition = selectors.item_definition(item)
    if definition is None:
        raise ItemRetiredError(item=item)
    return definition, price


def _goods(deal: Deal) -> tuple[str, str]:
    """Return the asset that is sold and the definition that it is of."""
    instance_id = _instance_id(deal.item)
    if instance_id is None:
        definition = selectors.item_definition(deal.item)
        if definition is not None and definition.is_unique:
            raise NotHeldError()
        return deal.item, deal.item
    asset = f"item:{instance_id}"
    held = selectors.amounts(deal.character_id, [asset])
    if not held or deal.count != 1:
        raise NotHeldError()
    if (bag(deal.character_id).name, asset) not in held:
        raise WornItemError()
    instance = selectors.instances_by_asset([asset])[asset]
    if instance.bound_to is not None:
        raise BoundItemError(item=instance.definition)
    return asset, instance.definition


def _instance_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _total(price: int, count: int) -> int:
    if price * count > BALANCE_MAX:
        raise CapacityError(asset=CURRENCY)
    return price * count


def _post(deal: Deal, kind: str, moves: list[Move]) -> int:
    posting = Posting(
        kind=kind,
        idempotency_key=deal.idempotency_key,
        cause=f"shop:{deal.shop}",
        moves=tuple(moves),
        actor_id=deal.character_id,
    )
    return post(posting).entry_id


def _receipt(deal: Deal, item: str, total: int) -> ShopReceipt:
    return ShopReceipt(item=item, count=deal.count, total=total, glim=selectors.glim(deal.character_id))
