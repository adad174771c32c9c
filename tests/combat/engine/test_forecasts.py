"""What the client foretells of every skill is what the engine does: it is tested with these cases.

When rules or skills change, write them anew: `python -m tests.combat.engine.test_forecasts`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .cast import pack
from .forecasts import cases

CASES = Path(__file__).parents[3] / "client" / "src" / "app" / "battle" / "forecast-cases.json"
OF_VALUE = {"damage", "damage_pct", "heal", "heal_pct", "kill", "revive", "shield", "dot", "hot", "per_stack"}


@cache
def made() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(cases()))
    return found


def test_the_cases_of_the_client_are_those_of_this_pack() -> None:
    assert json.loads(CASES.read_text()) == made(), "python -m tests.combat.engine.test_forecasts"


@pytest.mark.parametrize("skill", sorted(pack().skills))
def test_every_skill_is_cast_and_what_it_does_is_seen(skill: str) -> None:
    mine = [case for case in made()["cases"] if case["skill"] == skill]
    assert mine
    effects = made()["skills"][skill]["ranks"][0]["effects"]
    if any(effect["type"] in OF_VALUE for effect in effects):
        assert any(case["normal"] for case in mine)


def write() -> None:
    CASES.write_text(json.dumps(cases(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write()
