"""How hard fights are at every level: the bands of docs/content.md, held by the sample game's numbers.

Everybody acts as the house acts for players who are away, with the points and the gear of `simulate`.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from statistics import mean

import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.balance.duels import CONTENT_HASH, GROUND, Fighter, build, fought_out
from apps.combat.balance.simulating import simulate
from apps.combat.balance.tallies import Tally
from tests.combat.engine.cast import pack

RULES = engine.rulebook(pack(), content_hash=CONTENT_HASH)
CLASSES = sorted(RULES.classes)
HEALER = "lampwarden"
SWARM = {"mud_skitter", "ink_leech"}
ELITE = (("peat_hulk", 5), ("peat_hulk", 6), ("furnace_matron", 13), ("furnace_matron", 14))
BOSS = ("warden_engine_oru", 20)
DUELS = 4
SIDES = (((2, 4), (2, 6), (1, 5), (2, 5)), ((8, 4), (8, 6), (9, 5), (8, 5)))


def common() -> list[tuple[str, int]]:
    """Return all that roam, neither elite nor boss, at the least and the most of their levels."""
    roaming = [each for each in RULES.monsters.values() if each.loot and each.hp.mult_pct <= 100]
    return sorted({(each.id, level) for each in roaming for level in each.level})


@cache
def alone(ref: str, level: int) -> dict[str, Tally]:
    """Return how each class does alone against a monster of its level."""
    pairs = [(Fighter(each, level), Fighter(ref, level)) for each in CLASSES]
    tallies = simulate(pairs, duels=DUELS, seed="pacing", rulebook=RULES, jobs=1, told=lambda _: None)
    return {one.ref: tally for (one, _), tally in tallies.items()}


def together(classes: tuple[str, ...], ref: str, level: int, number: int = 0) -> tuple[bool, float]:
    """Return whether a party beats a monster of its level, and how much health it has left, in percent."""
    fighters = [*(Fighter(each, level) for each in classes), Fighter(ref, level)]
    builds = [
        replace(build(each, at, RULES), team=int(each.ref == ref))
        for at, each in enumerate(fighters, start=1)
    ]
    setup = engine.Setup(
        battle_id=1,
        mode="pve",
        map_hash=CONTENT_HASH,
        board=GROUND,
        placement=SIDES,
        builds=tuple(builds),
        attackers=0,
        is_practice=True,
    )
    battle, _ = fought_out(setup, RULES, bytes([number]) * 32)
    party = [each for each in battle.combatants if battle.build(each).kind == "character"]
    return battle.winner == 0, mean(each.hp * 100 / battle.build(each).hp_max for each in party)


@pytest.mark.parametrize(("ref", "level"), common())
def test_every_class_beats_what_roams_at_its_level_and_is_hurt_by_it(ref: str, level: int) -> None:
    found = alone(ref, level)
    health = {name: tally.mean_health(0) for name, tally in found.items()}
    assert min(health.values()) >= 20, health
    assert all(tally.rate >= 0.75 for tally in found.values()), health
    assert 45 <= mean(health.values()) <= (100 if ref in SWARM else 90), health


@pytest.mark.parametrize(("ref", "level"), common())
def test_a_duel_with_what_roams_takes_some_three_to_seven_rounds(ref: str, level: int) -> None:
    turns = {name: tally.mean_turns for name, tally in alone(ref, level).items()}
    fighting = mean(count for name, count in turns.items() if name != HEALER)
    assert (3 if ref in SWARM else 6) <= fighting <= 14, turns
    assert turns[HEALER] <= 40, turns


@pytest.mark.parametrize(("ref", "level"), ELITE)
def test_an_elite_is_for_two(ref: str, level: int) -> None:
    results = [together(pair, ref, level) for pair in combinations(CLASSES, 2)]
    assert sum(is_won for is_won, _ in results) >= len(results) - 1, results
    assert 40 <= mean(health for _, health in results) <= 95, results
    assert mean(tally.mean_health(0) for tally in alone(ref, level).values()) <= 60


def test_the_boss_is_for_a_party_of_four_with_a_healer() -> None:
    rest = [each for each in CLASSES if each != HEALER]
    results = [
        together((*three, HEALER), *BOSS, number) for three in combinations(rest, 3) for number in (0, 1)
    ]
    assert sum(is_won for is_won, _ in results) >= len(results) // 2, results
    assert mean(health for _, health in results) <= 70, results
    assert not any(tally.wins for tally in alone(*BOSS).values())
