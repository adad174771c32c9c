"""What the economy tells about making: skills, crafts, the bank, and what wears out."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from aether.kernel import clock, content
from aether.protocol.making import Bank, Crafting, CraftSeen, ProfessionSeen
from apps.economy import selectors
from apps.economy.buckets import bank
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.making import ProfessionDef
from apps.economy.models import CraftJob, GatherTally, LearntRecipe, Profession
from apps.economy.rules.skill import DAILY_SOFT_CAP, Skill, skill_of

DAY_BEGINS_H = 4
UNDER_WAY = (CraftJob.State.RUNNING, CraftJob.State.READY)

_IN_BANK = """
    SELECT holding.asset, sum(holding.amount)::bigint FROM economy_account AS account
    JOIN economy_holding AS holding ON holding.account_id = account.id
    WHERE account.owner_type = 'character' AND account.owner_id = %s AND account.bucket = 'bank'
    GROUP BY holding.asset HAVING sum(holding.amount) > 0 ORDER BY holding.asset
"""


def skill(character_id: int, profession: str) -> Skill:
    """Return how far a character has come in a profession."""
    totals = Profession.objects.filter(character_id=character_id, profession=profession)
    return skill_of(totals.values_list("xp", flat=True).first() or 0)


def profession_levels(character_id: int) -> dict[str, int]:
    """Return the levels of the professions in which a character has begun."""
    totals = Profession.objects.filter(character_id=character_id).values_list("profession", "xp")
    return {profession: skill_of(xp).level for profession, xp in totals}


def profession_seen(profession: str, skill: Skill) -> ProfessionSeen:
    return ProfessionSeen(profession=profession, level=skill.level, xp=skill.xp, xp_next=skill.xp_next)


def crafting(character_id: int) -> Crafting:
    """Return what a character has learnt and is making."""
    totals = dict(Profession.objects.filter(character_id=character_id).values_list("profession", "xp"))
    taught = LearntRecipe.objects.filter(character_id=character_id).order_by("recipe")
    job = CraftJob.objects.filter(character_id=character_id, state__in=UNDER_WAY).first()
    return Crafting(
        professions=[
            profession_seen(each, skill_of(totals.get(each, 0)))
            for each in content.current().all(ProfessionDef)
        ],
        recipes=list(taught.values_list("recipe", flat=True)),
        craft=craft_seen(job) if job else None,
        gathered_today=gathered_today(character_id),
        soft_cap=DAILY_SOFT_CAP,
    )


def craft_seen(job: CraftJob) -> CraftSeen:
    return CraftSeen(
        id=job.pk,
        recipe=job.recipe,
        count=job.count,
        started_at=job.started_at.timestamp(),
        finishes_at=job.finishes_at.timestamp(),
    )


def gathered_today(character_id: int) -> int:
    """Return how often a character has gathered since the day began."""
    tally = GatherTally.objects.filter(character_id=character_id, day=today())
    return tally.values_list("gathered", flat=True).first() or 0


def today() -> date:
    """Return the day that it is in the game; it begins at four, server time."""
    return (clock.utc_now() - timedelta(hours=DAY_BEGINS_H)).date()


def in_bank(character_id: int) -> dict[str, int]:
    """Return what lies in a character's bank, by asset."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_BANK, [character_id])
        return dict(cursor.fetchall())


def banked(character_id: int) -> dict[str, int]:
    """Return how many of each item lie in a character's bank."""
    held = in_bank(character_id)
    instances = selectors.instances_by_asset(held)
    total: dict[str, int] = {}
    for asset, amount in held.items():
        item = instances[asset].definition if asset in instances else asset
        total[item] = total.get(item, 0) + amount
    return total


def bank_of(character_id: int) -> Bank:
    """Return a character's bank as its owner sees it."""
    held = in_bank(character_id)
    stacked = {asset: n for asset, n in held.items() if not asset.startswith(selectors.INSTANCE)}
    return Bank(
        glim=stacked.pop(CURRENCY, 0),
        stacks=selectors.stacks(stacked),
        items=selectors.unique_items(
            {asset: bank(character_id).name for asset in held.keys() - stacked.keys()}
        ),
    )


def weight_of(items: dict[str, int]) -> int:
    """Return what so many of some items weigh; what is retired weighs nothing."""
    known = content.current().all(ItemDef)
    return sum(known[item].weight * count for item, count in items.items() if item in known)
