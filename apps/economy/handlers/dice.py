"""Commands of the dice outside battles."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
from aether.protocol import dice as wire
from apps.economy import services


@handles(wire.ReadDice)
def read_dice(caller: Caller, command: wire.ReadDice) -> wire.DiceSeen:
    return services.read_dice(character_id=caller.character_id)


@handles(wire.ShareInDice)
def share_in_dice(caller: Caller, command: wire.ShareInDice) -> wire.DiceSeen:
    return services.share_in_dice(
        character_id=caller.character_id, pair=command.pair, seed=bytes.fromhex(command.seed)
    )


@handles(wire.ShowDice)
def show_dice(caller: Caller, command: wire.ShowDice) -> wire.DiceSeen:
    return services.show_dice(character_id=caller.character_id)
