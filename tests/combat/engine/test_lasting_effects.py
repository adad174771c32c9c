"""What stays: how long it lasts, how it stacks, and what ends it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.definitions import Inflict, Mod
from apps.combat.engine.effects.lasting import Content, lay
from apps.combat.engine.inputs import Cast, EndTurn, Move
from apps.combat.engine.resolution import Resolution
from apps.combat.engine.scene import Scene
from apps.combat.engine.stats import has_state, stat

from .cast import Fight, hero, of_type, rules


def duel(mine: str, theirs: str = "anchorite") -> Fight:
    fight = Fight(hero(mine, character_id=1), hero(theirs, character_id=2, team=1)).start()
    fight.skip_to(0)
    fight.set(0, cell=(2, 4))
    fight.set(1, cell=(4, 4))
    return fight


def burns(fight: Fight) -> list[object]:
    return [event for event in of_type(fight.events, e.Damaged) if event.cause == "dot"]


def test_burning_ticks_exactly_as_often_as_it_says() -> None:
    fight = duel("cindersmith")
    fight.do(Cast("brand", (4, 4)))
    for _ in range(10):
        fight.do(EndTurn())
    assert len(burns(fight)) == 3
    assert not fight.who(1).effects


def test_burning_goes_on_after_its_caster_is_dead() -> None:
    fight = Fight(
        hero("cindersmith", character_id=1),
        hero("anchorite", character_id=2),
        hero("anchorite", character_id=3, team=1),
    ).start()
    fight.skip_to(0)
    fight.set(0, cell=(2, 4), hp=1)
    fight.set(2, cell=(3, 4))
    fight.do(Cast("brand", (3, 4)))
    fight.skip_to(2)
    fight.do(Cast("hook_swing", (2, 4)))
    assert not fight.who(0).is_alive
    for _ in range(8):
        fight.do(EndTurn())
    assert len(burns(fight)) == 3


def test_burning_stacks_and_keeps_one_duration() -> None:
    fight = duel("cindersmith")
    values = []
    for _ in range(4):
        fight.skip_to(0)
        fight.set(1, hp=60)
        fight.do(Cast("brand", (4, 4)))
        values.append(fight.who(1).effects[0].stacks)
        fight.do(EndTurn())
    assert values == [1, 2, 3, 3]
    assert len(fight.who(1).effects) == 1


def test_a_shield_ends_at_its_casters_second_next_turn() -> None:
    fight = duel("anchorite")
    fight.do(Cast("brace", (2, 4)))
    shield = fight.who(0).effects[0]
    assert (shield.value, shield.until) == (14, fight.who(0).turns + 2)
    fight.do(EndTurn())
    fight.skip_to(0)
    assert fight.who(0).effects == (shield,)
    fight.do(EndTurn())
    fight.skip_to(0)
    assert fight.who(0).effects == ()


def test_what_a_dead_caster_left_expires_at_its_place_in_the_timeline() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2),
        hero("anchorite", character_id=3, team=1),
    ).start()
    fight.skip_to(0)
    change = Mod(stat="grip", delta=5, duration=2)
    lay_on(fight, change, Content(kind="mod", of="grip", value=5), caster=0, bearer=2)
    fight.set(0, hp=1, cell=(4, 4))
    fight.skip_to(2)
    fight.do(Cast("hook_swing", (4, 4)))
    assert not fight.who(0).is_alive
    assert stat(fight.battle, fight.who(2), "grip") == 5
    for _ in range(5):
        fight.do(EndTurn())
    assert stat(fight.battle, fight.who(2), "grip") == 0


def test_bellows_raise_power_for_two_rounds_and_leave_nothing_behind() -> None:
    fight = duel("cindersmith")
    before = stat(fight.battle, fight.who(0), "power_ember")
    fight.do(Cast("bellows", (2, 4)))
    assert stat(fight.battle, fight.who(0), "power_ember") == before + 30
    for _ in range(4):
        fight.do(EndTurn())
    assert stat(fight.battle, fight.who(0), "power_ember") == before


def test_the_rooted_cannot_walk_for_one_turn() -> None:
    fight = duel("anchorite")
    fight.do(Cast("deadweight", (4, 4)))
    fight.skip_to(1)
    with pytest.raises(refusals.Rooted):
        fight.do(Move(((5, 4),)))
    fight.do(EndTurn())
    assert not has_state(fight.who(1), "root")


def test_the_stunned_lose_their_turn_and_are_then_immune_for_one() -> None:
    fight = duel("anchorite")
    inflict(fight, "stun")
    fight.do(EndTurn())
    assert fight.battle.turn_owner == fight.who(0).id
    assert [each.kind for each in fight.who(1).effects] == ["tenacity"]
    inflict(fight, "stun")
    assert of_type(fight.events, e.EffectResisted)
    fight.do(EndTurn())
    assert fight.battle.turn_owner == fight.who(1).id
    fight.do(EndTurn())
    assert fight.who(1).effects == ()


def test_the_silenced_keep_their_basic_skill() -> None:
    fight = duel("cindersmith")
    fight.skip_to(1)
    inflict(fight, "silence", on=0)
    fight.skip_to(0)
    with pytest.raises(refusals.Silenced):
        fight.do(Cast("brand", (4, 4)))
    fight.do(Cast("spark_throw", (4, 4)))
    assert of_type(fight.events, e.SkillCast)


def test_independent_instances_drop_the_oldest() -> None:
    fight = duel("anchorite")
    change = Mod(stat="grip", delta=1, duration=5, stack="independent", max=2)
    for value in (1, 2, 3):
        lay_on(fight, change, Content(kind="mod", of="grip", value=value), caster=0, bearer=1)
    assert [each.value for each in fight.who(1).effects] == [2, 3]


def test_of_highest_only_the_strongest_counts_and_the_others_wait() -> None:
    fight = duel("anchorite")
    base = stat(fight.battle, fight.who(1), "grip")
    for value, duration in ((4, 5), (2, 5), (6, 1)):
        change = Mod(stat="grip", delta=1, duration=duration, stack="highest")
        lay_on(fight, change, Content(kind="mod", of="grip", value=value), caster=0, bearer=1)
    assert [(each.value, each.is_waiting) for each in fight.who(1).effects] == [
        (4, True),
        (2, True),
        (6, False),
    ]
    assert stat(fight.battle, fight.who(1), "grip") == base + 6
    fight.do(EndTurn())
    fight.do(EndTurn())
    assert stat(fight.battle, fight.who(1), "grip") == base + 4


def inflict(fight: Fight, state: str, *, on: int = 1) -> None:
    effect = Inflict(state=state, duration=1)  # type: ignore[arg-type]
    from apps.combat.engine.effects.lasting import inflict as handler

    r, scene = scene_of(fight, caster=1 - on, bearer=on)
    handler(r, scene, effect)
    fight.battle = r.battle
    fight.events += r.events


def lay_on(fight: Fight, effect: Mod, content: Content, *, caster: int, bearer: int) -> None:
    r, scene = scene_of(fight, caster=caster, bearer=bearer)
    lay(r, scene, effect, fight.who(bearer).id, content)
    fight.battle = r.battle


def scene_of(fight: Fight, *, caster: int, bearer: int) -> tuple[Resolution, Scene]:
    from apps.combat.engine.scene import Struck

    target = fight.who(bearer)
    scene = Scene(
        caster=fight.who(caster).id,
        skill=rules().skills["brand"],
        rank=0,
        origin=target.cell,
        struck=(Struck(target.id, 0),),
        level=1,
    )
    return Resolution(fight.battle, rules(), fight.dice), scene


def test_expiring_and_coming_back_leaves_base_stats_alone() -> None:
    fight = duel("anchorite")
    base = engine.view(fight.battle, engine.OMNISCIENT).combatants[1].stats
    for _ in range(3):
        lay_on(
            fight,
            Mod(stat="grip", delta=7, duration=1),
            Content(kind="mod", of="grip", value=7),
            caster=0,
            bearer=1,
        )
        for _ in range(4):
            fight.do(EndTurn())
    assert engine.view(fight.battle, engine.OMNISCIENT).combatants[1].stats == base
    assert stat(fight.battle, replace(fight.who(1), effects=()), "grip") == base.get("grip", 0)
