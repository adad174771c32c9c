"""The facts that accounts reacts to."""

from __future__ import annotations

from operator import attrgetter

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import BattleEnded, XpRestored, XpRevoked
from apps.accounts import services


@subscribe(BattleEnded, name="accounts.grant_battle_xp", when=attrgetter("is_rewarded"))
def grant_battle_xp(fact: BattleEnded, event_id: int) -> None:
    services.reward_participants(battle=fact)


@subscribe(XpRevoked, name="accounts.revoke_xp")
def revoke_xp(fact: XpRevoked, event_id: int) -> None:
    services.revoke_xp(character_id=fact.character, amount=fact.amount, cause=fact.cause, rollback=fact.case)


@subscribe(XpRestored, name="accounts.restore_xp")
def restore_xp(fact: XpRestored, event_id: int) -> None:
    services.restore_xp(character_id=fact.character, rollback=fact.case)
