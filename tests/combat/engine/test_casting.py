"""What may be cast where: every refusal, and that a refusal changes nothing."""

from __future__ import annotations

import pytest

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.inputs import Cast, EndTurn, Input

from .cast import Fight, hero, of_type


def duel(mine: str = "anchorite", **options: object) -> Fight:
    fight = Fight(hero(mine, character_id=1), hero("anchorite", character_id=2, team=1), **options).start()
    fight.skip_to(0)
    fight.set(0, cell=(4, 4))
    fight.set(1, cell=(5, 4))
    return fight


def refused(fight: Fight, intent: Input) -> type[engine.Refusal]:
    before, digest = fight.battle, engine.state_hash(fight.battle)
    with pytest.raises(engine.Refusal) as refusal:
        fight.do(intent)
    assert fight.battle is before
    assert engine.state_hash(fight.battle) == digest
    return refusal.type


@pytest.mark.parametrize(
    ("skill", "cell", "expected"),
    [
        ("spark_throw", (5, 4), refusals.UnknownSkill),
        ("nonsense", (5, 4), refusals.UnknownSkill),
        ("hook_swing", (7, 4), refusals.OutOfRange),
        ("hook_swing", (4, 3), refusals.WrongTarget),
        ("hook_swing", (99, -4), refusals.OffBoard),
        ("drag_chain", (5, 3), refusals.NotOnAxis),
        ("brace", (5, 4), refusals.OutOfRange),
    ],
)
def test_a_bad_aim_is_refused(skill: str, cell: tuple[int, int], expected: type) -> None:
    assert refused(duel(), Cast(skill, cell)) is expected


def test_walls_and_bodies_block_the_line() -> None:
    fight = duel("cindersmith")
    fight.set(0, cell=(2, 1))
    fight.set(1, cell=(4, 1))
    assert refused(fight, Cast("spark_throw", (4, 1))) is refusals.NoLineOfSight


def test_a_body_in_between_blocks_even_the_shortest_line() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=3),
        hero("anchorite", character_id=2, team=1),
    ).start()
    fight.skip_to(0)
    for slot, x in ((0, 4), (1, 5), (2, 6)):
        fight.set(slot, cell=(x, 4))
    assert refused(fight, Cast("deadweight", (6, 4))) is refusals.NoLineOfSight


def test_points_are_paid_and_then_missing() -> None:
    fight = duel()
    fight.do(Cast("hook_swing", (5, 4)))
    fight.do(Cast("hook_swing", (5, 4)))
    assert fight.who(0).ap == 0
    assert refused(fight, Cast("hook_swing", (5, 4))) is refusals.NotEnoughAp


def test_a_skill_on_cooldown_comes_back_after_its_turns() -> None:
    fight = duel()
    fight.do(Cast("brace", (4, 4)))
    for turns_left in (3, 2, 1):
        assert refused(fight, Cast("brace", (4, 4))) is refusals.OnCooldown
        assert fight.who(0).uses[0].ready_at - fight.who(0).turns == turns_left
        fight.do(EndTurn())
        fight.skip_to(0)
    assert of_type(fight.do(Cast("brace", (4, 4))), e.SkillCast)


def test_limits_per_turn_and_per_target_are_kept_and_renewed() -> None:
    fight = duel()
    fight.set(1, cell=(7, 4))
    fight.do(Cast("drag_chain", (7, 4)))
    fight.set(1, cell=(7, 4))
    assert refused(fight, Cast("drag_chain", (7, 4))) is refusals.LimitReached
    fight.set(1, cell=(5, 4))
    fight.do(Cast("deadweight", (5, 4)))
    fight.set(0, ap=6)
    assert refused(fight, Cast("deadweight", (5, 4))) is refusals.LimitReached
    fight.do(EndTurn())
    fight.skip_to(0)
    assert of_type(fight.do(Cast("deadweight", (5, 4))), e.SkillCast)


def test_only_who_has_the_turn_acts() -> None:
    fight = duel()
    with pytest.raises(refusals.NotYourTurn):
        fight.give(fight.who(1).id, Cast("hook_swing", (4, 4)))
    with pytest.raises(refusals.UnknownCombatant):
        fight.give(123, EndTurn())


def test_costs_stay_spent_when_everything_was_dodged() -> None:
    fight = duel()
    fight.give_stats(1, dodge_bp=3000)
    dodged = []
    for _ in range(20):
        fight.set(0, ap=6)
        fight.set(1, hp=60)
        (damaged,) = of_type(fight.do(Cast("hook_swing", (5, 4))), e.Damaged)
        dodged.append(damaged.is_dodged)
        assert fight.who(0).ap == 3
    assert 1 <= sum(dodged) <= 12


def test_an_effect_on_hit_skips_who_dodged() -> None:

    for number in range(30):
        fight = duel(seed=bytes([number]) * 32)
        fight.give_stats(1, dodge_bp=3000)
        events = fight.do(Cast("deadweight", (5, 4)))
        (damaged,) = of_type(events, e.Damaged)
        assert bool(of_type(events, e.EffectApplied)) is not damaged.is_dodged


def test_every_cast_draws_its_crit_and_its_values_once() -> None:
    fight = Fight(
        hero("cindersmith", character_id=1, level=6), hero("cindersmith", character_id=2, team=1)
    ).start()
    fight.skip_to(0)
    fight.set(0, cell=(3, 4), ap=6)
    fight.set(1, cell=(5, 4))
    rolls = [event.why for event in of_type(fight.do(Cast("flashfire", (3, 4))), e.Rolled)]
    assert rolls == ["crit", "damage"]


def test_without_changes_damage_stays_between_its_bounds() -> None:
    for number in range(40):
        fight = duel("cindersmith", seed=bytes([number]) * 32)
        fight.set(0, cell=(3, 4))
        (damaged,) = of_type(fight.do(Cast("spark_throw", (5, 4))), e.Damaged)
        (cast,) = of_type(fight.events, e.SkillCast)
        low, high = (10, 20) if cast.is_crit else (6, 14)
        assert low <= damaged.amount <= high
