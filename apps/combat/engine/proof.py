"""What proves a battle fair: its commitment, and a receipt for every roll, checked against the seeds.

This is level 1: it needs nothing but the reveal. Level 2 fights the battle again (`replay.compare`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aether.kernel import rng
from aether.protocol.combat_events import Reveal, Rolled

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_LOOT = re.compile(r"loot:(?:battle|[1-9][0-9]*)")
_HASH_DIGITS = 64
ID_MAX = 2**53 - 1
INDEX_MAX = 2**53 - 1


def dice_problems(reveal: Reveal) -> Iterator[str]:
    """Yield everything that is wrong with the dice of a battle, in order, as sentences."""
    unreadable = list(_unreadable(reveal))
    if unreadable:
        yield from unreadable
        return
    server_seed = bytes.fromhex(reveal.server_seed)
    if rng.commit(server_seed).hex() != reveal.commitment:
        yield "the seed of the house is not the one that was committed to before the battle."
    if any(not _LOOT.fullmatch(roll.stream) for roll in reveal.loot):
        yield "a receipt of the loot is not of a stream of loot."
    if any(_LOOT.fullmatch(roll.stream) for roll in reveal.rolls):
        yield "a receipt of the battle is of a stream of loot."
    yield from _receipt_problems((*reveal.rolls, *reveal.loot), key_of_reveal(reveal))


def key_of_reveal(reveal: Reveal) -> bytes:
    """Return the battle's key as it follows from the revealed seeds."""
    return rng.battle_key(
        bytes.fromhex(reveal.server_seed),
        battle_id=reveal.battle_id,
        content_hash=bytes.fromhex(reveal.content_hash),
        client_seeds={each.character_id: bytes.fromhex(each.seed) for each in reveal.client_seeds},
    )


def _unreadable(reveal: Reveal) -> Iterator[str]:
    if not 0 < reveal.battle_id <= ID_MAX:
        yield "the number of the battle is out of range."
    for what, text in (
        ("the seed of the house", reveal.server_seed),
        ("the commitment", reveal.commitment),
        ("the hash of the content", reveal.content_hash),
    ):
        if len(text) != _HASH_DIGITS or not _HEX.fullmatch(text):
            yield f"{what} is not 64 hexadecimal digits."
    for seed in reveal.client_seeds:
        fits = len(seed.seed) <= 2 * rng.SEED_BYTES_MAX and _HEX.fullmatch(seed.seed)
        if not fits or not 0 < seed.character_id <= ID_MAX:
            yield f"the seed of character {seed.character_id} is not hexadecimal, or too long."
    if len({seed.character_id for seed in reveal.client_seeds}) < len(reveal.client_seeds):
        yield "a character has two seeds."


def _receipt_problems(rolls: tuple[Rolled, ...], key: bytes) -> Iterator[str]:
    streams: dict[str, rng.Stream] = {}
    ends: dict[str, int] = {}
    for number, roll in enumerate(rolls, 1):
        where = f"receipt {number} ({roll.stream} {roll.index})"
        if not (1 <= roll.n <= rng.WORD_RANGE and 0 <= roll.index < INDEX_MAX):
            yield f"{where} is out of range."
            continue
        if roll.index != ends.get(roll.stream, 0):
            yield f"{where} does not continue its stream, which stands at {ends.get(roll.stream, 0)}."
        stream = streams.get(roll.stream)
        if stream is None:
            stream = streams[roll.stream] = rng.stream(key, roll.stream)
        yield from _wrong(where, roll, stream.below(roll.n, roll.index))
        ends[roll.stream] = roll.next_index


def _wrong(where: str, roll: Rolled, true: rng.Roll) -> Iterator[str]:
    if roll.value != true.value:
        yield f"{where} says {roll.value}, but the seeds give {true.value}."
    elif roll.next_index != true.next_index:
        yield f"{where} goes on at {roll.next_index}, but the seeds give {true.next_index}."
