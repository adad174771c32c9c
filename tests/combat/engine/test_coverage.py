"""Random play until everything has happened often: each skill, effect, class and monster, under all laws.

What the sample pack does not use, laboratory skills do: the catalogue is covered whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import SkillSlot
from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import unfolding
from apps.combat.engine.casting import check_usable, is_legal
from apps.combat.engine.definitions import AnyEffect, SkillDef
from apps.combat.engine.inputs import Cast, Input

from .cast import Fight, hero, monster, of_type, rules, supplied
from .laws import (
    AUDIENCES,
    check_again,
    check_costs,
    check_events,
    check_limits,
    check_losses,
    check_shown,
    check_state,
    check_stored,
    check_turns,
)
from .random_play import CLASSES, some_intent

TIMES = 20
BATTLES_MAX = 400
HARM = {"type": "damage", "element": "ember", "min": 3, "max": 5, "filter": "enemy"}
SHARPER = {"type": "skill_mod", "skill": "lab_shares", "path": "crit_bp"}
LAB: dict[str, list[dict[str, Any]]] = {
    "lab_shares": [
        {"type": "damage_pct", "filter": "enemy", "pct": 5},
        {"type": "heal_pct", "filter": "self", "pct": 5},
        {"type": "hot", "filter": "self", "amount": [1, 2], "duration": 2},
    ],
    "lab_numbers": [
        {"type": "cooldown", "filter": "enemy", "delta": 1},
        {
            "type": "skill_mod",
            "filter": "self",
            "skill": "lab_shares",
            "path": "crit_bp",
            "delta": 100,
            "duration": 2,
        },
        {"type": "reflect", "filter": "self", "pct": 20, "duration": 2},
    ],
    "lab_choices": [
        {"type": "if", "cond": [{"of": "target", "hp_below_pct": 50}], "then": [HARM], "else": [HARM]},
        {"type": "random_of", "options": [{"w": 1, "effects": [HARM]}, {"w": 1}]},
        {"type": "teleport_back", "filter": "enemy"},
    ],
    "lab_trap": [
        {"type": "glyph", "when": "enter", "duration": 3, "max": 3, "effects": [{"type": "push", "n": 1}]},
    ],
}


@cache
def lab_rules() -> engine.Rulebook:
    skills = dict(rules().skills)
    for skill_id, found in LAB.items():
        words = {"en": skill_id, "fr": skill_id}
        document = {
            "id": skill_id,
            "name": words,
            "description": words,
            "icon": "x",
            "ap": 2,
            "range": {"min": 0, "max": 8},
            "target": ["cell"],
            "shape": {"type": "circle", "n": 2},
            "ranks": [{"level": 1, "effects": found}],
        }
        skills[skill_id] = msgspec.convert(document, SkillDef, strict=True)
    return replace(rules(), skills=skills)


def a_fight(number: int, counts: Counter[str]) -> Fight:
    """Two players and two monsters, those first who know a skill that was seen least."""
    chance = Random(number)

    def rarity(skills: Sequence[str], name: str) -> tuple[int, float]:
        return min(counts[each] for each in (name, *skills)), chance.random()

    classes = sorted(CLASSES, key=lambda name: rarity(rules().classes[name].skills, name))[:2]
    monsters = sorted(rules().monsters, key=lambda name: rarity(rules().monsters[name].skills, name))[:2]
    level = chance.choice([12, 20, 25, 30])
    mine = [supplied(hero(name, character_id=n + 1, level=level, vigor=60)) for n, name in enumerate(classes)]
    theirs = [monster(name, level) for name in monsters]
    if number % 4 == 0:
        theirs = [
            supplied(hero(name, character_id=n + 11, team=1, level=30)) for n, name in enumerate(classes)
        ]
    mode = "pvp" if number % 4 == 0 else "pve"
    fight = Fight(*mine, *theirs, mode=mode, seed=number.to_bytes(32, "big"))
    fight.rulebook = lab_rules()
    slots = tuple(SkillSlot(skill_id, 0) for skill_id in LAB)
    fight.rebuild(0, skills=(*fight.battle.builds[0].skills, *slots))
    return fight


def what_is_needed(fight: Fight, counts: Counter[str], chance: Random) -> Cast | None:
    """Return a legal cast of the skill that was cast least by whose turn it is, if there is one."""
    battle = fight.battle
    caster = battle.find(battle.turn_owner)
    if caster is None:
        return None
    known = [fight.rulebook.skills[slot.id] for slot in battle.build(caster).skills]
    cells = [(x, y) for y in range(battle.header.board.height) for x in range(battle.header.board.width)]
    chance.shuffle(cells)
    for skill in sorted(known, key=lambda skill: counts[skill.id]):
        try:
            check_usable(battle, caster, skill)
        except engine.Refusal:
            continue
        for cell in cells:
            if is_legal(battle, caster, skill, cell):
                return Cast(skill.id, cell)
    return None


def an_intent(fight: Fight, counts: Counter[str], chance: Random) -> tuple[int, Input]:
    needed = what_is_needed(fight, counts, chance) if chance.random() < 0.5 else None
    return some_intent(fight, chance) if needed is None else (fight.battle.turn_owner, needed)


def play(number: int, counts: Counter[str]) -> Fight:
    """Play a battle to its end, checking every law after every input."""
    fight, chance = a_fight(number, counts), Random(number)
    shown = {audience: engine.view(fight.battle, audience) for audience in AUDIENCES}
    while fight.battle.phase != "ended":
        before = fight.battle
        try:
            events = fight.give(*an_intent(fight, counts, chance))
        except engine.Refusal:
            assert fight.battle is before
            continue
        counts.update(event.skill for event in of_type(events, e.SkillCast))
        counts.update(f"item {item}" for item in items_used(before, events))
        check_events(before, fight.battle, events)
        check_state(fight.battle)
        check_shown(shown, fight.battle, events)
    check_stored(fight.battle)
    for law in (check_losses, check_turns, check_limits, check_costs, check_again):
        law(fight)
    return fight


def items_used(battle: engine.Battle, events: Sequence[Any]) -> list[str]:
    casts = [(battle.build(battle.of(event.who)), event.skill) for event in of_type(events, e.SkillCast)]
    return [slot.item for build, skill in casts for slot in build.skills if slot.item and slot.id == skill]


def test_everything_happens_often_enough_and_every_law_holds() -> None:
    counts: Counter[str] = Counter()
    handlers = dict(unfolding.HANDLERS)

    def counted(kind: type, handler: unfolding.Handler) -> unfolding.Handler:
        def run(r: Any, scene: Any, effect: Any) -> None:
            counts[kind.__name__] += 1
            handler(r, scene, effect)

        return run

    wanted = {kind.__name__ for kind in get_args(AnyEffect)} | {
        *lab_rules().skills,
        *CLASSES,
        *rules().monsters,
        *(f"item {item}" for item in rules().items),
    }
    unfolding.HANDLERS.update({kind: counted(kind, handler) for kind, handler in handlers.items()})
    try:
        for number in range(BATTLES_MAX):
            fight = play(number, counts)
            counts.update(build.ref for build in fight.battle.builds if build.kind != "object")
            if all(counts[name] >= TIMES for name in wanted):
                break
    finally:
        unfolding.HANDLERS.update(handlers)
    assert {name: counts[name] for name in sorted(wanted) if counts[name] < TIMES} == {}
