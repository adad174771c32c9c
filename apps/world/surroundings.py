"""What the world tells the economy: who stands where and fights, who hears whom, what heals, what is on.

It also brings together the two below it that do not know each other: founders of guilds pay by the ledger.
"""

from __future__ import annotations

from apps.chat import services as chat
from apps.chat.selectors import hears
from apps.economy import services as economy
from apps.world import selectors, sky
from apps.world.errors import InBattleError
from apps.world.services.coming import present, recall
from apps.world.services.resting import heal


def _require_peace(character_id: int) -> None:
    if selectors.held_by_battles([character_id]):
        raise InBattleError


def _recall(character_id: int) -> None:
    recall(present(character_id))


economy.register_stations(selectors.stations_near)
economy.register_peace(_require_peace)
economy.register_effect("recall", _recall)
economy.register_healer(heal)
economy.register_listening(hears)
economy.register_events(sky.open_events)
chat.register_treasury(chat.Treasury(pay=economy.pay_for_guild, is_paid=economy.is_paid))
