"""Learning: what a profession gains by doing, what recipes are taught, and who may do what by it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from aether.kernel import facts, realtime
from aether.kernel.facts.types import SkillReached
from aether.kernel.transactions import transactional
from aether.protocol.making import ProfessionChanged, RecipeLearnt
from apps.economy import making_selectors as making
from apps.economy.making_errors import RecipeKnownError, RecipeLockedError, SkillTooLowError
from apps.economy.models import LearntRecipe
from apps.economy.rules.skill import XP_MAX, skill_of
from apps.economy.services.ledger import lock_holder

_LEARN = """
    INSERT INTO economy_profession AS known (character_id, profession, xp) VALUES (%s, %s, least(%s, %s))
    ON CONFLICT (character_id, profession) DO UPDATE SET xp = least(known.xp + excluded.xp, %s)
    RETURNING xp
"""


def require_skill(character_id: int, profession: str, level: int) -> int:
    """Refuse who has not come far enough in a profession; return the level."""
    reached = making.skill(character_id, profession).level
    if reached < level:
        raise SkillTooLowError(profession=profession, level=level)
    return reached


def learn(character_id: int, profession: str, xp: int) -> None:
    """Let a character gain experience in a profession. Call while holding the character's lock."""
    before = making.skill(character_id, profession)
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [character_id, profession, xp, XP_MAX, XP_MAX])
        skill = skill_of(cursor.fetchone()[0])
    update = ProfessionChanged(
        profession=making.profession_seen(profession, skill), gained_levels=skill.level - before.level
    )
    realtime.tell_character(character_id, update)
    facts.publish_all(
        SkillReached(character=character_id, profession=profession, level=level)
        for level in range(before.level + 1, skill.level + 1)
    )


def learn_recipe(character_id: int, recipe: str) -> None:
    """Let a character know a recipe for good; refuse who does. Call while holding the character's lock."""
    _, is_new = LearntRecipe.objects.get_or_create(character_id=character_id, recipe=recipe)
    if not is_new:
        raise RecipeKnownError(recipe=recipe)
    realtime.tell_character(character_id, RecipeLearnt(recipe=recipe))


@transactional
def unlock_recipes(*, character_id: int, recipes: Iterable[str]) -> None:
    """Let a character know recipes for good, those included that it knows already."""
    lock_holder(character_id)
    for recipe in recipes:
        _, is_new = LearntRecipe.objects.get_or_create(character_id=character_id, recipe=recipe)
        if is_new:
            realtime.tell_character(character_id, RecipeLearnt(recipe=recipe))


def require_taught(character_id: int, recipe: str) -> None:
    """Refuse who was not taught a recipe."""
    if not LearntRecipe.objects.filter(character_id=character_id, recipe=recipe).exists():
        raise RecipeLockedError(recipe=recipe)
