"""Whoever draws a map of the game in Tiled chooses from lists of what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from aether.kernel import content
from apps.world.definitions import MapDef
from apps.world.maps import PROJECT_FILE, as_tmx, pictures_in, tiled_project
from apps.world.maps.project import SEVERAL_MAX
from tests.world.tiled_maps import compiled, drawn, objects, thing, tile_layer

Fields = dict[str, Any]

MAPS = Path(settings.CONTENT_PACK) / "maps"
TYPES: dict[str, Fields] = {
    each["name"]: each for each in json.loads((MAPS / PROJECT_FILE).read_text())["propertyTypes"]
}
DRAWN = sorted(MAPS.glob("*.tmj"))


def placed(path: Path) -> Iterator[Fields]:
    for layer in json.loads(path.read_text())["layers"]:
        yield from layer.get("objects", ())


def tiles() -> list[Fields]:
    return list(json.loads((MAPS / "tiles.tsj").read_text())["tiles"])


def lists_of(kind: str) -> dict[str, str]:
    """Return which list each property of a class is chosen from, if from any."""
    return {each["name"]: each.get("propertyType", "") for each in TYPES[kind]["members"]}


def assert_chosen(kind: str, properties: list[Fields]) -> None:
    """Every property is one of the class, names the list that it is chosen from, and is on it."""
    lists = lists_of(kind)
    for each in properties:
        assert each["name"] in lists, each
        assert each.get("propertytype", "") == lists[each["name"]], each
        if lists[each["name"]]:
            of = TYPES[each["propertytype"]]
            if of["storageType"] == "int":
                assert 0 < each["value"] < len(of["values"]), each
                continue
            said = each["value"].split(",") if of["valuesAsFlags"] else [each["value"]]
            assert set(said) <= set(of["values"]), each


def test_the_project_offers_what_the_pack_has() -> None:
    """When this fails, write it anew: `manage.py compile_maps --project`."""
    kept = json.loads((MAPS / PROJECT_FILE).read_text())
    assert kept == tiled_project(content.current(), pictures_in(MAPS))


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_every_object_has_a_class_and_chooses_from_its_lists(path: Path) -> None:
    for each in placed(path):
        assert TYPES[each["type"]]["type"] == "class", each["name"]
        assert_chosen(each["type"], each.get("properties", []))


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_every_object_has_a_number_of_its_own(path: Path) -> None:
    numbers = [each["id"] for each in placed(path)]
    assert len(set(numbers)) == len(numbers)
    assert json.loads(path.read_text())["nextobjectid"] > max(numbers)


def test_tiles_choose_from_the_lists_too() -> None:
    for each in tiles():
        assert_chosen(each.get("type", "cell"), each.get("properties", []))


def test_people_pictures_arrivals_and_what_is_moved_are_lists() -> None:
    assert {"ilse_varn", "wenna_pell"} < set(TYPES["Npc"]["values"])
    assert {"grass", "anvil"} < set(TYPES["Sprite"]["values"])
    assert {"start", "moor_landing"} < set(TYPES["Arrival"]["values"])
    assert "kiln_door" in TYPES["Targets"]["values"]
    several = [each for each in TYPES.values() if each.get("valuesAsFlags")]
    assert all(len(each["values"]) <= SEVERAL_MAX for each in several)


def test_a_map_that_is_written_out_names_the_lists_too() -> None:
    written = as_tmx(content.current().get(MapDef, "lastmoor"))
    assert '<property name="npc" propertytype="Npc" value="ilse_varn"/>' in written
    assert '<property name="to_zone" propertytype="Zone" value="reedmoor_flats"/>' in written


def test_who_stands_there_is_chosen_whatever_the_object_is_called(tmp_path: Path) -> None:
    people = objects("npcs", thing("guard", 0, 0, kind="npc", npc="ilse"), thing("bram", 1, 0))
    found = compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]]), people))
    assert [each["id"] for each in found["npcs"]] == ["bram", "ilse"]


def test_nobody_is_chosen_twice(tmp_path: Path) -> None:
    people = objects("npcs", thing("one", 0, 0, kind="npc", npc="ilse"), thing("ilse", 1, 0, kind="npc"))
    with pytest.raises(content.InvalidContentError, match="this name is there twice"):
        compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]]), people))


def test_doors_chests_sides_and_costs_are_lists_of_their_own() -> None:
    assert lists_of("door")["object"] == "Door"
    assert "kiln_door" in TYPES["Door"]["values"]
    assert "kiln_door" not in TYPES["Object"]["values"]
    assert "kiln_lever" not in {*TYPES["Chest"]["values"], *TYPES["Door"]["values"]}
    assert TYPES["Side"]["values"] == ["", "attackers", "defenders"]
    # Tiled writes down the place in such a list: it is the cost itself.
    assert (TYPES["Cost"]["storageType"], TYPES["Cost"]["values"]) == ("int", ["", "1", "2", "3"])
    written = as_tmx(content.current().get(MapDef, "cinder_terraces"))
    assert '<property name="side" propertytype="Side" value="attackers"/>' in written
    assert '<property name="object" propertytype="Door" value="kiln_door"/>' in written
    assert '<property name="cost" type="int" propertytype="Cost" value="2"/>' in written


def test_what_is_wrong_with_an_exit_or_a_thing_names_its_cell(tmp_path: Path) -> None:
    astray = objects("exits", thing("gate", 1, 0, kind="exit"))
    broken = objects("objects", thing("box", 0, 0, kind="chest"))
    with pytest.raises(content.InvalidContentError) as refusal:
        compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]]), astray, broken))
    told = str(refusal.value)
    assert "layer `exits`, `gate`, cell (1, 0): the property `to_zone` is missing" in told
    assert "layer `objects`, `box`, cell (0, 0) is a chest without a property `loot`" in told
