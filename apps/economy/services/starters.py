"""What every new character finds in its bag."""

from __future__ import annotations

from django.db import transaction

from aether.kernel import content
from apps.economy.definitions import StarterDef
from apps.economy.services.grants import grant
from apps.economy.services.throwing import end_pair


@transaction.atomic
def give_starter(character_id: int) -> None:
    """Give the starters of the pack, once per character."""
    for starter in content.current().all(StarterDef).values():
        grant(
            character_id=character_id,
            cause=f"starter:{starter.id}",
            idempotency_key=f"starter:{starter.id}:{character_id}",
            glim=starter.glim,
            items=starter.items,
        )
    # Its owner could share in nothing yet: what comes next is thrown with a pair that waits for that.
    end_pair(character_id)
