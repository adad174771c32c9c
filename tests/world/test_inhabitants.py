"""Who lives where: every monster can be met, at its own level, and every goal can be met."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from aether.kernel import content
from apps.world.definitions import ZoneDef


@pytest.fixture
def documents() -> dict[str, Any]:
    """Return the documents of the game's own pack, to be spoilt."""
    pack = content.current()
    return deepcopy({kind: dict(pack.raw(kind)) for kind in content.kinds.registered() if pack.raw(kind)})


def problems(documents: dict[str, Any]) -> str:
    with pytest.raises(content.InvalidContentError) as caught:
        content.from_documents(content.current().info, documents)
    return str(caught.value)


def test_every_monster_of_the_game_roams_except_summons_and_those_of_dungeons() -> None:
    pack = content.current()
    roaming = {
        kin.monster
        for zone in pack.all(ZoneDef).values()
        for rule in zone.spawns
        for group in rule.groups
        for kin in group.monsters
    }
    assert set(pack.raw("monsters")) - roaming == {
        "driftling",
        "governor",
        "post_governor",
        "warden_engine_oru",
    }


def test_a_monster_that_nobody_can_meet_is_told(documents: dict[str, Any]) -> None:
    documents["zones"]["the_counterweight"]["bosses"] = []
    documents["dungeons"]["the_counterweight"]["rooms"][3]["encounters"][0] |= {
        "monsters": [{"monster": "bridge_toller", "level": [16, 16]}],
        "goals": [],
    }
    assert "monsters/warden_engine_oru: it roams in no zone" in problems(documents)


def test_a_boss_that_does_not_exist_is_told(documents: dict[str, Any]) -> None:
    documents["zones"]["lastmoor"]["bosses"] = ["dragon"]
    assert "zones/lastmoor: there is no monster `dragon`" in problems(documents)


def test_a_level_that_a_monster_does_not_have_is_told(documents: dict[str, Any]) -> None:
    kin = documents["zones"]["reedmoor_flats"]["spawns"][0]["groups"][0]["monsters"][0]
    kin["level"] = [1, 9]
    assert "`mud_skitter` of level 1 to 9 is not within 1 to 2" in problems(documents)


def test_a_goal_that_need_not_be_there_is_told(documents: dict[str, Any]) -> None:
    rule = documents["zones"]["reedmoor_flats"]["spawns"][1]
    rule["objective"] = {"goal": "kill", "ref": "mud_skitter"}
    assert "the objective is `mud_skitter`, who need not be in this group" in problems(documents)


@pytest.mark.parametrize(
    "goal", [{"goal": "kill"}, {"goal": "survive", "ref": "mud_skitter"}, {"goal": "survive", "rounds": 40}]
)
def test_a_goal_that_says_too_little_or_too_much_is_told(
    documents: dict[str, Any], goal: dict[str, Any]
) -> None:
    documents["zones"]["reedmoor_flats"]["spawns"][0]["objective"] = goal
    assert "zones/reedmoor_flats" in problems(documents)
