"""The effects of content that the economy performs: what is taken, what is given, what is taught."""

from __future__ import annotations

from collections.abc import Sequence

from aether.kernel.effects import Effect, amounts_of, register_performer
from apps.economy import services


def _exchange(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    """Take before giving, so that nobody pays with what he is given."""
    taken = amounts_of(effect.take for effect in effects)
    given = amounts_of(effect.give for effect in effects)
    glim = sum(effect.currency.n for effect in effects if effect.currency is not None)
    if taken:
        services.take(character_id=character_id, cause=source, idempotency_key=f"take:{key}", items=taken)
    if given or glim:
        services.grant(
            character_id=character_id, cause=source, idempotency_key=f"give:{key}", glim=glim, items=given
        )


def _write(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    letters = [effect.mail for effect in effects if effect.mail is not None]
    for number, letter in enumerate(letters, start=1):
        services.send_story_letter(
            character_id=character_id, letter=letter, source=source, idempotency_key=f"mail:{number}:{key}"
        )


def _unlock(character_id: int, effects: Sequence[Effect], source: str, key: str) -> None:
    recipes = [effect.unlock.recipe for effect in effects if effect.unlock is not None]
    services.unlock_recipes(character_id=character_id, recipes=filter(None, recipes))


register_performer("economy", ("take", "give", "currency"), _exchange)
register_performer("economy.mail", ("mail",), _write)
register_performer("economy.recipes", ("unlock",), _unlock)
