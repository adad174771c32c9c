"""Checks over zones: a pack that could strand a player is refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from aether.kernel import content


@pytest.fixture
def documents() -> dict[str, Any]:
    """Return the documents of the game's own pack, to be spoilt."""
    pack = content.current()
    kinds: tuple[str, ...] = (
        "zones",
        "objects",
        "maps",
        "npcs",
        "loot",
        "monsters",
        "skills",
        "classes",
        "ai",
        "tags",
        "battle",
        "items",
    )
    kinds += (
        "guilds",
        "shops",
        "starters",
        "quests",
        "dialogues",
        "stations",
        "dungeons",
        "nodes",
        "professions",
        "recipes",
        "sets",
        "life",
        "weathers",
        "events",
    )
    found = {kind: dict(pack.raw(kind)) for kind in kinds}
    return deepcopy(found)


def problems(documents: dict[str, Any]) -> str:
    with pytest.raises(content.InvalidContentError) as caught:
        content.from_documents(content.current().info, documents)
    return str(caught.value)


def moor_gate(documents: dict[str, Any]) -> dict[str, Any]:
    return next(way for way in documents["maps"]["lastmoor"]["exits"] if way["id"] == "moor_gate")


def test_the_pack_of_the_game_is_valid(documents: dict[str, Any]) -> None:
    assert content.from_documents(content.current().info, documents).hash == content.current().hash


def test_an_exit_to_nowhere_is_told(documents: dict[str, Any]) -> None:
    moor_gate(documents)["to_zone"] = "nowhere"
    found = problems(documents)
    assert "layer `exits`, `moor_gate`, cell (31, 14): there is no zone `nowhere`" in found
    assert "zones/reedmoor_flats: no exit leads here from where characters begin" in found


def test_an_exit_without_a_landing_is_told(documents: dict[str, Any]) -> None:
    moor_gate(documents)["arrival"] = "cellar"
    assert "`moor_gate`, cell (31, 14): `reedmoor_flats` has no arrival `cellar`" in problems(documents)


def test_a_way_without_a_way_back_is_told_unless_it_is_meant(documents: dict[str, Any]) -> None:
    flats = documents["maps"]["reedmoor_flats"]
    flats["exits"] = [way for way in flats["exits"] if way["to_zone"] != "lastmoor"]
    assert "`moor_gate`, cell (31, 14): no exit of `reedmoor_flats` leads back here" in problems(documents)
    moor_gate(documents)["is_one_way"] = True
    content.from_documents(content.current().info, documents)


def test_an_exit_behind_a_wall_is_told(documents: dict[str, Any]) -> None:
    town = documents["maps"]["lastmoor"]
    walk = list(town["walk"])
    for y in range(town["height"]):
        walk[y * town["width"] + 30] = "0"
    town["walk"] = "".join(walk)
    found = problems(documents)
    assert "layer `exits`, `moor_gate`, cell (31, 14) cannot be reached from the arrival `start`" in found


@pytest.mark.parametrize(
    ("map_id", "kind", "layer"),
    [
        ("lastmoor", "npcs", "npcs"),
        ("lastmoor", "objects", "objects"),
        ("lastmoor", "stations", "objects"),
        ("reedmoor_flats", "nodes", "nodes"),
    ],
)
def test_what_nobody_can_come_to_is_told_with_its_layer_and_cell(
    documents: dict[str, Any], map_id: str, kind: str, layer: str
) -> None:
    drawn = documents["maps"][map_id]
    thing = drawn[kind][0]
    x, y = thing["cell"]
    walk = list(drawn["walk"])
    for beside in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
        walk[beside[1] * drawn["width"] + beside[0]] = "0"
    drawn["walk"] = "".join(walk)
    assert f"layer `{layer}`, `{thing['id']}`, cell ({x}, {y}): no way leads there from" in problems(
        documents
    )


def test_an_unknown_npc_monster_or_loot_table_is_told(documents: dict[str, Any]) -> None:
    documents["maps"]["lastmoor"]["npcs"][0]["id"] = "nobody"
    chest = next(each for each in documents["maps"]["reedmoor_flats"]["objects"] if each["loot"])
    chest["loot"] = "lt_nothing"
    documents["zones"]["reedmoor_flats"]["spawns"][0]["groups"][0]["monsters"][0]["monster"] = "dragon"
    found = problems(documents)
    assert "nobody is called `nobody`" in found
    assert "there is no loot table `lt_nothing`" in found
    assert "there is no monster `dragon`" in found


def test_a_spawn_rule_without_a_region_or_with_times_reversed_is_told(documents: dict[str, Any]) -> None:
    rule = documents["zones"]["reedmoor_flats"]["spawns"][0]
    rule["region"], rule["respawn_s"] = "sky", [9, 5]
    found = problems(documents)
    assert "the map has no region `sky`" in found
    assert "9 is more than 5" in found


def test_there_is_one_zone_to_begin_in(documents: dict[str, Any]) -> None:
    documents["zones"]["reedmoor_flats"]["is_start"] = True
    found = problems(documents)
    assert "exactly one zone has `is_start`, not 2" in found
    assert "the arrival `start` is missing" in found


def test_a_zone_without_a_map_is_told(documents: dict[str, Any]) -> None:
    documents["zones"]["reedmoor_flats"]["map"] = "lost"
    assert "there is no map `lost`" in problems(documents)


def test_a_monster_that_nobody_meets_is_told(documents: dict[str, Any]) -> None:
    documents["monsters"]["stray"] = {**documents["monsters"]["mud_skitter"], "id": "stray"}
    told = "monsters/stray: no zone, dungeon, talk, thing or skill brings it"
    assert told in problems(documents)
    effect = {"type": "summon", "monster": "stray"}
    documents["skills"]["call_driftling"]["ranks"][0]["effects"].append(effect)
    content.from_documents(content.current().info, documents)


STAIR = "zones/gullwind_spans: no fresh character can ever pass `archive_stair`: has_item `toll_bead`"


def without_beads(documents: dict[str, Any]) -> None:
    """Let no monster of the pack carry what the stair to the archive asks for."""
    for table in documents["loot"].values():
        table["entries"] = [each for each in table["entries"] if each.get("item") != "toll_bead"]


def bead_in(documents: dict[str, Any], table: str) -> None:
    documents["loot"][table]["entries"].append({"item": "toll_bead", "bp": 100})


def test_a_key_that_nobody_can_get_is_told(documents: dict[str, Any]) -> None:
    without_beads(documents)
    assert STAIR in problems(documents)


def test_a_key_that_lies_behind_its_own_door_is_told(documents: dict[str, Any]) -> None:
    without_beads(documents)
    bead_in(documents, documents["monsters"]["drowned_clerk"]["loot"])
    assert STAIR in problems(documents)


def test_a_key_of_a_shop_a_recipe_or_a_monster_in_front_of_the_door_is_a_key(
    documents: dict[str, Any],
) -> None:
    without_beads(documents)
    by_monster, by_shop, by_recipe, by_letter = (deepcopy(documents) for _ in range(4))
    bead_in(by_monster, by_monster["monsters"]["mud_skitter"]["loot"])
    shop = next(iter(by_shop["shops"].values()))
    shop["offers"].append({"item": "toll_bead", "buy": 40})
    recipe = next(each for each in by_recipe["recipes"].values() if "reed_fibre" in each["inputs"])
    recipe["outputs"] = [{"item": "toll_bead"}]
    letter = next(
        each["mail"] for each in by_letter["quests"]["mq2_slack_chain"]["rewards"] if "mail" in each
    )
    letter["items"] = [{"item": "toll_bead"}]
    ways = (by_monster, by_shop, by_recipe, by_letter)
    accepted = {content.from_documents(content.current().info, each).hash for each in ways}
    assert len(accepted) == len(ways)


def test_a_key_whose_recipe_is_taught_behind_the_door_is_told(documents: dict[str, Any]) -> None:
    without_beads(documents)
    documents["recipes"]["r_marsh_tonic"] |= {"outputs": [{"item": "toll_bead"}], "unlock": {"taught": True}}
    documents["recipes"]["r_inkglass_lamp"]["unlock"] = {}
    documents["quests"]["side_archive_overdue"]["rewards"].pop()
    documents["items"]["inkglass_page"]["use"] = {"teach": "r_marsh_tonic"}
    assert STAIR in problems(documents)
    page = {"item": "inkglass_page", "bp": 100}
    documents["loot"][documents["monsters"]["mud_skitter"]["loot"]]["entries"].append(page)
    content.from_documents(content.current().info, documents)


def test_a_shop_behind_the_door_sells_no_key_to_it(documents: dict[str, Any]) -> None:
    without_beads(documents)
    assert any(npc["id"] == "odile_quire" for npc in documents["maps"]["drowned_archive"]["npcs"])
    shop = deepcopy(next(iter(documents["shops"].values())))
    shop |= {"id": "archive_stores", "keeper": "odile_quire", "offers": [{"item": "toll_bead", "buy": 9}]}
    documents["shops"]["archive_stores"] = shop
    assert STAIR in problems(documents)


def test_a_thing_that_asks_for_what_nobody_has_is_told(documents: dict[str, Any]) -> None:
    documents["items"]["lost_key"] = documents["items"]["toll_bead"] | {"id": "lost_key"}
    documents["objects"]["kiln_chest"]["transitions"][0]["if"] = {"has_item": {"id": "lost_key"}}
    documents["objects"]["chest"]["seen_if"] = {"has_item": {"id": "lost_key"}}
    found = problems(documents)
    assert "no fresh character can ever do it: has_item `lost_key`" in found
    assert "no fresh character can ever see it: has_item `lost_key`" in found


def test_a_quest_that_asks_for_a_thing_or_a_monster_out_of_reach_is_told(documents: dict[str, Any]) -> None:
    without_beads(documents)
    survey = documents["quests"]["mq2_slack_chain"]["steps"][0]["objectives"]
    survey[0]["where"] = {"monster": "drowned_clerk"}
    assert "quests/mq2_slack_chain" in problems(documents)
    survey[0]["where"], survey[1]["where"]["object"] = {"monster": "mud_skitter"}, "anchor_west"
    assert "no map of reedmoor_flats has a thing `anchor_west`" in problems(documents)
