"""Players who try anything: sensible, illegal and absurd inputs, to see that the laws hold."""

from __future__ import annotations

from random import Random
from typing import Any

from apps.combat import engine
from apps.combat.engine import inputs as i
from apps.combat.engine.ai import choose

from .cast import Fight, hero, monster, rules, supplied

CLASSES = ("anchorite", "kitewright", "cindersmith", "lampwarden", "hollowpiper")
MONSTERS = tuple(monster_id for monster_id in sorted(rules().monsters))


def random_fight(number: int) -> Fight:
    chance = Random(number)
    level = chance.randint(1, 30)
    mode = chance.choice(["pve", "pvp"])
    mine = [
        supplied(hero(chance.choice(CLASSES), character_id=n + 1, level=level, ember=9), chance.randint(0, 4))
        for n in range(2)
    ]
    if mode == "pvp":
        theirs = [
            supplied(hero(chance.choice(CLASSES), character_id=n + 11, team=1, level=level)) for n in range(2)
        ]
    else:
        theirs = [monster(chance.choice(MONSTERS), level) for _ in range(chance.randint(1, 3))]
    return Fight(*mine, *theirs, mode=mode, seed=bytes([number % 256]) * 32)


def some_intent(fight: Fight, chance: Random) -> tuple[int, i.Input]:
    """Return something that somebody might send, often at a bad moment."""
    owner = fight.battle.turn_owner
    roll = chance.randrange(100)
    if fight.battle.phase == "placement":
        return a_placement(fight, chance)
    if roll < 45 and owner:
        house = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
        return house or (owner, choose(fight.battle, owner, fight.rulebook, fight.dice).intent)
    if roll < 75:
        return owner or 7, an_action(fight, chance)
    if roll < 84:
        return owner, i.EndTurn()
    return a_disturbance(fight, chance)


def a_placement(fight: Fight, chance: Random) -> tuple[int, i.Input]:
    who = chance.choice(fight.battle.combatants).id
    return chance.choice(
        [
            (who, i.Place((chance.randrange(-1, 8), chance.randrange(3, 8)))),
            (who, i.Ready(chance.choice(["", "ff", "zz", "ab" * 32, "ab" * 33]))),
            (who, i.EndTurn()),
            (engine.SYSTEM, i.PlacementTimeout()),
        ]
    )


def an_action(fight: Fight, chance: Random) -> i.Input:
    skill = chance.choice([*fight.rulebook.skills, "nothing"])
    target = chance.choice(fight.battle.combatants).cell
    wild = (chance.randrange(-3, 30), chance.randrange(-3, 30))
    x, y = fight.battle.combatants[0].cell
    path = tuple((x + chance.randint(-1, 1), y + chance.randint(-1, 1)) for _ in range(chance.randint(0, 14)))
    return chance.choice([i.Cast(skill, target), i.Cast(skill, wild), i.Move(path), i.Place(wild)])


def a_disturbance(fight: Fight, chance: Random) -> tuple[int, i.Input]:
    who = chance.choice(fight.battle.combatants).id
    rare: list[tuple[int, Any]] = [(who, i.Forfeit())] if chance.randrange(40) == 0 else []
    if chance.randrange(200) == 0:
        rare.append((engine.SYSTEM, i.Abandon(chance.randint(-1, 2))))
    return chance.choice(
        [
            *rare,
            (engine.SYSTEM, i.TurnTimeout()),
            (who, i.TurnTimeout()),
            (engine.SYSTEM, i.Disconnect(who)),
            (engine.SYSTEM, i.Reconnect(who)),
            (engine.SYSTEM, i.Disconnect(12345)),
        ]
    )
