"""Dice outside battles, which whoever throws them can check: a pair of seeds for a character and a week.

The house draws its seed first and commits to it; then the player may add one; from the first throw on
nobody can change either. Each throw has a number of its own, without gaps, so that nothing can be tried
again: a transaction that begins anew throws the same. When the pair ends, its seed is shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from aether.kernel import clock, content, realtime, rng
from aether.kernel.transactions import transactional
from aether.kernel.weeks import week_begins_at, week_of
from aether.protocol.dice import DiceChanged, DiceSeen
from apps.economy import dice as fair
from apps.economy import seeds
from apps.economy.making_errors import DiceInUseError, DiceUnusedError
from apps.economy.models import DiceThrow, SeedPair
from apps.economy.rules.dice import Dice, stream_of
from apps.economy.services.ledger import lock_holder

THROWS_MAX = 5_000
"""A pair that has thrown so often ends before its week does: what is exported of it stays small."""
SHOWN_AT_ONCE = 1_000
RENEWED_BEYOND = 1_000
"""So many numbers are left out when pairs are renewed: after the restore's moment others have borne them."""

# The pair's row is locked by it, so that nothing shows a seed that is about to be thrown with.
_NEXT = """
    UPDATE economy_seedpair SET throws = throws + 1
    WHERE character_id = %s AND started_at >= %s AND ended_at IS NULL AND throws < %s
    RETURNING id, throws - 1, commitment, sealed_seed, client_seed
"""

_SHOW_DUE = """
    UPDATE economy_seedpair SET ended_at = %s
    WHERE id IN (
        SELECT id FROM economy_seedpair
        WHERE started_at < %s AND ended_at IS NULL
        ORDER BY started_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
"""


class _Throw(NamedTuple):
    pair_id: int
    nonce: int
    stream: rng.Stream


class PairDice(Dice):
    """The next throw of a character's pair; it is taken when the first of its dice falls."""

    def __init__(self, character_id: int, cause: str, earlier: DiceThrow | None) -> None:
        self.cause = cause
        self._character_id = character_id
        self._earlier = earlier
        self._throw: _Throw | None = None
        self.kept = earlier
        """Where it is written down, once it is."""
        super().__init__(self._taken)

    def keep(self, entry_key: str) -> None:
        """Write down what fell, if anything did."""
        if self._throw is None:
            return
        told = {
            "content_hash": content.current().hash,
            "rolls": [[roll.index, roll.n, roll.value, roll.next_index] for roll in self.rolls],
        }
        if self._earlier is not None:
            DiceThrow.objects.filter(pk=self._earlier.pk).update(**told)
            return
        self.kept = DiceThrow.objects.create(
            pair_id=self._throw.pair_id,
            nonce=self._throw.nonce,
            cause=self.cause,
            entry_key=entry_key,
            **told,
        )

    def _taken(self) -> rng.Stream:
        self._throw = _again(self._earlier) if self._earlier else _next(self._character_id, self.cause)
        return self._throw.stream


@contextmanager
def thrown(
    character_id: int, *, cause: str, entry_key: str, earlier: DiceThrow | None = None
) -> Iterator[PairDice]:
    """Yield the next dice of a character, and write down what fell. Call while holding the character's lock.

    `cause` is `<source>:<reference>` of what they decide, `entry_key` names the entry that gives it;
    `earlier` throws a throw again whose outcome a release before left waiting for room.
    """
    dice = PairDice(character_id, cause, earlier)
    yield dice
    dice.keep(entry_key)


@transactional
def read_dice(*, character_id: int) -> DiceSeen:
    """Return a character's pairs; there is always one that waits for its owner's seed."""
    lock_holder(character_id)
    _waiting(character_id)
    return fair.dice_seen(character_id)


@transactional
def share_in_dice(*, character_id: int, pair: int, seed: bytes) -> DiceSeen:
    """Put the owner's seed into the pair that waits, instead of an earlier one; refused once it is in use."""
    lock_holder(character_id)
    waiting = _waiting(character_id)
    if waiting.number != pair:
        raise DiceInUseError
    waiting.client_seed = seed
    waiting.save(update_fields=["client_seed"])
    return _told(character_id)


@transactional
def show_dice(*, character_id: int) -> DiceSeen:
    """End the pair in use before its week does, and show its seed."""
    lock_holder(character_id)
    if not end_pair(character_id):
        raise DiceUnusedError
    return _told(character_id)


def end_pair(character_id: int) -> bool:
    """End the pair that a character has in use; tell if there was one."""
    in_use = SeedPair.objects.filter(
        character_id=character_id, started_at__isnull=False, ended_at__isnull=True
    )
    # Another host's clock, by which it began, may be ahead of ours.
    return in_use.update(ended_at=Greatest(F("started_at"), clock.utc_now())) > 0


@transactional
def renew_dice(*, character_id: int) -> None:
    """End the pair in use, and the one that waits unthrown; another one, of a number far beyond, waits then.

    For a shard that was restored: what was shown after its moment is known, whatever is sealed here.
    """
    lock_holder(character_id)
    now = clock.utc_now()
    _waiting(character_id)
    open_pairs = SeedPair.objects.filter(character_id=character_id, ended_at__isnull=True)
    last = max(open_pairs.values_list("number", flat=True))
    open_pairs.update(
        started_at=Coalesce("started_at", now), ended_at=Greatest(Coalesce("started_at", now), now)
    )
    _draw(character_id, last + RENEWED_BEYOND)


def characters_with_dice() -> list[int]:
    """Return everybody who has a pair that has not ended."""
    open_pairs = SeedPair.objects.filter(ended_at__isnull=True).order_by("character_id")
    return list(open_pairs.values_list("character_id", flat=True).distinct())


def show_due_dice() -> int:
    """End the pairs whose week is over, so many at once; return how many that were."""
    now, shown = clock.utc_now(), 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_SHOW_DUE, [now, week_begins_at(week_of(now)), SHOWN_AT_ONCE])
            found = int(cursor.rowcount)
            shown += found
            if found < SHOWN_AT_ONCE:
                return shown


def _next(character_id: int, cause: str) -> _Throw:
    """Take the next number of the pair in use; the one that waits comes into use where there is none."""
    now = clock.utc_now()
    found = _numbered(character_id, now)
    if found is None:
        end_pair(character_id)
        _begin(character_id, now)
        found = _numbered(character_id, now)
    assert found is not None, "a pair has just begun"
    pair_id, nonce, commitment, sealed_seed, client_seed = found
    pair = SeedPair(
        id=pair_id,
        character_id=character_id,
        commitment=commitment,
        sealed_seed=sealed_seed,
        client_seed=client_seed,
    )
    return _Throw(pair_id, nonce, _stream(pair, nonce, cause))


def _numbered(character_id: int, now: datetime) -> tuple[int, int, str, bytes, bytes] | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [character_id, week_begins_at(week_of(now)), THROWS_MAX])
        row: tuple[int, int, str, bytes, bytes] | None = cursor.fetchone()
        return row


def _again(earlier: DiceThrow) -> _Throw:
    return _Throw(earlier.pair_id, earlier.nonce, _stream(earlier.pair, earlier.nonce, earlier.cause))


def _stream(pair: SeedPair, nonce: int, cause: str) -> rng.Stream:
    key = rng.throw_key(
        seeds.unseal(bytes(pair.sealed_seed), commitment=pair.commitment),
        character_id=pair.character_id,
        client_seed=bytes(pair.client_seed),
        nonce=nonce,
    )
    return rng.stream(key, stream_of(cause))


def _begin(character_id: int, now: datetime) -> None:
    """Bring the pair that waits into use, and draw the next one, so that its owner can share in it."""
    waiting = _waiting(character_id)
    waiting.started_at = now
    waiting.save(update_fields=["started_at"])
    _draw(character_id, waiting.number + 1)
    _told(character_id)


def _waiting(character_id: int) -> SeedPair:
    pairs = SeedPair.objects.filter(character_id=character_id)
    waiting = pairs.filter(started_at__isnull=True).first()
    if waiting is not None:
        return waiting
    last = pairs.order_by("-number").values_list("number", flat=True).first()
    return _draw(character_id, (last or 0) + 1)


def _draw(character_id: int, number: int) -> SeedPair:
    seed = os.urandom(rng.SEED_BYTES_MAX)
    commitment = rng.commit(seed).hex()
    return SeedPair.objects.create(
        character_id=character_id,
        number=number,
        commitment=commitment,
        sealed_seed=seeds.seal(seed, commitment=commitment),
    )


def _told(character_id: int) -> DiceSeen:
    seen = fair.dice_seen(character_id)
    realtime.tell_character(character_id, DiceChanged(dice=seen))
    return seen
