"""The facts that accounts reacts to."""

from __future__ import annotations

from operator import attrgetter

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import BattleEnded
from apps.accounts import services


@subscribe(BattleEnded, name="accounts.grant_battle_xp", when=attrgetter("is_rewarded"))
def grant_battle_xp(fact: BattleEnded, event_id: int) -> None:
    services.reward_participants(battle=fact)
