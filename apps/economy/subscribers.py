"""What the economy does when others have finished something."""

from __future__ import annotations

from operator import attrgetter

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import BattleEnded, CharacterCreated
from apps.economy import services


@subscribe(BattleEnded, name="economy.pay_loot", when=attrgetter("is_rewarded"))
def pay_loot(ended: BattleEnded, event_id: int) -> None:
    services.pay_battle_loot(ended)


@subscribe(BattleEnded, name="economy.wear_out")
def wear_out(ended: BattleEnded, event_id: int) -> None:
    services.wear_out(ended)


@subscribe(BattleEnded, name="economy.settle_supplies", when=attrgetter("has_supplies"))
def settle_supplies(ended: BattleEnded, event_id: int) -> None:
    services.settle_supplies(ended)


@subscribe(CharacterCreated, name="economy.give_starter")
def give_starter(created: CharacterCreated, event_id: int) -> None:
    services.give_starter(created.character)
