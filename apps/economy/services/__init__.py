"""The economy's write path: grants, loot, equipment and shops, all through one posting function."""

from apps.economy.services.awards import Granted
from apps.economy.services.equipment import equip, unequip
from apps.economy.services.folding import fold
from apps.economy.services.grants import compensate, grant, take
from apps.economy.services.loot import pay_battle_loot
from apps.economy.services.shops import Deal, buy, register_presence, sell
from apps.economy.services.starters import give_starter

__all__ = [
    "Deal",
    "Granted",
    "buy",
    "compensate",
    "equip",
    "fold",
    "give_starter",
    "grant",
    "pay_battle_loot",
    "register_presence",
    "sell",
    "take",
    "unequip",
]
