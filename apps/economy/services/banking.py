"""The bank: what lies there is not carried, and is reached from beside a bank only."""

from __future__ import annotations

from uuid import UUID

from aether.kernel import content
from aether.kernel.transactions import transactional
from aether.protocol.making import Bank
from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.buckets import bank, home
from apps.economy.definitions import CURRENCY
from apps.economy.errors import CapacityError, NotHeldError, WornItemError
from apps.economy.making import StationDef
from apps.economy.making_errors import NotAtStationError
from apps.economy.models import BALANCE_MAX
from apps.economy.services.carrying import require_strength
from apps.economy.services.freezing import require_free
from apps.economy.services.ledger import Move, Posting, entry_of, lock_holder, post
from apps.economy.services.minting import room_in_bag
from apps.economy.services.surroundings import require_peace, stations_near
from apps.economy.services.telling import tell_change

BANK_KINDS_MAX = 200
"""How many different stacks and instances a bank holds."""


@transactional
def read_bank(*, character_id: int) -> Bank:
    """Return what lies in the bank; refused away from one."""
    _require_bank(character_id)
    return making.bank_of(character_id)


@transactional
def deposit(*, character_id: int, item: str, count: int, idempotency_key: str) -> Bank:
    """Put something into the bank."""
    lock_holder(character_id)
    if entry_of(idempotency_key) is not None:
        return making.bank_of(character_id)
    require_free(character_id)
    _require_bank(character_id)
    asset = _asset(item, count)
    source, held = home(character_id, asset), making.in_bank(character_id)
    if asset.startswith(selectors.INSTANCE):
        where = {bucket for bucket, _ in selectors.amounts(character_id, [asset])}
        if source.name not in where:
            raise WornItemError if where - {bank(character_id).name} else NotHeldError()
    if held.get(asset, 0) + count > BALANCE_MAX or len({*held, asset}) > BANK_KINDS_MAX:
        raise CapacityError(asset=item)
    move = Move(asset=asset, amount=count, source=source, target=bank(character_id))
    _move(character_id, "bank_deposit", idempotency_key, move)
    return making.bank_of(character_id)


@transactional
def withdraw(*, character_id: int, item: str, count: int, idempotency_key: str) -> Bank:
    """Take something out of the bank, as far as the character can carry it."""
    lock_holder(character_id)
    if entry_of(idempotency_key) is not None:
        return making.bank_of(character_id)
    require_free(character_id)
    _require_bank(character_id)
    asset = _asset(item, count)
    is_unique = asset.startswith(selectors.INSTANCE)
    if is_unique and asset not in making.in_bank(character_id):
        raise NotHeldError
    if is_unique and room_in_bag(character_id) < 1:
        raise CapacityError(asset=item)
    if asset != CURRENCY:
        kind = selectors.instances_by_asset([asset])[asset].definition if is_unique else asset
        require_strength(character_id, {kind: count})
    source, target = bank(character_id), home(character_id, asset)
    move = Move(asset=asset, amount=count, source=source, target=target)
    _move(character_id, "bank_withdraw", idempotency_key, move)
    return making.bank_of(character_id)


def _require_bank(character_id: int) -> None:
    require_peace(character_id)
    near = stations_near(character_id)
    banks = [each for each in content.current().all(StationDef).values() if each.kind == "bank"]
    if not any(each.id in near or each.tag in near for each in banks):
        raise NotAtStationError(station="bank")


def _asset(item: str, count: int) -> str:
    """Return the asset that a command names: a currency, a stacked item, or an instance by its id."""
    try:
        asset = f"{selectors.INSTANCE}{UUID(item)}"
    except ValueError:
        definition = selectors.item_definition(item)
        if definition is not None and definition.is_unique:
            raise NotHeldError from None
        return item
    if count != 1:
        raise NotHeldError
    return asset


def _move(character_id: int, kind: str, key: str, move: Move) -> None:
    posting = Posting(
        kind=kind, idempotency_key=key, cause=f"{kind}:{character_id}", moves=(move,), actor_id=character_id
    )
    post(posting)
    tell_change(character_id, kind, [move])
