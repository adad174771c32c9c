"""What combat does when something happened in the world."""

from __future__ import annotations

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import GroupAttacked
from apps.combat import services


@subscribe(GroupAttacked, name="combat.ambush")
def ambush(fact: GroupAttacked, event_id: int) -> None:
    services.ambush(character_id=fact.character, group_id=fact.group)
