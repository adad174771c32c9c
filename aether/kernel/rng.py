"""Keyed dice: every draw is an HMAC of a secret key, a stream's name and an index.

Nothing here keeps state: a draw takes an index and returns the next one in its receipt, so that
whoever holds the key can check every roll, and nobody else can predict one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

WORDS_PER_BLOCK = 8
WORD_RANGE = 1 << 32
SEED_BYTES_MAX = 32

_BATTLE_LABEL = b"aether.battle.v1"
_STREAM_LABEL = b"aether.stream.v1"
_THROW_LABEL = b"aether.dice.v1"


class Roll(msgspec.Struct, frozen=True):
    """The receipt of one draw: `value` is in 0..n-1, the stream goes on at `next_index`."""

    stream: str
    index: int
    n: int
    value: int
    next_index: int


class Shuffled(NamedTuple):
    items: tuple[int, ...]
    rolls: tuple[Roll, ...]


def commit(server_seed: bytes) -> bytes:
    """Return what is published before any client seed is accepted."""
    return hashlib.sha256(server_seed).digest()


def battle_key(
    server_seed: bytes, *, battle_id: int, content_hash: bytes, client_seeds: Mapping[int, bytes]
) -> bytes:
    """Return the key of a battle; `client_seeds` by character id, empty for who sent none."""
    parts = [_BATTLE_LABEL, battle_id.to_bytes(8, "big"), content_hash]
    for character_id, seed in sorted(client_seeds.items()):
        parts += [character_id.to_bytes(8, "big"), bytes([len(seed)]), seed]
    return hmac.digest(server_seed, b"".join(parts), "sha256")


def throw_key(server_seed: bytes, *, character_id: int, client_seed: bytes, nonce: int) -> bytes:
    """Return the key of one throw outside battles: the `nonce`th, from 0, of a character's pair of seeds.

    Nothing is in it that the house could choose once the client's seed is there.
    """
    parts = [
        _THROW_LABEL,
        character_id.to_bytes(8, "big"),
        bytes([len(client_seed)]),
        client_seed,
        nonce.to_bytes(8, "big"),
    ]
    return hmac.digest(server_seed, b"".join(parts), "sha256")


class Stream(NamedTuple):
    """A named sequence of dice under one key."""

    name: str
    key: bytes

    def word(self, index: int) -> int:
        """Return the 32-bit word at an index."""
        return _block(self.key, index // WORDS_PER_BLOCK)[index % WORDS_PER_BLOCK]

    def below(self, n: int, index: int) -> Roll:
        """Draw evenly from 0..n-1, 1 ≤ n ≤ 2^32; words past the last full multiple are skipped."""
        limit = WORD_RANGE - WORD_RANGE % n
        position = index
        while (word := self.word(position)) >= limit:
            position += 1
        return Roll(self.name, index, n, word % n, position + 1)

    def shuffle(self, items: Sequence[int], index: int) -> Shuffled:
        """Return the items in random order, and a receipt for each swap."""
        shuffled, rolls = list(items), []
        for last in range(len(shuffled) - 1, 0, -1):
            roll = self.below(last + 1, index)
            index = roll.next_index
            rolls.append(roll)
            shuffled[last], shuffled[roll.value] = shuffled[roll.value], shuffled[last]
        return Shuffled(tuple(shuffled), tuple(rolls))


def stream(key: bytes, name: str) -> Stream:
    """Return a named stream under a battle's key."""
    return Stream(name, hmac.digest(key, _STREAM_LABEL + name.encode(), "sha256"))


def pick(weights: Sequence[int], value: int) -> int:
    """Return which weight a draw below their sum falls on."""
    for position, weight in enumerate(weights):
        if value < weight:
            return position
        value -= weight
    raise ValueError("the draw is not below the sum of the weights")


def is_true_to(roll: Roll, key: bytes) -> bool:
    """Check a receipt against the revealed key."""
    return stream(key, roll.stream).below(roll.n, roll.index) == roll


@lru_cache(maxsize=4096)
def _block(key: bytes, number: int) -> tuple[int, ...]:
    digest = hmac.digest(key, number.to_bytes(8, "big"), "sha256")
    return tuple(int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4))
