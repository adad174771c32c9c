"""The keyed dice agree with the published vectors, are uniform, and can be checked by anybody."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aether.kernel import rng

SERVER_SEED = bytes(range(32))
CONTENT_HASH = hashlib.sha256(b"aether-demo-pack-1").digest()
SEEDS = {1002: b"bob", 1001: b"alice"}
KEY = rng.battle_key(SERVER_SEED, battle_id=42, content_hash=CONTENT_HASH, client_seeds=SEEDS)


def draws(name: str, n: int, count: int) -> tuple[list[int], int]:
    stream, index, values = rng.stream(KEY, name), 0, []
    for _ in range(count):
        roll = stream.below(n, index)
        index = roll.next_index
        values.append(roll.value)
    return values, index


def test_commitment_is_the_published_vector() -> None:
    expected = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    assert rng.commit(SERVER_SEED).hex() == expected


def test_battle_key_is_the_published_vector() -> None:
    assert KEY.hex() == "0ff12ec58694ea89c6ab2d4f1b8c57232cfb072ccc2f4d7d9b2e166f46108f4a"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("order", "de2fa1b6 7e04fea4 ad2bcea4 8db2c0eb"),
        ("cast", "bd62bba0 3e3a4108 0e590464 7ef24b2f"),
    ],
)
def test_words_are_the_published_vectors(name: str, words: str) -> None:
    stream = rng.stream(KEY, name)
    assert [f"{stream.word(i):08x}" for i in range(4)] == words.split()


def test_values_between_are_the_published_vector() -> None:
    values, _ = draws("cast", 100, 12)
    assert [1 + value for value in values] == [85, 29, 53, 76, 41, 45, 78, 53, 48, 41, 53, 63]


def test_rejected_words_consume_an_index() -> None:
    values, index = draws("order", 3 << 30, 6)
    expected = [2114256548, 2905329316, 2377302251, 1802554085, 1994229425, 70588193]
    assert (values, index) == (expected, 8)


def test_shuffle_is_the_published_vector() -> None:
    shuffled = rng.stream(KEY, "order").shuffle(range(10), 0)
    assert shuffled.items == (7, 3, 6, 1, 5, 0, 8, 4, 9, 2)
    assert shuffled.rolls[-1].next_index == 9


def test_pick_is_the_published_vector() -> None:
    weights = [7000, 2500, 490, 10]
    values, _ = draws("loot:1001", sum(weights), 20)
    picked = [rng.pick(weights, value) for value in values]
    assert picked == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("n", [1, 1 << 32])
def test_extreme_ranges_draw_one_word(n: int) -> None:
    roll = rng.stream(KEY, "cast").below(n, 5)
    assert 0 <= roll.value < n
    assert roll.next_index == 6


@pytest.mark.parametrize(
    ("n", "limit"), [(2, 10.8), (3, 13.8), (6, 20.5), (10, 27.9), (100, 148.2), (10_000, 10_442)]
)
def test_draws_are_uniform(n: int, limit: float) -> None:
    """χ² stays under its 0.1 % point for a fixed key."""
    values, _ = draws("cast", n, 20 * n + 5_000)
    expected, seen = len(values) / n, Counter(values)
    assert sum((seen[value] - expected) ** 2 / expected for value in range(n)) < limit


def test_shuffle_reaches_all_orders_evenly() -> None:
    stream, index, seen = rng.stream(KEY, "order"), 0, dict[tuple[int, ...], int]()
    for _ in range(4_800):
        shuffled = stream.shuffle(range(4), index)
        index = shuffled.rolls[-1].next_index
        seen[shuffled.items] = seen.get(shuffled.items, 0) + 1
    assert len(seen) == 24
    assert sum((count - 200) ** 2 / 200 for count in seen.values()) < 49.7


@given(n=st.integers(1, 1 << 32), index=st.integers(0, 10_000))
def test_a_receipt_proves_itself_and_no_other(n: int, index: int) -> None:
    roll = rng.stream(KEY, "cast").below(n, index)
    assert rng.is_true_to(roll, KEY)
    assert not rng.is_true_to(replace(roll, value=roll.value ^ 1), KEY)


@pytest.mark.parametrize("bit", range(0, 256, 37))
def test_one_changed_bit_of_the_seed_changes_the_key(bit: int) -> None:
    changed = bytearray(SERVER_SEED)
    changed[bit // 8] ^= 1 << bit % 8
    other = rng.battle_key(bytes(changed), battle_id=42, content_hash=CONTENT_HASH, client_seeds=SEEDS)
    assert other != KEY
