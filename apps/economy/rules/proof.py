"""What proves the dice of a pair of seeds: its commitment, and a receipt for everything that was thrown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from aether.kernel import rng
from aether.protocol.dice import DiceExport, ThrowSeen
from apps.economy.rules.dice import stream_of

EXPORT_BYTES_MAX = 64 * 1024 * 1024
THROW_INDEX_MAX = 1 << 32
"""Far beyond any throw; who makes a file may say anything."""


class UnreadableDiceError(Exception):
    """The file is no export of dice; the message says why, in a sentence."""


def read_export(text: bytes) -> DiceExport:
    """Return the export that a file holds; refuse anything else with a sentence."""
    if len(text) > EXPORT_BYTES_MAX:
        raise UnreadableDiceError(f"it is larger than {EXPORT_BYTES_MAX >> 20} MiB.")
    try:
        return msgspec.json.decode(text, type=DiceExport)
    except msgspec.ValidationError as error:
        raise UnreadableDiceError(f"it is no export of dice: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableDiceError(f"it is not JSON: {error}.") from None
    except RecursionError:
        raise UnreadableDiceError("it is nested too deeply.") from None


def export_problems(export: DiceExport) -> Iterator[str]:
    """Yield everything that is wrong with an export, in order, as sentences."""
    pair = export.pair
    if pair.server_seed is None:
        yield "the seed of the house is not in it: the pair had not ended."
        return
    seed, share = bytes.fromhex(pair.server_seed), bytes.fromhex(pair.client_seed)
    if rng.commit(seed).hex() != pair.commitment:
        yield "the seed of the house is not the one that was committed to."
    if pair.throws != len(export.throws):
        yield f"the pair was thrown {pair.throws} times, but {len(export.throws)} are in the file."
    for nonce, throw in enumerate(export.throws):
        if throw.nonce != nonce:
            yield f"throw {nonce} is missing or in the wrong place: number {throw.nonce} stands there."
            return
        key = rng.throw_key(seed, character_id=export.character_id, client_seed=share, nonce=nonce)
        yield from _throw_problems(throw, key)


def _throw_problems(throw: ThrowSeen, key: bytes) -> Iterator[str]:
    stream, next_index = rng.stream(key, stream_of(throw.cause)), 0
    for index, n, value, told_next in throw.rolls:
        where = f"throw {throw.nonce} ({throw.cause}), place {index}"
        if index > THROW_INDEX_MAX:
            yield f"{where} is out of range."
            return
        if index != next_index:
            yield f"{where} does not continue its stream, which stands at {next_index}."
        true = stream.below(n, index)
        if value != true.value:
            yield f"{where} says {value}, but the seeds give {true.value}."
        elif told_next != true.next_index:
            yield f"{where} goes on at {told_next}, but the seeds give {true.next_index}."
        next_index = told_next
