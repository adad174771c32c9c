"""The rest of the catalogue of effects, each by itself."""

from __future__ import annotations

from typing import Any

import pytest

from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.inputs import Cast, EndTurn, Move, Place
from apps.combat.engine.stats import has_state

from .cast import Fight, hero, of_type
from .lab import ALLY, BEYOND, DAMAGE, MINE, THEIRS, lab, trick

HARM = {**DAMAGE, "filter": "enemy"}


@pytest.mark.parametrize(("of", "lost"), [("max", 16), ("current", 8), ("missing", 8)])
def test_damage_by_share_is_counted_from_the_targets_own_hit_points(of: str, lost: int) -> None:
    fight = lab({"type": "damage_pct", "filter": "enemy", "of": of, "pct": 20})
    fight.give_stats(2, res_pct_all=50)
    fight.set(2, hp=40, hp_max=80)
    assert [event.lost for event in of_type(trick(fight), e.Damaged)] == [lost]


def test_damage_by_share_has_a_cap() -> None:
    fight = lab({"type": "damage_pct", "filter": "enemy", "pct": 50, "cap": 7})
    assert [event.lost for event in of_type(trick(fight), e.Damaged)] == [7]


@pytest.mark.parametrize(("of", "healed"), [("max", 16), ("missing", 8)])
def test_healing_by_share(of: str, healed: int) -> None:
    fight = lab({"type": "heal_pct", "filter": "self", "of": of, "pct": 20})
    fight.set(0, hp=40, hp_max=80)
    assert [event.amount for event in of_type(trick(fight, MINE), e.Healed)] == [healed]


def test_killing_asks_no_shield() -> None:
    fight = lab({"type": "kill", "filter": "enemy"})
    fight.teach(2, {"type": "shield", "filter": "self", "amount": [500, 500], "duration": 9}, id="cover")
    fight.skip_to(2)
    trick(fight, THEIRS, "cover")
    fight.skip_to(0)
    (struck,) = of_type(trick(fight), e.Damaged)
    assert (struck.absorbed, struck.lost) == (0, struck.amount)
    assert not fight.who(2).is_alive


def test_the_fallen_rise_where_they_lie_and_act_again_in_their_place() -> None:
    fight = lab({"type": "revive", "filter": "ally", "hp_pct": 25}, target=["corpse"])
    with pytest.raises(refusals.WrongTarget):
        trick(fight, ALLY)
    fall(fight, 1)
    order = fight.battle.timeline
    fight.skip_to(0)
    (risen,) = of_type(trick(fight, ALLY), e.Revived)
    assert (risen.who, risen.hp) == (fight.who(1).id, fight.who(1).hp_max // 4)
    assert fight.battle.timeline == order
    fight.skip_to(1)
    assert fight.who(1).ap == 6


def fall(fight: Fight, slot: int) -> None:
    fight.skip_to(2)
    fight.teach(2, {"type": "kill", "filter": "enemy"}, id="end")
    trick(fight, fight.who(slot).cell, "end")


def test_nobody_rises_under_somebody_elses_feet_nor_from_the_other_side() -> None:
    fight = lab({"type": "revive", "filter": "ally", "hp_pct": 25}, target=["corpse"])
    fall(fight, 1)
    fight.set(3, cell=ALLY)
    fight.skip_to(0)
    with pytest.raises(refusals.WrongTarget):
        trick(fight, ALLY)
    fight.teach(2, {"type": "revive", "filter": "any", "hp_pct": 25}, target=["corpse"])
    fight.set(3, cell=BEYOND)
    fight.skip_to(2)
    with pytest.raises(refusals.WrongTarget):
        trick(fight, ALLY)


def test_two_change_places_unless_one_of_them_is_held() -> None:
    fight = lab({"type": "swap"})
    trick(fight)
    assert (fight.who(0).cell, fight.who(2).cell) == (THEIRS, MINE)
    hold = {"type": "state", "filter": "self", "state": "unmovable", "duration": 9}
    fight.teach(2, hold, id="hold")
    fight.skip_to(2)
    trick(fight, MINE, "hold")
    fight.skip_to(0)
    assert [event.what for event in of_type(trick(fight, MINE), e.EffectResisted)] == ["swap"]


def test_somebody_is_again_where_its_turn_began() -> None:
    fight = lab({"type": "teleport_back", "filter": "any"})
    fight.do(Move(((4, 3),)))
    trick(fight, (4, 3))
    assert fight.who(0).cell == MINE
    fight.do(Move(((4, 3),)))
    fight.set(1, cell=MINE)
    assert [event.what for event in of_type(trick(fight, (4, 3)), e.EffectResisted)] == ["teleport_back"]


def test_before_its_first_turn_somebody_is_again_where_it_chose_to_stand() -> None:
    fight = Fight(hero("kitewright", character_id=1), hero("anchorite", character_id=2, team=1))
    fight.give(fight.who(1).id, Place((5, 6)))
    fight.start().skip_to(0)
    fight.teach(0, {"type": "teleport_back", "filter": "any"})
    trick(fight, (5, 6))
    assert fight.who(1).cell == (5, 6)
    fight.set(1, cell=(7, 6))
    trick(fight, (7, 6))
    assert fight.who(1).cell == (5, 6)


def test_cooldowns_are_made_longer_and_shorter_and_told_to_their_own_side_only() -> None:
    from apps.combat import engine

    fight = lab({"type": "cooldown", "filter": "enemy", "skill": "brace", "delta": 2})
    (changed,) = of_type(trick(fight), e.CooldownChanged)
    assert changed.ready_at == fight.who(2).turns + 2
    assert engine.view_events([changed], fight.battle, engine.Audience("team:0")) == []
    fight.skip_to(2)
    with pytest.raises(refusals.OnCooldown):
        fight.do(Cast("brace", THEIRS))
    fight.teach(2, {"type": "cooldown", "filter": "self", "delta": -2})
    trick(fight, THEIRS)
    fight.do(Cast("brace", THEIRS))


@pytest.mark.parametrize(
    ("path", "delta", "cell", "expected"),
    [
        ("ap", 4, THEIRS, refusals.NotEnoughAp),
        ("mp", 4, THEIRS, refusals.NotEnoughMp),
        ("range", -11, THEIRS, refusals.OutOfRange),
    ],
)
def test_the_numbers_of_a_skill_change(path: str, delta: int, cell: Any, expected: Any) -> None:
    fight = lab(
        {"type": "skill_mod", "filter": "self", "skill": "blow", "path": path, "delta": delta, "duration": 2}
    )
    fight.teach(0, HARM, id="blow", ap=3)
    trick(fight, MINE)
    with pytest.raises(expected):
        trick(fight, cell, "blow")


@pytest.mark.parametrize(
    ("path", "delta", "limits", "casts"),
    [
        ("per_turn", 1, {"per_turn": 1}, 2),
        ("per_turn", -5, {"per_turn": 3}, 1),
        ("per_target", 1, {"per_target": 1}, 2),
        ("per_fight", 2, {"per_fight": 1}, 3),
        ("ap", -5, {}, 6),
        ("ap", -5, {"per_turn": 7}, 7),
    ],
)
def test_limits_of_a_skill_change(path: str, delta: int, limits: dict[str, int], casts: int) -> None:
    """What has no limit a turn goes on costing a point, of which there are six."""
    changes = {"skill": "blow", "path": path, "delta": delta, "duration": 2}
    fight = lab({"type": "skill_mod", "filter": "self", **changes})
    fight.teach(0, HARM, id="blow", ap=2 if path == "ap" else 0, limits=limits)
    trick(fight, MINE)
    for _ in range(casts):
        trick(fight, THEIRS, "blow")
    with pytest.raises((refusals.LimitReached, refusals.NotEnoughAp)):
        trick(fight, THEIRS, "blow")


def test_what_has_no_limit_gets_none_from_an_effect() -> None:
    changes = {"skill": "blow", "path": "per_turn", "delta": 1, "duration": 2}
    fight = lab({"type": "skill_mod", "filter": "self", **changes})
    fight.teach(0, HARM, id="blow", ap=1)
    trick(fight, MINE)
    for _ in range(5):
        trick(fight, THEIRS, "blow")
    assert fight.who(0).ap == 1


def test_a_price_in_life_is_changed() -> None:
    changes = {"skill": "blow", "path": "hp_pct", "delta": 20, "duration": 2}
    fight = lab({"type": "skill_mod", "filter": "self", **changes})
    fight.teach(0, {"type": "gain", "filter": "self", "pool": "mp", "n": 1}, id="blow", ap=1)
    trick(fight, MINE)
    before = fight.who(0)
    trick(fight, MINE, "blow")
    assert before.hp - fight.who(0).hp == before.hp_max * 20 // 100


def test_a_cooldown_that_is_added_counts() -> None:
    fight = lab(
        {
            "type": "skill_mod",
            "filter": "self",
            "skill": "blow",
            "path": "cooldown",
            "delta": 3,
            "duration": 2,
        }
    )
    fight.teach(0, HARM, id="blow")
    trick(fight, MINE)
    (cast,) = of_type(trick(fight, THEIRS, "blow"), e.SkillCast)
    assert cast.ready_at == fight.who(0).turns + 3


def test_dispelling_ends_the_newest_of_its_polarity_that_may_be_dispelled() -> None:
    mods = [
        {
            "type": "mod",
            "stat": "grip",
            "delta": value,
            "duration": 9,
            "key": f"k{number}",
            "dispellable": may,
        }
        for number, (value, may) in enumerate([(1, True), (-1, True), (2, True), (3, False)])
    ]
    fight = lab(*mods, id="load")
    trick(fight, THEIRS, "load")
    fight.teach(0, {"type": "dispel", "polarity": "helpful", "count": 1})
    (ended,) = of_type(trick(fight), e.EffectEnded)
    assert ended.why == "dispelled"
    assert [effect.key for effect in fight.who(2).effects] == ["k0", "k1", "k3"]


def test_one_of_several_is_drawn_by_weight_with_a_receipt() -> None:
    drawn = set()
    fight = lab(
        {
            "type": "random_of",
            "options": [
                {"w": 1, "effects": [{"type": "gain", "filter": "self", "pool": "mp", "n": 1}]},
                {"w": 3, "effects": [{"type": "gain", "filter": "self", "pool": "mp", "n": 2}]},
            ],
        }
    )
    for _ in range(30):
        fight.set(0, mp=0)
        events = trick(fight, MINE)
        assert [(roll.n, roll.why) for roll in of_type(events, e.Rolled)][-1] == (4, "random_of")
        drawn.add(fight.who(0).mp)
    assert drawn == {1, 2}


def test_a_condition_parts_those_for_whom_it_holds_from_the_others() -> None:
    choice = {
        "type": "if",
        "filter": "enemy",
        "cond": [{"of": "target", "hp_below_pct": 50}],
        "then": [{"type": "kill"}],
        "else": [{"type": "damage", "element": "pure", "min": 1, "max": 1}],
    }
    fight = lab(choice, shape={"type": "board"})
    fight.set(2, hp=10)
    fight.set(3, hp=20, hp_max=40)  # half of what is left of its life
    trick(fight, MINE)
    assert not fight.who(2).is_alive
    assert fight.who(3).hp == 19


def test_a_condition_about_the_caster_decides_for_all() -> None:
    choice = {"type": "if", "cond": [{"state": "root", "present": False}], "then": [HARM]}
    fight = lab(choice)
    assert of_type(trick(fight), e.Damaged)


def test_stacks_are_used_up_one_blow_each() -> None:
    mark = {"type": "dot", "filter": "enemy", "element": "ember", "amount": [1, 1], "duration": 3}
    fight = lab({**mark, "stack": "stack", "max": 3, "key": "mark"}, id="mark")
    for _ in range(3):
        trick(fight, THEIRS, "mark")
    per_stack = {"type": "per_stack", "filter": "enemy", "key": "mark", "consume": True}
    fight.teach(0, {**per_stack, "effects": [{**HARM, "min": 6, "max": 6}]})
    events = trick(fight)
    assert [event.lost for event in of_type(events, e.Damaged)] == [6, 6, 6]
    assert [event.why for event in of_type(events, e.EffectEnded)] == ["consumed"]


def taunted() -> Fight:
    fight = lab({"type": "state", "filter": "enemy", "state": "taunt", "duration": 1})
    trick(fight)
    fight.skip_to(2)
    return fight


def test_the_taunted_have_to_meet_the_taunter_with_what_they_aim_at_enemies() -> None:
    fight = taunted()
    fight.teach(2, HARM, target=["enemy"])
    with pytest.raises(refusals.Taunted):
        trick(fight, ALLY)
    assert of_type(trick(fight, MINE), e.Damaged)
    fight.do(Cast("brace", THEIRS))


def test_where_the_taunter_cannot_be_met_others_may_be() -> None:
    fight = taunted()
    fight.set(1, cell=(6, 5))
    assert of_type(fight.do(Cast("hook_swing", (6, 5))), e.Damaged)


def test_an_area_that_covers_the_taunter_meets_it() -> None:
    fight = taunted()
    fight.teach(2, HARM, target=["cell"], shape={"type": "circle", "n": 2})
    with pytest.raises(refusals.Taunted):
        trick(fight, (4, 7))
    assert of_type(trick(fight, (4, 5)), e.Damaged)


def test_after_a_taunt_nobody_is_taunted_again_at_once() -> None:
    fight = taunted()
    fight.skip_to(0)
    assert [event.what for event in of_type(trick(fight), e.EffectResisted)] == ["taunt"]


def test_who_cannot_be_targeted_is_passed_over_by_all_but_itself() -> None:
    fight = lab({"type": "state", "filter": "self", "state": "untargetable", "duration": 2})
    trick(fight, MINE)
    fight.do(Cast("brace", MINE))
    fight.skip_to(2)
    fight.teach(2, HARM, target=["enemy"])
    with pytest.raises(refusals.WrongTarget):
        trick(fight, MINE)
    fight.teach(2, HARM, shape={"type": "circle", "n": 3})
    assert [event.who for event in of_type(trick(fight, MINE), e.Damaged)] == [fight.who(1).id]
    assert has_state(fight.who(0), "untargetable")


def test_a_requirement_is_about_the_caster() -> None:
    fight = lab(HARM, requires=[{"hp_below_pct": 50}])
    with pytest.raises(refusals.RequirementUnmet):
        trick(fight)
    fight.set(0, hp=10)
    assert of_type(trick(fight), e.Damaged)
    fight.do(EndTurn())


ROOTED = {"state": "root"}
EASY_PREY = {"all": [{"of": "target", "state": "silence"}, {"not": {"of": "target", "hp_below_pct": 20}}]}


@pytest.mark.parametrize(
    ("requires", "allowed"),
    [
        ({"not": ROOTED}, False),
        ({"all": [ROOTED, {"hp_below_pct": 50}]}, False),
        ({"any": [ROOTED, {"hp_below_pct": 50}]}, True),
        ({"any": [{"hp_below_pct": 50}, {"all": [ROOTED, {"not": {"state": "silence"}}]}]}, True),
        ({"any": [{"hp_below_pct": 50}, {"not": ROOTED}], "present": False}, True),
    ],
)
def test_requirements_nest(requires: dict[str, object], allowed: bool) -> None:
    fight = lab(HARM, requires=[requires])
    fight.teach(0, {"type": "state", "filter": "self", "state": "root", "duration": 3}, id="roots")
    trick(fight, MINE, "roots")
    if allowed:
        assert of_type(trick(fight), e.Damaged)
    else:
        with pytest.raises(refusals.RequirementUnmet):
            trick(fight)


@pytest.mark.parametrize(("is_silent", "hp", "lost"), [(True, 60, 9), (False, 60, 2), (True, 1, 1)])
def test_what_is_asked_of_a_target_nests_too(is_silent: bool, hp: int, lost: int) -> None:
    harm = {"type": "damage", "filter": "enemy", "element": "pure"}
    strong, weak = ({**harm, "min": n, "max": n} for n in (9, 2))
    fight = lab({"type": "if", "filter": "enemy", "cond": [EASY_PREY], "then": [strong], "else": [weak]})
    if is_silent:
        fight.teach(0, {"type": "state", "filter": "enemy", "state": "silence", "duration": 3}, id="hush")
        trick(fight, THEIRS, "hush")
    fight.set(2, hp=hp)
    assert [event.lost for event in of_type(trick(fight), e.Damaged)] == [lost]


def test_effects_inside_effects_that_multiply_are_a_fault() -> None:
    """Without an event there is no other bound: 20 stacks, three deep, are 8,000 runs."""
    mark = {"type": "mod", "filter": "self", "stat": "grip", "delta": 1, "duration": 9, "key": "mark"}
    fight = lab({**mark, "stack": "stack", "max": 20}, id="mark")
    for _ in range(20):
        trick(fight, MINE, "mark")
    nothing = {"type": "cooldown", "delta": -1}
    twice = per_stack(per_stack(nothing))
    fight.teach(0, twice)
    trick(fight, MINE)
    assert fight.battle.phase == "fighting"
    fight.teach(0, per_stack(twice))
    trick(fight, MINE)
    assert fight.battle.end_reason == "engine_fault"


def per_stack(effect: dict[str, Any]) -> dict[str, Any]:
    return {"type": "per_stack", "key": "mark", "effects": [effect]}
