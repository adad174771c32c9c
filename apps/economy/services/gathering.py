"""What gathering gives: the yield of a node, less of it after the soft cap of the day, and practice."""

from __future__ import annotations

from django.db import connection

from aether.kernel import content, facts
from aether.kernel.facts.types import NodeGathered
from aether.kernel.transactions import transactional
from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.making import NodeDef
from apps.economy.making_errors import MissingToolError
from apps.economy.rules.dice import scaled
from apps.economy.rules.making import halved
from apps.economy.rules.skill import DAILY_SOFT_CAP
from apps.economy.services.awards import Award, Granted, granted_by, pay, throw
from apps.economy.services.carrying import require_strength
from apps.economy.services.ledger import entry_of, lock_holder
from apps.economy.services.professions import learn, require_skill
from apps.economy.services.throwing import PairDice, thrown

_COUNT = """
    INSERT INTO economy_gathertally AS tally (character_id, day, gathered) VALUES (%s, %s, 1)
    ON CONFLICT (character_id, day) DO UPDATE SET gathered = tally.gathered + 1 RETURNING gathered
"""


def require_gatherer(character_id: int, node: NodeDef) -> None:
    """Refuse who lacks the skill or the tool for a node, or could not carry more."""
    require_skill(character_id, node.profession, node.level)
    if node.tool is not None and not selectors.count_of(character_id, node.tool):
        raise MissingToolError(item=node.tool)
    require_strength(character_id, {})


@transactional
def gather(
    *, character_id: int, node: NodeDef, zone: str, idempotency_key: str, yield_pct: int = 100
) -> Granted:
    """Give what one charge of a node yields, more or less of it as the weather has it, once per key."""
    lock_holder(character_id)
    if (entry := entry_of(idempotency_key)) is not None:
        return granted_by(entry, character_id)
    cause = f"gather:{node.id}"
    with thrown(character_id, cause=cause, entry_key=idempotency_key) as dice:
        granted = pay([_yield_of(node, character_id, dice, idempotency_key, yield_pct)])[0]
    learn(character_id, node.profession, node.xp)
    facts.publish(NodeGathered(character=character_id, node=node.id, zone=zone))
    return granted


def _yield_of(node: NodeDef, character_id: int, dice: PairDice, key: str, yield_pct: int) -> Award:
    """Throw what a charge of a node gives now: the weather, then the soft cap of the day take their part."""
    award = Award(character_id=character_id, cause=dice.cause, idempotency_key=key, dice=dice)
    if node.loot in content.current().raw("loot"):
        throw([award], [node.loot])
    if yield_pct != 100:
        award.loot.items = {
            item: part for item, n in award.loot.items.items() if (part := scaled(n, yield_pct, dice))
        }
    if _count(character_id) > DAILY_SOFT_CAP:
        award.loot.items = {item: half for item, n in award.loot.items.items() if (half := halved(n, dice))}
    return award


def _count(character_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [character_id, making.today()])
        return int(cursor.fetchone()[0])
