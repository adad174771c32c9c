"""How the profiles of the AI differ: whom they hold up, when they run, and which skills they like."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine.ai import choose
from apps.combat.engine.ai.mind import Mind
from apps.combat.engine.board import distance
from apps.combat.engine.inputs import Cast, Input, Move

from .cast import Fight, hero, monster, pack

NEAR, OTHER, IMP = (6, 4), (4, 6), (4, 4)
STRIKE = {"type": "damage", "element": "ember", "min": 5, "max": 5, "filter": "enemy"}
PLAIN = {"target": ["enemy"], "range": {"min": 1, "max": 12}, "ap": 3, "limits": {"per_turn": 1}}


def two_against_an_imp(profile: str = "aggressive", **weights: Any) -> Fight:
    """Two of whom the second is more dangerous, as far from an imp that knows nothing but tricks."""
    builds = (
        hero("anchorite", character_id=1, level=5),
        hero("anchorite", character_id=2, level=5, power_ember=150),
        monster("kiln_imp", 10),
    )
    fight = Fight(*builds, mode="pve").start()
    fight.skip_to(2)
    for slot, cell in enumerate((NEAR, OTHER, IMP)):
        fight.set(slot, cell=cell)
    imp, ai = fight.rulebook.monsters["kiln_imp"], fight.rulebook.ai
    changed = replace(imp, ai=replace(imp.ai, profile=profile))
    fight.rulebook = replace(
        fight.rulebook,
        monsters={**fight.rulebook.monsters, "kiln_imp": changed},
        ai={**ai, profile: replace(ai[profile], **weights)},
    )
    fight.rebuild(2, skills=())
    return fight


def decided(fight: Fight) -> Input:
    return choose(fight.battle, fight.who(2).id, fight.rulebook, fight.dice).intent


@pytest.mark.parametrize(
    "control",
    [
        {"type": "state", "state": "stun", "duration": 1},
        {"type": "state", "state": "silence", "duration": 2},
        {"type": "drain", "pool": "ap", "n": 2},
    ],
    ids=lambda effect: str(effect.get("state", effect["type"])),
)
def test_who_is_more_dangerous_is_held_up(control: dict[str, Any]) -> None:
    fight = two_against_an_imp()
    fight.set(2, mp=0)
    fight.teach(2, {**control, "filter": "enemy"}, **PLAIN)
    assert decided(fight) == Cast("trick", OTHER)
    fight.give_stats(0, power_stone=400)
    assert decided(fight) == Cast("trick", NEAR)


def test_who_is_weakened_is_less_dangerous() -> None:
    fight = two_against_an_imp()
    mind = Mind(fight.battle, fight.who(2).id, fight.rulebook)
    assert mind.threat_pct(fight.who(1)) == 100
    assert 0 < mind.threat_pct(fight.who(0)) < 100
    fight.give_stats(1, out_pct=-90)
    mind = Mind(fight.battle, fight.who(2).id, fight.rulebook)
    assert mind.threat_pct(fight.who(0)) == 100
    assert mind.threat_pct(fight.who(1)) < 100


def test_the_aggressive_go_where_they_can_strike_and_do() -> None:
    fight = two_against_an_imp()
    fight.teach(2, STRIKE, **{**PLAIN, "range": {"min": 1, "max": 1}})
    fight.set(2, hp=1)
    intent = decided(fight)
    assert isinstance(intent, Move)
    assert min(distance(intent.path[-1], cell) for cell in (NEAR, OTHER)) == 1
    fight.do(intent)
    assert isinstance(decided(fight), Cast)


def test_a_coward_fights_until_it_is_weak_and_runs_then() -> None:
    fight = two_against_an_imp("coward")
    fight.teach(2, STRIKE, **{**PLAIN, "range": {"min": 1, "max": 2}})
    assert isinstance(decided(fight), Cast)
    imp = fight.who(2)
    fight.set(2, hp=imp.hp_max * 29 // 100, ap=0)
    intent = decided(fight)
    assert isinstance(intent, Move)
    before, after = (sum(distance(at, cell) for cell in (NEAR, OTHER)) for at in (IMP, intent.path[-1]))
    assert after > before


@pytest.mark.parametrize(("pct", "skill"), [(300, "hot"), (20, "cold"), (0, "cold")])
def test_a_profile_prefers_some_skills_and_avoids_others(pct: int, skill: str) -> None:
    fight = two_against_an_imp(prefers={"flame": pct})
    fight.set(2, mp=0)
    fight.teach(2, STRIKE, id="hot", ai_tags=["flame"], **PLAIN)
    fight.teach(2, {**STRIKE, "min": 7, "max": 7}, id="cold", **PLAIN)
    intent = decided(fight)
    assert isinstance(intent, Cast)
    assert intent.skill == skill


def test_a_tag_that_no_skill_has_is_a_problem_of_the_profile() -> None:
    known = pack()
    odd = replace(known.ai["coward"], prefers={"flmae": 200})
    (problem,) = engine.validate(replace(known, ai={**known.ai, "coward": odd}))
    assert (problem.kind, problem.id, problem.keys) == ("ai", "coward", ("prefers", "flmae"))
