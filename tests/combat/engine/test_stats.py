"""What a build is made of: class, level, points and equipment; and the caps of what effects add."""

from __future__ import annotations

from aether.protocol.combat_values import SkillSlot
from apps.combat import engine
from apps.combat.engine.stats import has_state, stat

from .cast import Fight, hero, monster, rules


def test_life_grows_with_level_and_vigor_and_equipment() -> None:
    assert hero("anchorite", character_id=1, level=1).hp_max == 62
    assert hero("anchorite", character_id=1, level=4, vigor=5, hp_max=7).hp_max == 62 + 27 + 15 + 7


def test_points_become_the_stats_that_battles_use() -> None:
    stats = hero("kitewright", character_id=1, gale=42, stone=20, focus=11, power_gale=6, grip=1).stats
    assert stats["power_gale"] == 48
    assert (stats["grip"], stats["evade"]) == (3, 4)
    assert (stats["focus_atk"], stats["resolve"]) == (2, 2)
    assert stats["initiative"] == 45 + 62 // 4
    assert (stats["ap_max"], stats["mp_max"], stats["summon_max"]) == (6, 3, 1)


def test_skills_are_learned_at_their_level_and_grow_by_rank() -> None:
    young, grown = (hero("anchorite", character_id=1, level=level) for level in (1, 8))
    assert [slot.id for slot in young.skills] == ["hook_swing", "drag_chain", "brace"]
    assert grown.skills[0] == SkillSlot("hook_swing", 1)


def test_a_monster_is_kept_within_its_levels() -> None:
    assert monster("mud_skitter", 1).hp_max == (24 + 11) * 70 // 100
    assert monster("mud_skitter", 30).level == 2
    assert monster("peat_hulk", 1).level == 5


def test_effective_stats_stay_within_their_caps() -> None:
    fight = Fight(
        hero("anchorite", character_id=1, range=9, dodge_bp=9000), monster("mud_skitter"), mode="pve"
    )
    assert stat(fight.battle, fight.who(0), "range") == 3
    assert stat(fight.battle, fight.who(0), "dodge_bp") == 3000
    assert not has_state(fight.who(0), "stun")


def test_who_comes_in_wounded_starts_wounded_and_nobody_starts_dead() -> None:
    from msgspec.structs import replace

    for hp, expected in ((10, 10), (0, 1), (999, 80)):
        build = replace(hero("anchorite", character_id=1), hp=hp)
        assert Fight(build, monster("mud_skitter"), mode="pve").who(0).hp == min(expected, build.hp_max)


def test_what_an_ai_knows_leaves_out_what_its_team_cannot_see() -> None:
    from apps.combat.engine.inputs import Cast

    fight = Fight(hero("anchorite", character_id=1), monster("mud_skitter"), mode="pve").start()
    fight.skip_to(0)
    fight.do(Cast("brace", fight.who(0).cell))
    known = engine.known_to(fight.battle, 1)
    assert fight.who(0).uses
    assert (known.combatants[0].uses, known.streams, known.client_seeds) == ((), (), ())
    assert engine.known_to(fight.battle, 0).combatants[0].uses == fight.who(0).uses
    assert rules().rules_version == engine.RULES_VERSION
