"""What the economy tells of the dice outside battles: pairs of seeds, and everything thrown with one."""

from __future__ import annotations

from collections.abc import Iterable

from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from aether.kernel.weeks import week_ends_at, week_of
from aether.protocol.dice import DiceExport, DiceSeen, SeedPairs, SeedPairSeen, ThrowSeen
from apps.economy import seeds, selectors
from apps.economy.models import CHARACTER, DiceThrow, Line, SeedPair

PAIRS_PER_PAGE = 20


def dice_seen(character_id: int) -> DiceSeen:
    """Return what a character's dice are now; a pair must wait."""
    pairs = list(SeedPair.objects.filter(character_id=character_id, ended_at__isnull=True))
    in_use = next((pair for pair in pairs if pair.started_at is not None), None)
    return DiceSeen(
        in_use=None if in_use is None else pair_seen(in_use),
        waiting=pair_seen(next(pair for pair in pairs if pair.started_at is None)),
        week_ends_at=week_ends_at(week_of(clock.utc_now())).timestamp(),
    )


def shown_pairs(character_id: int, before: int | None = None) -> SeedPairs:
    """Return the pairs that have ended, the last first, those below the number `before`."""
    pairs = SeedPair.objects.filter(character_id=character_id, ended_at__isnull=False).order_by("-number")
    if before is not None:
        pairs = pairs.filter(number__lt=before)
    page = list(pairs[: PAIRS_PER_PAGE + 1])
    shown = page[:PAIRS_PER_PAGE]
    return SeedPairs(
        pairs=tuple(pair_seen(pair) for pair in shown),
        next=shown[-1].number if len(page) > PAIRS_PER_PAGE else None,
    )


def export(character_id: int, number: int) -> DiceExport:
    """Return everything that was thrown with a pair; refuse one that has not ended."""
    pair = SeedPair.objects.filter(character_id=character_id, number=number, ended_at__isnull=False).first()
    if pair is None:
        raise NotFoundError
    return DiceExport(character_id=character_id, pair=pair_seen(pair), throws=tuple(throws_of(pair)))


def pair_seen(pair: SeedPair) -> SeedPairSeen:
    """Return a pair as its owner sees it: the seed of the house only once it has ended."""
    seed = seeds.unseal(bytes(pair.sealed_seed), commitment=pair.commitment) if pair.ended_at else None
    return SeedPairSeen(
        number=pair.number,
        commitment=pair.commitment,
        client_seed=bytes(pair.client_seed).hex(),
        throws=pair.throws,
        started_at=pair.started_at.timestamp() if pair.started_at else None,
        ended_at=pair.ended_at.timestamp() if pair.ended_at else None,
        server_seed=seed.hex() if seed is not None else None,
    )


def throws_of(pair: SeedPair, *, latest: int | None = None) -> list[ThrowSeen]:
    """Return what was thrown with a pair, in order, and what came of it; or so many of it, the last first."""
    thrown = list(pair.thrown.order_by("nonce" if latest is None else "-nonce")[:latest])
    gave = _gave(pair.character_id, [throw.entry_key for throw in thrown])
    return [_throw_seen(throw, gave.get(throw.entry_key, {})) for throw in thrown]


def _throw_seen(throw: DiceThrow, gave: dict[str, int]) -> ThrowSeen:
    return ThrowSeen(
        nonce=throw.nonce,
        at=throw.at.timestamp(),
        cause=throw.cause,
        content_hash=throw.content_hash,
        rolls=tuple(tuple(roll) for roll in throw.rolls),
        gave=gave,
    )


def _gave(character_id: int, entry_keys: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return what came to a character by each entry, by the definition of what it was."""
    lines = Line.objects.filter(
        entry__idempotency_key__in=list(entry_keys),
        account__owner_type=CHARACTER,
        account__owner_id=character_id,
        amount__gt=0,
    ).values_list("entry__idempotency_key", "asset", "amount")
    rows = list(lines)
    instances = selectors.instances_by_asset({asset for _, asset, _ in rows})
    found: dict[str, dict[str, int]] = {}
    for key, asset, amount in rows:
        given = found.setdefault(key, {})
        name = instances[asset].definition if asset in instances else asset
        given[name] = given.get(name, 0) + amount
    return found
