"""What the monsters of the sample pack show of the catalogue that nothing else in it does."""

from __future__ import annotations

import pytest

from apps.combat.engine import events as e
from apps.combat.engine.inputs import Cast

from .cast import Fight, hero, monster, of_type, pack
from .lab import MINE, THEIRS


def test_the_sample_pack_has_a_monster_that_nobody_pushes_while_it_is_in_its_shell() -> None:
    fight = Fight(hero("kitewright", character_id=1, level=8), monster("slag_crab", 8), mode="pve").start()
    fight.skip_to(1)
    fight.set(0, cell=MINE)
    fight.set(1, cell=THEIRS)
    fight.do(Cast("shell_up", THEIRS))
    fight.skip_to(0)
    resisted = of_type(fight.do(Cast("updraft", THEIRS)), e.EffectResisted)
    assert [(event.who, event.what) for event in resisted] == [(fight.who(1).id, "push")]
    assert fight.who(1).cell == THEIRS


@pytest.mark.parametrize(("level", "cells"), [(3, 2), (4, 3)])
def test_the_sample_pack_has_a_skill_whose_later_rank_is_a_patch(level: int, cells: int) -> None:
    fight = Fight(hero("anchorite", character_id=1), monster("bog_lantern", level), mode="pve").start()
    fight.skip_to(1)
    fight.set(0, cell=(9, 4))
    fight.set(1, cell=MINE)
    (drawn,) = of_type(fight.do(Cast("lure", (9, 4))), e.Displaced)
    assert len(drawn.path) == cells


def test_the_sample_pack_has_a_profile_that_goes_by_what_skills_are_good_for() -> None:
    liked = {tag for profile in pack().ai.values() for tag in profile.prefers}
    assert liked & {tag for skill in pack().skills.values() for tag in skill.ai_tags}
