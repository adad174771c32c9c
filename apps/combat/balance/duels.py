"""One duel, machine against machine: who fights, on which ground, and what came of it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.inputs import PlacementTimeout

LEVEL_MAX = 100
INPUTS_MAX = 5_000
BATTLE_ID = 1
CONTENT_HASH = "ba" * 32
"""Stands in for the pack's own, so that a change of texts does not shift the dice of every duel."""

MAIN_STAT_PCT = 75
GEAR_POWER_PER_LEVEL = 3
POINTS_PER_LEVEL = 5
"""A character puts most points into its class's element, the rest into vigor; its gear adds power."""

GROUND = engine.board_of(
    [
        "...........",
        "...#...#...",
        "...........",
        ".....,.....",
        "...........",
        "..#.....#..",
        "...........",
        ".....,.....",
        "...........",
        "...#...#...",
        "...........",
    ]
)
SIDES = (((2, 4), (2, 6)), ((8, 4), (8, 6)))


class UnknownFighterError(Exception):
    """Nobody of the content is called so, or has such a level; the message says which."""


class Fighter(msgspec.Struct, frozen=True, order=True):
    """A class or a monster of the content, at a level."""

    ref: str
    level: int

    def __str__(self) -> str:
        return f"{self.ref}:{self.level}"


class Outcome(NamedTuple):
    """`winner` is 0 for the first fighter, 1 for the second, -1 for nobody; the rest by fighter.

    `health` is what is left of its hit points, in percent of what it began with.
    """

    winner: int
    turns: int
    damage: tuple[int, int]
    action_points: tuple[int, int]
    health: tuple[int, int]


def fighter(text: str, rulebook: engine.Rulebook) -> Fighter:
    """Return the fighter that `anchorite:10` names; a monster's level is brought into its range."""
    ref, _, level = text.partition(":")
    if not (level.isascii() and level.isdigit() and 1 <= int(level) <= LEVEL_MAX):
        raise UnknownFighterError(f"{text!r} is not of the form name:level, with a level up to {LEVEL_MAX}")
    if ref not in rulebook.classes and ref not in rulebook.monsters:
        known = ", ".join([*rulebook.classes, *rulebook.monsters])
        raise UnknownFighterError(f"there is no class or monster {ref!r}; there are {known}")
    return at_level(ref, int(level), rulebook)


def at_level(ref: str, level: int, rulebook: engine.Rulebook) -> Fighter:
    if ref in rulebook.classes:
        return Fighter(ref, level)
    low, high = rulebook.monsters[ref].level
    return Fighter(ref, min(max(level, low), high))


def fight(first: Fighter, second: Fighter, number: int, seed: str, rulebook: engine.Rulebook) -> Outcome:
    """Fight one duel out. Every other one is fought with the sides of the ground exchanged."""
    is_swapped = number % 2 == 1
    pair = (second, first) if is_swapped else (first, second)
    server_seed = hashlib.sha256(f"{seed}|{first}|{second}|{number}".encode()).digest()
    battle, events = fought_out(_setup(pair, rulebook), rulebook, server_seed)
    winner = battle.winner if battle.winner in (0, 1) else None
    damage, spent = _efforts(battle, events, rulebook)
    health = _health(battle)
    if is_swapped:
        damage, spent, health = damage[::-1], spent[::-1], health[::-1]
        winner = None if winner is None else 1 - winner
    return Outcome(-1 if winner is None else winner, battle.turn, damage, spent, health)


def _setup(pair: tuple[Fighter, Fighter], rulebook: engine.Rulebook) -> engine.Setup:
    builds = tuple(replace(build(each, team + 1, rulebook), team=team) for team, each in enumerate(pair))
    is_pve = any(each.ref in rulebook.monsters for each in pair)
    return engine.Setup(
        battle_id=BATTLE_ID,
        mode="pve" if is_pve else "pvp",
        map_hash=CONTENT_HASH,
        board=GROUND,
        placement=SIDES,
        builds=builds,
        attackers=0 if pair[0].ref in rulebook.classes else 1,
        is_practice=True,
    )


def fought_out(
    setup: engine.Setup, rulebook: engine.Rulebook, server_seed: bytes
) -> tuple[engine.Battle, list[e.Event]]:
    """Let the house play a battle to its end; return it as it stands then, and all that happened."""
    dice = engine.Dice(server_seed)
    house = engine.House(rulebook, dice)
    battle = _played_by_the_house(engine.open_battle(setup, rulebook, server_seed))
    battle, caused = engine.step(battle, engine.SYSTEM, PlacementTimeout(), rulebook, dice)
    events = list(caused)
    for _ in range(INPUTS_MAX):
        chosen = house.next_input(battle)
        if chosen is None:
            break
        battle, caused = engine.step(battle, *chosen, rulebook, dice)
        events += caused
    return battle, events


def _played_by_the_house(battle: engine.Battle) -> engine.Battle:
    """Return a battle whose characters act as the house acts for players who are away."""
    characters = [each.id for each in battle.combatants if each.controller == "human"]
    return engine.fold(battle, [e.ControllerChanged(who, "afk") for who in characters])


def build(fighter: Fighter, character_id: int, rulebook: engine.Rulebook) -> engine.Build:
    """Return a fighter as all duels have it: a character as people of its level are, a monster as it is."""
    if fighter.ref in rulebook.monsters:
        return engine.build_monster(fighter.ref, level=fighter.level, rulebook=rulebook)
    element = rulebook.classes[fighter.ref].element
    points = POINTS_PER_LEVEL * (fighter.level - 1)
    main = points * MAIN_STAT_PCT // 100
    return engine.build_character(
        fighter.ref,
        character_id=character_id,
        name=fighter.ref,
        level=fighter.level,
        bonuses={
            element: main,
            "vigor": points - main,
            f"power_{element}": GEAR_POWER_PER_LEVEL * fighter.level,
        },
        rulebook=rulebook,
    )


def _health(battle: engine.Battle) -> tuple[int, int]:
    shares = [each.hp * 100 // battle.build(each).hp_max for each in battle.combatants[:2]]
    return shares[0], shares[1]


def _efforts(
    battle: engine.Battle, events: list[e.Event], rulebook: engine.Rulebook
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the damage that each side did to the other, and the action points that it spent."""
    teams = {combatant.id: combatant.team for combatant in battle.combatants}
    damage, spent = [0, 0], [0, 0]
    for event in events:
        match event:
            case e.Damaged(who=who, by=by) if by in teams and teams[by] != teams.get(who):
                damage[teams[by]] += event.lost + event.absorbed
            case e.SkillCast(who=who) if who in teams:
                spent[teams[who]] += rulebook.skills[event.skill].ap
    return (damage[0], damage[1]), (spent[0], spent[1])
