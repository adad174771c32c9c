"""What the client foretells of every skill is what the engine does: it is tested with these cases.

When rules or skills change, write them anew: `python -m tests.combat.engine.test_forecasts`.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from aether.protocol.combat_values import SkillSlot
from apps.combat.engine import events as e

from .forecast_worlds import CASTER, WORLDS, skills
from .forecasts import COUNTED, anywhere, cases, counted, happened

CASES = Path(__file__).parents[3] / "client" / "src" / "app" / "battle" / "forecast-cases.json"
OF_VALUE = {"damage", "damage_pct", "heal", "heal_pct", "kill", "revive", "shield", "dot", "hot", "per_stack"}


@cache
def made() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(cases()))
    return found


def test_the_cases_of_the_client_are_those_of_this_pack() -> None:
    assert json.loads(CASES.read_text()) == made(), "python -m tests.combat.engine.test_forecasts"


@pytest.mark.parametrize("skill", sorted(skills()))
def test_every_skill_is_cast_and_what_it_does_is_seen(skill: str) -> None:
    mine = [case for case in made()["cases"] if case["skill"] == skill]
    assert mine
    effects = made()["skills"][skill]["ranks"][0]["effects"]
    if any(effect["type"] in OF_VALUE for effect in effects):
        assert any(case["normal"] for case in mine)


@pytest.mark.parametrize("number", range(len(WORLDS)))
def test_whatever_happens_was_foretold(number: int) -> None:
    """Dice that fall anywhere, every skill: each sum lies within the least and the most that are shown."""
    mine = [case for case in made()["cases"] if case["world"] == number]
    for at, case in enumerate(mine * 3):
        # By its own name: what else the pack has does not change its dice.
        fight, luck = WORLDS[number](), Random(f"{number} {case['skill']} {case['rank']} {at // len(mine)}")
        fight.rebuild(CASTER, skills=(SkillSlot(case["skill"], case["rank"]),))
        is_crit = case["critical"] is not None and at % 2 == 1
        shown = case["critical" if is_crit else "normal"]
        cell = (case["cell"][0], case["cell"][1])
        r = happened(fight, case["skill"], cell, is_crit=is_crit, draw=anywhere(luck))
        for (who, kind), amount in counted(r).items():
            if not fight.battle.of(who).is_hidden:
                least, most = shown.get(str(who), {}).get(kind, (0, 0))
                assert least <= amount <= most, (case["skill"], case["rank"], kind)


def test_being_thrown_and_struck_back_and_what_lies_there_are_among_the_cases() -> None:
    causes = Counter[str]()
    for case in made()["cases"]:
        fight = WORLDS[case["world"]]()
        fight.rebuild(CASTER, skills=(SkillSlot(case["skill"], case["rank"]),))
        cell = (case["cell"][0], case["cell"][1])
        r = happened(fight, case["skill"], cell, is_crit=False)
        assert r is not None
        causes.update({event.cause for event in r.events if isinstance(event, e.Damaged)})
    assert set(COUNTED) <= set(causes), causes


def write() -> None:
    CASES.write_text(json.dumps(cases(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write()
