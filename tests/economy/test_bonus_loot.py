"""What a group is worth more is paid in full, thrown by the same dice; what is once for each stays so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import rng
from apps.economy.definitions import LootEntry, LootTable
from apps.economy.rules.dice import Dice, scaled
from apps.economy.rules.loot import Loot, Looter, roll

TABLES = {
    "t": LootTable(
        id="t",
        mode="all",
        entries=(
            LootEntry(currency="glim", bp=10_000, count=(10, 10)),
            LootEntry(item="reed_fibre", bp=10_000, count=(1, 1)),
            LootEntry(item="orus_cog", bp=10_000, count=(1, 1), unique_per_player=True),
        ),
    )
}


def dice(seed: int) -> Dice:
    return Dice(rng.stream(seed.to_bytes(8, "big"), "test"))


@given(count=st.integers(0, 1_000), pct=st.integers(0, 300), seed=st.integers(0, 2**32))
def test_a_scaled_count_is_one_of_two_whole_ones(count: int, pct: int, seed: int) -> None:
    exact = count * pct / 100
    assert int(exact) <= scaled(count, pct, dice(seed)) <= int(exact) + (exact != int(exact))


def test_the_mean_is_exact() -> None:
    total = sum(scaled(1, 120, dice(seed)) for seed in range(5_000))
    assert 5_850 < total < 6_150


def test_twice_the_worth_is_twice_the_loot() -> None:
    plain, better = Loot(), Loot()
    roll("t", TABLES, Looter(level=1), dice(1), plain)
    roll("t", TABLES, Looter(level=1, bonus_pct=100), dice(1), better)
    assert (plain.glim, better.glim) == (10, 20)
    assert (plain.items["reed_fibre"], better.items["reed_fibre"]) == (1, 2)
    assert better.items["orus_cog"] == 1


def test_without_a_bonus_the_dice_are_as_before() -> None:
    first, second = dice(7), dice(7)
    roll("t", TABLES, Looter(level=1), first, Loot())
    roll("t", TABLES, Looter(level=1, bonus_pct=0), second, Loot())
    assert first.rolls == second.rolls
