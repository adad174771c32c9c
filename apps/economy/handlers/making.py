"""Commands of making: crafts, the bank, what is used and what is repaired."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, handles
from aether.protocol import making as wire
from apps.accounts import services as accounts
from apps.economy import making_selectors as making
from apps.economy import services


@handles(wire.ReadCrafting)
def read_crafting(caller: Caller, command: wire.ReadCrafting) -> wire.Crafting:
    return services.settle_crafts(character_id=caller.character_id)


@handles(wire.Craft)
def craft(caller: Caller, command: wire.Craft) -> wire.CraftSeen:
    return services.craft(
        character_id=caller.character_id,
        recipe_id=command.recipe,
        count=command.count,
        pieces=command.pieces,
        idempotency_key=_key("craft", caller),
    )


@handles(wire.CancelCraft)
def cancel_craft(caller: Caller, command: wire.CancelCraft) -> wire.Crafting:
    return services.cancel_craft(character_id=caller.character_id, craft_id=command.craft)


@handles(wire.ReadBank)
def read_bank(caller: Caller, command: wire.ReadBank) -> wire.Bank:
    return services.read_bank(character_id=caller.character_id)


@handles(wire.Deposit)
def deposit(caller: Caller, command: wire.Deposit) -> wire.Bank:
    return services.deposit(
        character_id=caller.character_id,
        item=command.item,
        count=command.count,
        idempotency_key=_key("bank_deposit", caller),
    )


@handles(wire.Withdraw)
def withdraw(caller: Caller, command: wire.Withdraw) -> wire.Bank:
    return services.withdraw(
        character_id=caller.character_id,
        item=command.item,
        count=command.count,
        idempotency_key=_key("bank_withdraw", caller),
    )


@handles(wire.UseItem)
def use(caller: Caller, command: wire.UseItem) -> wire.Used:
    return services.use(
        character_id=caller.character_id, item=command.item, idempotency_key=_key("use", caller)
    )


@handles(wire.RepairItem)
def repair(caller: Caller, command: wire.RepairItem) -> wire.Repaired:
    return services.repair(
        character_id=caller.character_id,
        item_id=command.item,
        expected_price=command.expected_price,
        idempotency_key=_key("repair", caller),
    )


def _key(kind: str, caller: Caller) -> str:
    """Return the ledger's key of a command: a command id is unique per character and for ever."""
    return f"{kind}:{caller.character_id}:{caller.command_id}"


def _reset_stats(character_id: int) -> None:
    accounts.reset_stats(character_id=character_id)


services.register_effect("respec", _reset_stats)
realtime.register_part("crafting", making.crafting)
