"""What tables say, what falls, and how the console compares the two."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from aether.kernel import content, rng
from aether.kernel.facts.types import BattleEnded, Participant, SlainMonster
from apps.accounts.models import Account
from apps.economy import selectors, services
from apps.economy.definitions import LootTable
from apps.economy.models import DropSimulation
from apps.economy.rules import loot as rules
from apps.economy.rules.dice import Dice
from apps.economy.rules.loot import even_parts
from apps.economy.rules.simulation import Tally, agreement, bare, chi_square_tail, throw_many
from apps.economy.services.simulating import advance_simulations, findings
from tests.economy.cast import character, give

KEY = b"the key of a battle"
TABLES = list(content.current().all(LootTable))


def dice(name: str = "x") -> Dice:
    return Dice(rng.stream(b"simulation of a test", name))


def table(entries: list[dict[str, Any]], **more: Any) -> LootTable:
    return msgspec.convert({"id": "t", "mode": "all", "entries": entries} | more, LootTable)


def fallen(entry: dict[str, Any], **looter: Any) -> dict[str, int]:
    loot = rules.Loot()
    rules.roll("t", {"t": table([entry])}, rules.Looter(level=5, **looter), dice(), loot)
    return loot.items


@pytest.mark.parametrize(("value", "freedom", "tail"), [(3.841, 1, 0.05), (18.307, 10, 0.05), (0.0, 3, 1.0)])
def test_the_tail_of_chi_square_is_that_of_the_tables(value: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, abs=1e-4)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_pack_agrees_with_its_law(name: str) -> None:
    """35 and 36: rates, nested tables and the gaps of pity."""
    tables, tally = bare(content.current().all(LootTable), 0), Tally()
    throw_many(name, tables, dice(name), tally, 4000)
    assert agreement(name, tables, tally).p > 1e-4
    for key, gaps in tally.gaps.items():
        table_id, _, place = key.partition(":")
        pity = tables[table_id].entries[int(place)].pity
        assert pity is not None
        assert max(gaps) <= pity.n


def test_a_false_law_is_found_out() -> None:
    honest = {"t": table([{"item": "reed_fibre", "bp": 3000}])}
    tally = Tally()
    throw_many("t", honest, dice(), tally, 4000)
    assert agreement("t", {"t": table([{"item": "reed_fibre", "bp": 3300}])}, tally).p < 0.01


def test_what_is_unique_falls_to_nobody_who_has_it() -> None:
    entry = {"item": "orus_cog", "bp": 10000, "unique_per_player": True}
    assert fallen(entry) == {"orus_cog": 1}
    assert fallen(entry, owned=frozenset({"orus_cog"})) == {}


def test_what_a_quest_asks_for_falls_only_then() -> None:
    entry = {"item": "cracked_gauge", "bp": 10000, "quest_only": True}
    assert fallen(entry) == {}
    assert fallen(entry, wanted=frozenset({"cracked_gauge"})) == {"cracked_gauge": 1}


def test_a_condition_asks_for_everything_that_it_says() -> None:
    when = {"level": {">=": 5}, "class": "anchorite", "quest": {"id": "mq1_first_tether", "is": "active"}}
    entry = {"item": "reed_fibre", "bp": 10000, "if": when}
    quests = {"mq1_first_tether": "active"}
    assert fallen(entry, class_id="anchorite", quests=quests) == {"reed_fibre": 1}
    assert fallen(entry, class_id="kitewright", quests=quests) == {}
    assert fallen(entry, class_id="anchorite") == {}


def test_parts_sum_to_the_whole() -> None:
    assert even_parts(11, 3) == [4, 4, 3]


@pytest.mark.django_db
def test_what_falls_once_for_a_battle_is_shared_out_among_the_winners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = {"currency": "glim", "bp": 10000, "count": [11, 11], "per": "battle"}
    found = table([shared, {"item": "reed_fibre", "bp": 10000, "per": "battle"}])
    everything = dict(content.current().all(LootTable)) | {"t": found}
    pack = content.current()
    monkeypatch.setitem(pack._definitions, LootTable, everything)  # type: ignore[index]
    who = [character("Alice"), character("Bob"), character("Cleo")]
    ended = BattleEnded(
        battle=7,
        mode="pve",
        zone="reedmoor_flats",
        instance="reedmoor_flats.1",
        group=1,
        rounds=1,
        participants=tuple(
            Participant(character=each, outcome="won", xp=0, loot_key=f"{each:064x}") for each in who
        ),
        slain=(SlainMonster(monster="mud_skitter", level=1, loot_table="t"),),
        is_rewarded=True,
        loot_key=rng.stream(KEY, "loot:battle").key.hex(),
    )
    services.pay_battle_loot(ended)
    services.pay_battle_loot(ended)
    assert sorted(map(selectors.glim, who)) == [3, 4, 4]
    assert sum(selectors.count_of(each, "reed_fibre") for each in who) == 1
    rolls = [roll for roll in selectors.loot_rolls(7) if roll.stream == "loot:battle"]
    assert rolls == selectors.loot_rolls(7)[: len(rolls)]
    assert len(rolls) == 6, "how often, a chance and a count for each, and whose it is"
    dice = Dice(rng.stream(KEY, "loot:battle"))
    assert [dice.below(roll.n) for roll in rolls] == [roll.value for roll in rolls]


@pytest.mark.django_db
def test_what_lies_in_the_bank_is_owned_too() -> None:
    alice = character()
    give(alice, reed_hook=1, reed_fibre=2)
    assert selectors.owned_of([alice], ["reed_hook", "reed_fibre", "lampfat"]) == {
        alice: frozenset({"reed_hook", "reed_fibre"})
    }


@pytest.mark.django_db
def test_a_simulation_fills_by_itself_in_bounded_steps() -> None:
    gm = Account.objects.create(username="gm", is_staff=True)
    made = services.simulate_drops(actor=gm, table="lt_kiln_imp", luck_pct=50, reason="Is it as we say?")
    simulation = DropSimulation.objects.get(pk=made)
    simulation.wanted = 12_000
    simulation.save()
    steps = 0
    while advance_simulations():
        steps += 1
    simulation.refresh_from_db()
    assert (simulation.thrown, simulation.state, steps) == (12_000, "done", 3)
    found = findings(simulation)
    assert found is not None
    assert found.agreement.p > 1e-4
    bead = next(each for each in found.rates if each.gives == "ember_bead")
    assert bead.effective > bead.nominal
