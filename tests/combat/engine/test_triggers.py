"""Triggers: each moment, the stages, the order of answers, limits and guards."""

from __future__ import annotations

from typing import Any

import pytest

from apps.combat.engine import events as e
from apps.combat.engine.inputs import Cast, EndTurn, Move

from .cast import Fight, hero, of_type
from .lab import ALLY, DAMAGE, MINE, THEIRS, lab, trick

HARM = {**DAMAGE, "filter": "enemy"}
MARK = {"type": "shield", "filter": "ally", "amount": [1, 1], "duration": 9, "key": "mark"}


def waiting(on: str, *effects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    trigger = {
        "type": "trigger",
        "filter": "self",
        "on": on,
        "duration": 9,
        "effects": list(effects or (MARK,)),
    }
    return trigger | changes


def ready(on: str, *effects: dict[str, Any], **changes: Any) -> Fight:
    """The first bears a trigger; its effects mark it with a shield unless others are given."""
    fight = lab(waiting(on, *effects, **changes), id="wait", shape={"type": "single"})
    trick(fight, MINE, "wait")
    return fight


def marks(fight: Fight, slot: int = 0) -> int:
    return sum(effect.key == "mark" for effect in fight.who(slot).effects)


def struck(fight: Fight, slot: int = 2, at: tuple[int, int] = MINE, **damage: Any) -> tuple[Any, ...]:
    fight.skip_to(slot)
    fight.teach(slot, {**HARM, **damage})
    return trick(fight, at)


def test_it_answers_when_its_bearer_is_hurt() -> None:
    fight = ready("damage_taken")
    assert marks(fight) == 0
    struck(fight)
    assert marks(fight) == 1


@pytest.mark.parametrize(
    ("on", "act"),
    [
        ("turn_start", lambda fight: fight.skip_to(2) or fight.skip_to(0)),
        ("turn_end", lambda fight: fight.do(EndTurn())),
        ("round_start", lambda fight: [fight.do(EndTurn()) for _ in range(4)]),
        ("cast", lambda fight: fight.do(Cast("brace", MINE))),
        ("moved", lambda fight: fight.do(Move(((4, 3),)))),
        ("damage_dealt", lambda fight: (fight.teach(0, HARM), trick(fight))),
        ("effect_applied", lambda fight: fight.do(Cast("brace", MINE))),
        ("before_damage_taken", lambda fight: struck(fight)),
        ("hp_below", lambda fight: struck(fight, min=60, max=60)),
        (
            "hp_below",
            lambda fight: (fight.teach(0, {**MARK, "filter": "enemy"}, hp_pct=60), trick(fight, MINE)),
        ),
        ("heal_taken", lambda fight: heal(fight)),
        ("pushed", lambda fight: shoved(fight, 1)),
        ("collided", lambda fight: shoved(fight, 9)),
        ("ap_lost", lambda fight: drained(fight)),
        ("kill", lambda fight: (fight.teach(0, {"type": "kill", "filter": "enemy"}), trick(fight))),
        ("ally_death", lambda fight: struck(fight, at=ALLY, min=900, max=900)),
        ("effect_expired", lambda fight: short_lived(fight)),
    ],
)
def test_each_moment_sets_it_off(on: str, act: Any) -> None:
    fight = ready(on)
    before = marks(fight)
    act(fight)
    assert (before, marks(fight)) == (0, 1)


def heal(fight: Fight) -> None:
    fight.set(0, hp=10)
    fight.teach(0, {"type": "heal", "filter": "self", "min": 3, "max": 3})
    trick(fight, MINE)


def shoved(fight: Fight, n: int) -> None:
    fight.skip_to(2)
    fight.teach(2, {"type": "push", "filter": "enemy", "n": n})
    trick(fight, MINE)


def drained(fight: Fight) -> None:
    fight.skip_to(2)
    fight.give_stats(2, focus_atk=90)
    fight.teach(2, {"type": "drain", "filter": "enemy", "pool": "ap", "n": 6})
    trick(fight, MINE)


def short_lived(fight: Fight) -> None:
    fight.teach(0, {"type": "mod", "filter": "self", "stat": "grip", "delta": 1, "duration": 1})
    trick(fight, MINE)
    for _ in range(4):
        fight.do(EndTurn())


def test_a_line_is_crossed_once_and_not_again_below_it() -> None:
    fight = ready("hp_below", {"type": "gain", "filter": "self", "pool": "mp", "n": 1})
    struck(fight, min=60, max=60)
    assert len(of_type(fight.events, e.PointsChanged)) > 0
    count = sum(event.mp_debt == -1 for event in of_type(fight.events, e.PointsChanged))
    trick(fight, MINE)
    assert sum(event.mp_debt < -1 for event in of_type(fight.events, e.PointsChanged)) == 0
    assert count == 1


def test_the_dying_answer_to_their_own_death_and_to_nothing_after() -> None:
    burst = {**HARM, "min": 7, "max": 7}
    fight = ready("death", burst, shape={"type": "circle", "n": 2})
    events = struck(fight, min=900, max=900)
    assert [event.cause for event in of_type(events, e.Damaged)] == ["skill", "trigger"]
    assert not fight.who(0).is_alive


def test_replacing_comes_before_changing_and_changing_before_what_is_lost() -> None:
    fight = lab(
        waiting("before_damage_taken", stage="modify", pct=-50, effects=[], key="half"),
        waiting("before_damage_taken", stage="replace", limit=1, effects=[], key="none"),
        id="wait",
    )
    trick(fight, MINE, "wait")
    assert of_type(struck(fight), e.Damaged) == []
    assert [event.lost for event in of_type(trick(fight, MINE), e.Damaged)] == [10]


def test_answers_go_by_priority_then_slot_then_age() -> None:
    fight = lab(
        waiting("damage_taken", {**MARK, "key": "late"}, key="a"),
        waiting("damage_taken", {**MARK, "key": "first"}, key="b", priority=5),
        waiting("damage_taken", {**MARK, "key": "later"}, key="c"),
        id="wait",
    )
    trick(fight, MINE, "wait")
    applied = [event.effect.key for event in of_type(struck(fight), e.EffectApplied)]
    assert applied == ["first", "late", "later"]


def test_a_limit_ends_it() -> None:
    fight = ready("damage_taken", {"type": "gain", "filter": "self", "pool": "mp", "n": 1}, limit=2)
    struck(fight)
    assert [effect.value for effect in fight.who(0).effects] == [1]
    trick(fight, MINE)
    assert of_type(fight.events, e.EffectEnded)[-1].why == "spent"
    assert fight.who(0).effects == ()


def test_each_answers_once_to_whatever_began_it_all() -> None:
    """Two that hurt each other for being hurt: each strikes back once."""
    back = {"type": "damage", "filter": "any", "element": "pure", "min": 3, "max": 3}
    fight = lab(waiting("damage_taken", back, at="other"), id="wait")
    trick(fight, MINE, "wait")
    fight.skip_to(2)
    fight.teach(2, waiting("damage_taken", back, at="other"), id="wait2")
    trick(fight, THEIRS, "wait2")
    fight.teach(2, HARM)
    events = trick(fight, MINE)
    assert [event.lost for event in of_type(events, e.Damaged)] == [20, 3, 3]


def test_reactions_to_reactions_more_than_eight_deep_are_a_fault() -> None:
    """Hostile row B09: ten who each strike the next for being struck; the battle freezes, nobody is paid."""
    kinds = [hero("anchorite", character_id=number + 1, team=number % 2) for number in range(10)]
    cells = tuple((x, y) for y in (0, 9) for x in range(5))
    fight = Fight(*kinds, placement=(cells[:5], cells[5:])).start()
    for slot in range(10):
        fight.set(slot, cell=(slot, 4))
    pain = {"type": "damage", "element": "pure", "min": 1, "max": 1}
    for slot in range(10):
        fight.skip_to(slot)
        strike = waiting("damage_taken", pain, shape={"type": "ring", "n": 1})
        fight.teach(slot, strike, id=f"wait{slot}")
        trick(fight, (slot, 4), f"wait{slot}")
    fight.skip_to(0)
    fight.teach(0, pain)
    trick(fight, (1, 4))
    assert fight.battle.end_reason == "engine_fault"
    assert {result.outcome for result in fight.battle.results} == {"draw"}
    assert all(each.hp == each.hp_max for each in fight.battle.combatants)


def test_a_guardian_takes_its_share_and_the_sum_is_kept() -> None:
    fight = lab({"type": "redirect", "filter": "other_ally", "pct": 50, "duration": 5})
    trick(fight, ALLY)
    events = struck(fight, at=ALLY, min=21, max=21)
    first, second = of_type(events, e.Damaged)
    assert (first.amount, first.redirected, first.lost) == (21, 10, 11)
    assert (second.who, second.cause, second.lost) == (fight.who(0).id, "redirect", 10)


def test_a_summon_can_be_made_to_take_the_share_of_its_owner() -> None:
    call = {"type": "summon", "monster": "driftling"}
    fight = lab(call, id="call")
    fight.teach(0, {"type": "redirect", "filter": "self", "to": "own_summon", "pct": 50, "duration": 5})
    trick(fight, MINE)
    alone = struck(fight)
    assert [(event.who, event.lost) for event in of_type(alone, e.Damaged)] == [(fight.who(0).id, 20)]
    fight.skip_to(0)
    trick(fight, (3, 4), "call")
    called = fight.who(4)
    shared = of_type(struck(fight), e.Damaged)
    assert [(event.who, event.lost) for event in shared] == [(fight.who(0).id, 10), (called.id, 10)]
    fight.set(4, hp=0, is_alive=False, effects=())
    assert [event.lost for event in of_type(struck(fight), e.Damaged)] == [20]


def test_what_is_reflected_is_pure_and_not_reflected_again() -> None:
    mirror = {"type": "reflect", "filter": "self", "pct": 50, "duration": 5}
    fight = lab(mirror)
    trick(fight, MINE)
    fight.skip_to(2)
    fight.teach(2, mirror)
    trick(fight, THEIRS)
    events = struck(fight)
    assert [(event.cause, event.lost) for event in of_type(events, e.Damaged)] == [
        ("skill", 20),
        ("reflect", 10),
    ]


def test_stacks_multiply_what_a_guardian_takes_up_to_all_of_it() -> None:
    guard = {"type": "redirect", "filter": "other_ally", "pct": 40, "duration": 9, "stack": "stack", "max": 3}
    fight = lab(guard, id="guard")
    for stacks, redirected in ((1, 8), (2, 16), (3, 20)):
        fight.skip_to(0)
        trick(fight, ALLY, "guard")
        assert fight.who(1).effects[0].stacks == stacks
        assert of_type(struck(fight, at=ALLY), e.Damaged)[0].redirected == redirected


def test_stacks_multiply_what_is_reflected() -> None:
    fight = lab(
        {"type": "reflect", "filter": "self", "pct": 30, "duration": 9, "stack": "stack", "max": 2},
        id="mirror",
    )
    for lost in (6, 12):
        fight.skip_to(0)
        trick(fight, MINE, "mirror")
        assert of_type(struck(fight), e.Damaged)[1].lost == lost


@pytest.mark.parametrize("on", ["turn_end", "kill"])
def test_what_meets_the_other_one_does_nothing_without_one_or_with_a_fallen_one(on: str) -> None:
    """It would meet its own bearer instead, or who stands near the fallen; and it keeps its uses."""
    pain = {"type": "damage", "filter": "any", "element": "pure", "min": 3, "max": 3}
    fight = ready(on, pain, at="other", limit=2, shape={"type": "circle", "n": 3})
    fight.teach(0, {"type": "kill", "filter": "enemy"})
    events = trick(fight) if on == "kill" else fight.do(EndTurn())
    assert [event for event in of_type(events, e.Damaged) if event.cause == "trigger"] == []
    assert [effect.value for effect in fight.who(0).effects] == [2]


def test_where_only_the_strongest_counts_the_others_do_not_answer() -> None:
    alike = {"stack": "highest", "key": "alike"}
    points = {"type": "gain", "filter": "self", "pool": "mp", "n": 1}
    fight = lab(
        waiting("damage_taken", points, limit=5, **alike),
        waiting("damage_taken", points, limit=3, **alike),
        id="wait",
    )
    trick(fight, MINE, "wait")
    struck(fight)
    assert [(each.value, each.is_waiting) for each in fight.who(0).effects] == [(4, False), (3, True)]


def test_where_only_the_strongest_counts_damage_is_changed_once() -> None:
    half = {"stage": "modify", "pct": -50, "effects": [], "stack": "highest", "key": "half"}
    fight = lab(
        waiting("before_damage_taken", limit=5, **half),
        waiting("before_damage_taken", limit=3, **half),
        id="wait",
    )
    trick(fight, MINE, "wait")
    assert [event.lost for event in of_type(struck(fight), e.Damaged)] == [10]


def test_what_triggers_multiply_stays_a_number_that_a_browser_holds() -> None:
    swell = {**waiting("before_damage_taken", stage="modify", pct=1000, effects=[]), "filter": "enemy"}
    fight = lab(*[{**swell, "stack": "independent", "max": 20, "key": "swell"}] * 8, id="curse")
    for _ in range(3):
        trick(fight, THEIRS, "curse")
    fight.teach(0, HARM)
    (hurt,) = of_type(trick(fight, THEIRS), e.Damaged)
    assert hurt.amount == 2**42
    assert hurt.amount * 1_100 < 2**53


def staged(on: str, stage: str, **changes: Any) -> dict[str, Any]:
    return waiting(on, stage=stage, key=f"{on} {stage}".replace(" ", "_"), **{"effects": [], **changes})


def bearing(slot: int, trigger: dict[str, Any]) -> Fight:
    """Somebody bears a trigger that was laid on itself; the first has the turn."""
    fight = lab(HARM)
    fight.skip_to(slot)
    fight.teach(slot, trigger, id="wait")
    trick(fight, fight.who(slot).cell, "wait")
    fight.skip_to(0)
    return fight


def gives(fight: Fight, *effects: dict[str, Any], at: tuple[int, int] = THEIRS) -> tuple[Any, ...]:
    fight.teach(0, *effects)
    return trick(fight, at)


def test_who_deals_damage_may_deal_more_of_it_or_none() -> None:
    more = bearing(0, staged("damage_dealt", "modify", pct=50))
    assert [event.lost for event in of_type(gives(more, HARM), e.Damaged)] == [30]
    none = bearing(0, staged("damage_dealt", "replace", limit=1))
    events = gives(none, HARM)
    assert of_type(events, e.Damaged) == []
    assert [(event.who, event.what) for event in of_type(events, e.EffectResisted)] == [
        (none.who(2).id, "damage")
    ]
    assert of_type(trick(none), e.Damaged)


def test_what_was_sent_on_is_changed_once_by_who_deals_it() -> None:
    fight = lab({"type": "redirect", "filter": "other_ally", "pct": 50, "duration": 5})
    trick(fight, ALLY)
    fight.skip_to(2)
    fight.teach(2, staged("damage_dealt", "modify", pct=100), id="wait")
    trick(fight, THEIRS, "wait")
    assert [event.lost for event in of_type(struck(fight, at=ALLY), e.Damaged)] == [20, 20]


def test_healing_is_changed_or_replaced_where_it_comes_in() -> None:
    mend = {"type": "heal", "filter": "self", "min": 20, "max": 20}
    less = bearing(0, staged("heal_taken", "modify", pct=-50))
    less.set(0, hp=10)
    assert [event.amount for event in of_type(gives(less, mend, at=MINE), e.Healed)] == [10]
    none = bearing(0, staged("heal_taken", "replace"))
    none.set(0, hp=10)
    assert of_type(gives(none, mend, at=MINE), e.Healed) == []


def test_a_push_is_changed_or_replaced() -> None:
    push = {"type": "push", "filter": "enemy", "n": 2}
    farther = bearing(2, staged("pushed", "modify", pct=50))
    farther.set(3, cell=(9, 9))
    assert [len(event.path) for event in of_type(gives(farther, push), e.Displaced)] == [3]
    fixed = bearing(2, staged("pushed", "replace", limit=1))
    fixed.set(3, cell=(9, 9))
    assert of_type(gives(fixed, push), e.Displaced) == []
    assert of_type(trick(fixed), e.Displaced)


def test_lost_action_points_are_changed_or_replaced() -> None:
    drain = {"type": "drain", "filter": "enemy", "pool": "ap", "n": 4}
    for pct, stage, lost in ((-50, "modify", 2), (0, "replace", 0)):
        fight = bearing(2, staged("ap_lost", stage, pct=pct))
        fight.give_stats(0, focus_atk=900)
        before = fight.who(2).ap_debt
        taken = len(
            [r for r in of_type(gives(fight, drain), e.Rolled) if r.why == "drain_ap" and r.value < 9_000]
        )
        assert fight.who(2).ap_debt - before == (taken // 2 if stage == "modify" else lost)


@pytest.mark.parametrize(
    ("polarity", "is_stunned", "is_shielded"),
    [("any", False, False), ("harmful", False, True), ("helpful", True, False)],
)
def test_immunity_replaces_effects_of_a_polarity(polarity: str, is_stunned: bool, is_shielded: bool) -> None:
    fight = bearing(2, staged("effect_applied", "replace", polarity=polarity))
    stun = {"type": "state", "state": "root", "duration": 2}
    shield = {"type": "shield", "amount": [5, 5], "duration": 2}
    gives(fight, stun, shield)
    kinds = {effect.kind for effect in fight.who(2).effects} - {"trigger"}
    assert kinds == {kind for kind, there in (("state", is_stunned), ("shield", is_shielded)) if there}
