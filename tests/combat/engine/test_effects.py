"""Each effect by itself, taught as a trick: values, points, and who is met."""

from __future__ import annotations

from typing import Any

import pytest

from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.inputs import Cast, EndTurn
from apps.combat.engine.stats import stat

from .cast import Fight, hero, monster, of_type

MINE, THEIRS = (4, 4), (6, 4)
DAMAGE = {"type": "damage", "element": "ember", "min": 20, "max": 20}


def fight_with(*effects: dict[str, Any], **changes: Any) -> Fight:
    """A duel in which the first knows the trick and has the turn; no stats but points."""
    fight = Fight(hero("anchorite", character_id=1), hero("anchorite", character_id=2, team=1)).start()
    fight.skip_to(0)
    fight.set(0, cell=MINE)
    fight.set(1, cell=THEIRS)
    fight.teach(0, *effects, **changes)
    return fight


def trick(fight: Fight, cell: tuple[int, int] = THEIRS) -> tuple[object, ...]:
    return fight.do(Cast("trick", cell))


def test_healing_grows_with_tide_and_focus_and_stops_at_the_maximum() -> None:
    fight = fight_with({"type": "heal", "filter": "self", "min": 10, "max": 10})
    fight.give_stats(0, power_tide=50, focus=50, heal_out_pct=50)
    fight.set(0, hp=10)
    (healed,) = of_type(trick(fight, MINE), e.Healed)
    assert (healed.amount, healed.hp) == (30, 40)
    fight.set(0, hp=fight.who(0).hp_max - 4)
    assert of_type(trick(fight, MINE), e.Healed)[0].amount == 4


def test_healing_is_changed_by_what_its_bearer_makes_of_it() -> None:
    fight = fight_with({"type": "heal", "filter": "self", "min": 10, "max": 10})
    fight.give_stats(0, heal_in_pct=-50)
    fight.set(0, hp=10)
    assert of_type(trick(fight, MINE), e.Healed)[0].amount == 5


def test_mending_over_time_ticks_at_each_of_the_bearers_turns() -> None:
    fight = fight_with({"type": "hot", "filter": "self", "amount": [5, 5], "duration": 2})
    fight.set(0, hp=10)
    trick(fight, MINE)
    for _ in range(8):
        fight.do(EndTurn())
    assert [event.amount for event in of_type(fight.events, e.Healed)] == [5, 5]


def test_stolen_life_is_a_share_of_what_was_lost() -> None:
    fight = fight_with({**DAMAGE, "lifesteal_pct": 50})
    fight.set(0, hp=10)
    assert of_type(trick(fight), e.Healed)[0].amount == 10


def test_a_drained_enemy_has_less_at_its_next_refill_only() -> None:
    fight = fight_with({"type": "drain", "filter": "enemy", "pool": "mp", "n": 2})
    fight.give_stats(0, focus_atk=90)
    for _ in range(8):
        trick(fight)
    assert fight.who(1).mp == 3
    assert fight.who(1).mp_debt == 3
    fight.do(EndTurn())
    assert (fight.who(1).mp, fight.who(1).mp_debt) == (0, 0)
    fight.do(EndTurn())
    fight.do(EndTurn())
    assert fight.who(1).mp == 3


def test_each_drained_point_is_a_roll_and_never_certain() -> None:
    fight = fight_with({"type": "drain", "filter": "enemy", "pool": "ap", "n": 12})
    fight.give_stats(0, focus_atk=900)
    events = trick(fight)
    rolls = [event for event in of_type(events, e.Rolled) if event.why == "drain_ap"]
    assert len(rolls) == 12
    assert sum(roll.value < 9000 for roll in rolls) >= fight.who(1).ap_debt


def test_what_is_stolen_goes_to_the_thief_now() -> None:
    fight = fight_with({"type": "drain", "filter": "enemy", "pool": "ap", "n": 4, "steal": True})
    fight.give_stats(0, focus_atk=90)
    before = fight.who(0).ap
    trick(fight)
    assert fight.who(0).ap == before + fight.who(1).ap_debt > before


def test_points_gained_on_ones_turn_count_now_up_to_the_cap() -> None:
    fight = fight_with({"type": "gain", "filter": "self", "pool": "mp", "n": 4})
    trick(fight, MINE)
    assert fight.who(0).mp == 7
    trick(fight, MINE)
    assert fight.who(0).mp == 8


def test_points_given_to_a_friend_count_at_its_next_refill() -> None:
    fight = fight_with({"type": "gain", "filter": "any", "pool": "ap", "n": 2})
    trick(fight)
    assert (fight.who(1).ap, fight.who(1).ap_debt) == (6, -2)
    fight.do(EndTurn())
    assert (fight.who(1).ap, fight.who(1).ap_debt) == (8, 0)


def test_a_critical_cast_uses_the_critical_amounts_and_is_never_certain() -> None:
    fight = fight_with({**DAMAGE, "crit": [30, 30]}, crit_bp=10_000)
    fight.give_stats(0, crit_bp=5_000)
    crits = []
    for _ in range(40):
        fight.set(1, hp=80, hp_max=80)
        events = trick(fight)
        (cast,) = of_type(events, e.SkillCast)
        assert of_type(events, e.Damaged)[0].amount == (30 if cast.is_crit else 20)
        crits.append(cast.is_crit)
    assert 20 <= sum(crits) < 40


def test_damage_falls_off_from_the_centre() -> None:
    fight = fight_with({**DAMAGE, "falloff_pct": 25}, shape={"type": "circle", "n": 2})
    hits = {event.who: event.amount for event in of_type(trick(fight, MINE), e.Damaged)}
    assert hits == {fight.who(0).id: 20, fight.who(1).id: 10}


def test_the_oldest_shield_breaks_first_and_later_ones_stay_whole() -> None:
    armour = {"type": "shield", "filter": "any", "duration": 5, "stack": "independent", "max": 3}
    fight = fight_with(*({**armour, "amount": [n, n]} for n in (8, 15, 4)))
    trick(fight)
    fight.teach(0, DAMAGE)
    events = trick(fight)
    assert of_type(events, e.Damaged)[0].absorbed == 20
    assert [each.value for each in fight.who(1).effects] == [3, 4]
    assert len(of_type(events, e.EffectChanged)) == 1


@pytest.mark.parametrize(
    ("wanted", "met"),
    [("any", {0, 1}), ("enemy", {1}), ("ally", {0}), ("other_ally", set()), ("self", {0})],
)
def test_a_filter_says_whom_an_effect_meets(wanted: str, met: set[int]) -> None:
    fight = fight_with({**DAMAGE, "filter": wanted}, shape={"type": "circle", "n": 2})
    hits = {event.who for event in of_type(trick(fight, MINE), e.Damaged)}
    assert hits == {fight.who(slot).id for slot in met}


@pytest.mark.parametrize(("area_los", "hits"), [(True, 0), (False, 1)])
def test_an_area_is_stopped_by_walls_unless_it_says_otherwise(area_los: bool, hits: int) -> None:
    fight = fight_with({**DAMAGE, "filter": "enemy"}, shape={"type": "circle", "n": 3}, area_los=area_los)
    fight.set(0, cell=(2, 1))
    fight.set(1, cell=(4, 1))
    assert len(of_type(trick(fight, (2, 1)), e.Damaged)) == hits


def test_a_skill_may_cost_life_but_not_the_last_of_it() -> None:
    fight = fight_with(DAMAGE, hp_pct=50)
    full = fight.who(0).hp_max
    trick(fight)
    assert fight.who(0).hp == full - full // 2
    fight.set(1, hp=80)
    with pytest.raises(refusals.NotEnoughHp):
        trick(fight)


def test_a_skill_for_a_few_times_a_battle_is_used_up() -> None:
    fight = fight_with({"type": "gain", "filter": "self", "pool": "mp", "n": 1}, limits={"per_fight": 1})
    trick(fight, MINE)
    fight.do(EndTurn())
    fight.skip_to(0)
    with pytest.raises(refusals.LimitReached):
        trick(fight, MINE)


def test_a_skill_with_an_initial_cooldown_waits() -> None:
    from apps.combat import engine

    skill = fight_with(DAMAGE, limits={"initial_cooldown": 2}).rulebook.skills["trick"]
    fight = fight_with(DAMAGE)
    fight.rulebook = engine.rulebook(
        engine.CombatPack(skills={**fight.rulebook.skills, "trick": skill}), content_hash="00" * 32
    )
    entered = engine.reopen(fight.battle.header, fight.rulebook).combatants[0]
    fight.set(0, uses=entered.uses)
    for _ in range(2):
        with pytest.raises(refusals.OnCooldown):
            trick(fight)
        fight.do(EndTurn())
        fight.skip_to(0)
    assert of_type(trick(fight), e.SkillCast)


def test_range_can_be_raised_where_the_skill_allows_it() -> None:
    for modifiable, is_allowed in ((True, True), (False, False)):
        reach = {"min": 1, "max": 1, "modifiable": modifiable}
        fight = fight_with(DAMAGE, range=reach)
        fight.give_stats(0, range=9)
        fight.set(1, cell=(8, 4))
        if is_allowed:
            assert of_type(trick(fight, (8, 4)), e.Damaged)
            fight.set(1, cell=(9, 4))
        with pytest.raises(refusals.OutOfRange):
            trick(fight, fight.who(1).cell)


def test_a_requirement_about_the_casters_state_is_kept() -> None:
    fight = fight_with(DAMAGE, requires=[{"state": "root"}])
    with pytest.raises(refusals.RequirementUnmet):
        trick(fight)


def test_two_sources_stack_apart_unless_told_otherwise() -> None:
    for per_source, expected in ((True, [7, 7]), (False, [7])):
        change = {"type": "mod", "stat": "grip", "delta": 7, "duration": 9, "per_source": per_source}
        fight = fight_with(change)
        fight.teach(1, change)
        trick(fight)
        fight.skip_to(1)
        trick(fight)
        assert [each.value for each in fight.who(1).effects] == expected
        assert fight.who(1).effects[-1].source == fight.who(1).id
        assert stat(fight.battle, fight.who(1), "grip") == sum(expected)


def test_a_refreshed_effect_keeps_the_higher_value() -> None:
    fight = fight_with({"type": "mod", "stat": "grip", "delta": -9, "duration": 9})
    trick(fight)
    fight.teach(0, {"type": "mod", "stat": "grip", "delta": -4, "duration": 9})
    trick(fight)
    assert [(each.value, each.is_harmful) for each in fight.who(1).effects] == [(-9, True)]


def test_pure_damage_is_never_dodged_and_accuracy_beats_nimbleness() -> None:
    fight = fight_with({**DAMAGE, "element": "pure", "dodgeable": True})
    fight.give_stats(1, dodge_bp=3000)
    assert "dodge" not in [event.why for event in of_type(trick(fight), e.Rolled)]
    fight.teach(0, {**DAMAGE, "dodgeable": True})
    fight.give_stats(0, accuracy_bp=3000)
    for _ in range(20):
        fight.set(1, hp=80, hp_max=80)
        (damaged,) = of_type(trick(fight), e.Damaged)
        assert not damaged.is_dodged


@pytest.mark.parametrize(("mode", "winner"), [("pvp", -1), ("pve", 1)])
def test_when_all_fall_together_the_attacker_has_lost_or_nobody_has_won(mode: str, winner: int) -> None:
    foe = hero("anchorite", character_id=2, team=1) if mode == "pvp" else monster("mud_skitter")
    fight = Fight(hero("anchorite", character_id=1), foe, mode=mode).start()
    fight.skip_to(0)
    fight.set(0, cell=MINE, hp=1)
    fight.set(1, cell=THEIRS, hp=1)
    fight.teach(0, DAMAGE, shape={"type": "circle", "n": 2})
    events = trick(fight, MINE)
    assert len(of_type(events, e.Died)) == 2
    assert (fight.battle.winner, fight.battle.end_reason) == (winner, "eliminated")


def test_who_dies_by_its_own_skill_ends_its_turn() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=3),
        hero("anchorite", character_id=2, team=1),
    ).start()
    fight.skip_to(0)
    fight.set(0, hp=1)
    fight.teach(0, {**DAMAGE, "filter": "self"})
    trick(fight, fight.who(0).cell)
    assert not fight.who(0).is_alive
    assert fight.battle.turn_owner not in (0, fight.who(0).id)
