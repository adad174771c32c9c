"""What effects give and take: each source once per character, whoever asks again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from apps.accounts import services as accounts
from apps.economy import services as economy
from apps.quests.definitions import Effect, Stack
from apps.quests.models import AppliedEffect, Flag


def give_once(character_id: int, effects: Sequence[Effect], source: str) -> None:
    """Apply what of some effects gives, takes or sets a flag, once per source.

    A source whose effects a rollback has undone is a new one.
    `source` is `<kind>:<reference>`; the takes come first, so that nobody pays with what he is given.
    """
    applied, is_new = AppliedEffect.objects.get_or_create(character_id=character_id, source=source)
    if not is_new:
        return
    key = f"{source}:{character_id}:{applied.pk}"
    taken = _sum(effect.take for effect in effects)
    given = _sum(effect.give for effect in effects)
    glim = sum(effect.currency.n for effect in effects if effect.currency is not None)
    experience = sum(effect.xp or 0 for effect in effects)
    if taken:
        economy.take(character_id=character_id, cause=source, idempotency_key=f"take:{key}", items=taken)
    if given or glim:
        economy.grant(
            character_id=character_id, cause=source, idempotency_key=f"give:{key}", glim=glim, items=given
        )
    if experience:
        accounts.grant_xp(character_id=character_id, amount=experience, cause=source)
    for flag in (effect.flag for effect in effects if effect.flag is not None):
        Flag.objects.update_or_create(character_id=character_id, key=flag.key, defaults={"value": flag.set})


def _sum(stacks: Iterable[Stack | None]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for stack in stacks:
        if stack is not None:
            amounts[stack.item] = amounts.get(stack.item, 0) + stack.n
    return amounts


def gives(effects: Sequence[Effect]) -> bool:
    """Tell if there is anything among the effects to be applied once."""
    return any(effect.is_reward or effect.take is not None for effect in effects)
