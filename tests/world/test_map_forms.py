"""However Tiled has written a map (JSON or XML, any encoding, tilesets inside or beside): the same map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aether.kernel import content
from tests.world.tiled_maps import TILES, TILESET, compiled, drawn, objects, thing, tile_layer
from tests.world.tmx_maps import compiled_xml, map_xml, tileset_xml

ENCODINGS = ["csv", "base64", "zlib", "gzip", "zstd"]
ROWS = [[1, 1, 2, 1], [1, 0x80000003, 1, 1], [1, 1, 1, 1]]
CORNERS = [{"x": 0, "y": 0}, {"x": 64.5, "y": 0}, {"x": 0, "y": 64}]


def meadow(encoding: str = "csv", **more: Any) -> dict[str, Any]:
    """Return a map with one of everything."""
    return drawn(
        tile_layer("ground", ROWS, encoding),
        tile_layer("decor", [[0, 5, 0, 0], [0, 0, 0, 0], [0, 0, 0, 4]], encoding),
        objects(
            "exits",
            thing("gate", 3, 0, w=1, h=2, to_zone="moor", arrival="in"),
            thing("in", 1, 0, kind="arrival"),
        ),
        objects("npcs", thing("ilse", 0, 0)),
        objects("objects", thing("box", 0, 2, kind="chest", loot="lt_box & more")),
        objects("regions", thing("field", 0, 0) | {"x": 32, "y": 32, "point": False, "polygon": CORNERS}),
        **more,
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_encodings_and_forms_do_not_matter(tmp_path: Path, encoding: str, form: str) -> None:
    expected = compiled(tmp_path, meadow())
    document = meadow(encoding)
    found = compiled(tmp_path, document) if form == "json" else compiled_xml(tmp_path, map_xml(document))
    assert found == expected


def test_cells_as_elements_are_the_same(tmp_path: Path) -> None:
    found = compiled_xml(tmp_path, map_xml(meadow(), as_elements=True))
    assert found == compiled(tmp_path, meadow())


@pytest.mark.parametrize("source", ["moor.tsj", "moor.tsx", "sets/moor.tsx"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_tilesets_beside_the_map_are_the_same(tmp_path: Path, source: str, form: str) -> None:
    (tmp_path / "sets").mkdir()
    text = json.dumps(TILESET) if source.endswith(".tsj") else tileset_xml(TILESET)
    (tmp_path / source).write_text(text)
    document = meadow(tilesets=[{"firstgid": 1, "source": source}])
    found = compiled(tmp_path, document) if form == "json" else compiled_xml(tmp_path, map_xml(document))
    assert found == compiled(tmp_path, meadow())


def test_square_maps_measure_objects_by_the_width_of_a_tile(tmp_path: Path) -> None:
    square = drawn(
        tile_layer("ground", [[1] * 4] * 3),
        objects(
            "exits",
            thing("in", 0, 0, kind="arrival") | {"x": 2 * 64 + 10, "y": 1 * 32 + 10},
        ),
        orientation="orthogonal",
    )
    assert compiled(tmp_path, square)["arrivals"] == {"in": [2, 1]}
    assert compiled_xml(tmp_path, map_xml(square))["arrivals"] == {"in": [2, 1]}


def test_the_old_word_for_a_class_is_understood(tmp_path: Path) -> None:
    arrival = thing("in", 1, 0)
    del arrival["type"]
    document = drawn(tile_layer("ground", [[1, 1]]), objects("exits", arrival | {"class": "arrival"}))
    assert compiled(tmp_path, document)["arrivals"] == {"in": [1, 0]}


def test_a_property_may_name_the_sprite(tmp_path: Path) -> None:
    tile = {"id": 0, "image": "", "properties": [{"name": "sprite", "type": "string", "value": "stone"}]}
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "name": "own", "tiles": [tile]}])
    assert compiled(tmp_path, document)["tiles"] == ["stone"]


def test_shapes_of_one_name_are_one_region_and_one_exit(tmp_path: Path) -> None:
    way = {"to_zone": "moor", "arrival": "in"}
    document = drawn(
        tile_layer("ground", [[1] * 4]),
        objects("exits", thing("gate", 3, 0, w=1, h=1, **way), thing("gate", 0, 0, w=1, h=1, **way)),
        objects("regions", thing("field", 2, 0, w=1, h=1)),
        objects("spawns", thing("field", 1, 0, w=1, h=1)),
    )
    found = compiled(tmp_path, document)
    assert [exit_["cells"] for exit_ in found["exits"]] == [[[0, 0], [3, 0]]]
    assert found["regions"] == {"field": [[1, 0], [2, 0]]}


def test_the_collision_layer_may_close_the_view_too(tmp_path: Path) -> None:
    tiles = [*TILES, {"id": 9, "image": "mark.png", "properties": [{"name": "los", "value": False}]}]
    document = drawn(
        tile_layer("ground", [[1, 1]]),
        tile_layer("collision", [[0, 10]]),
        tilesets=[{"firstgid": 1, "name": "moor", "tiles": tiles}],
    )
    found = compiled(tmp_path, document)
    assert (found["walk"], found["sight_blocked"], found["decor"]) == ("10", "01", [])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rotation": 45}, "`gate`, cell (0, 0): it is turned"),
        ({"ellipse": True}, "`gate`, cell (0, 0): it is none of point, rectangle and polygon"),
        ({"polyline": CORNERS}, "`gate`, cell (0, 0): it is none of point, rectangle and polygon"),
        ({"gid": 1}, "`gate`, cell (0, 0): tiles cannot stand in an object layer"),
        ({"template": "gate.tx"}, "`gate`, cell (0, 0): templates cannot be used"),
        ({"name": "The Gate"}, "`The Gate`, cell (0, 0): this name is not a lower-case word"),
        ({"x": -32}, "`gate` is not on the map"),
        ({"width": 900_000, "height": 900_000}, "`gate` is not on the map"),
    ],
)
def test_objects_that_cannot_be_used_are_told(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    gate = thing("gate", 0, 0, w=1, h=1, to_zone="moor", arrival="in") | more
    with pytest.raises(content.InvalidContentError, match=r"maps/meadow\.tmj: layer `exits`") as caught:
        compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]]), objects("exits", gate)))
    assert told in str(caught.value)


@pytest.mark.parametrize("layer", ["npcs", "objects", "exits"])
def test_a_name_that_is_there_twice_is_told(tmp_path: Path, layer: str) -> None:
    kind = {"npcs": "", "objects": "chest", "exits": "arrival"}[layer]
    twice = [thing("same", x, 0, kind=kind, loot="lt_box") for x in (0, 1)]
    with pytest.raises(content.InvalidContentError, match=r"`same`.*: this name is there twice"):
        compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]]), objects(layer, *twice)))


def test_layers_of_groups_and_pictures_are_told(tmp_path: Path) -> None:
    document = drawn(
        tile_layer("ground", [[1]]), {"name": "sky", "type": "imagelayer"}, {"name": "all", "type": "group"}
    )
    with pytest.raises(content.InvalidContentError, match="layer `sky`: layers of groups and of pictures"):
        compiled(tmp_path, document)
    with pytest.raises(content.InvalidContentError, match="layer `all`: layers of groups"):
        compiled_xml(
            tmp_path,
            map_xml(drawn(tile_layer("ground", [[1]])) | {}).replace(
                "</map>", '<group name="all"></group></map>'
            ),
        )


def sided(side: object, x: int) -> dict[str, Any]:
    properties = {"properties": [{"name": "side", "type": "string", "value": side}]}
    return thing("field", x, 0, w=2, h=1) | properties


def court(*sides: dict[str, Any]) -> dict[str, Any]:
    ground, field = tile_layer("ground", [[1] * 6]), thing("field", 0, 0, w=6, h=1)
    return drawn(ground, objects("placement", *sides), objects("regions", field))


def test_a_map_may_say_where_battles_begin(tmp_path: Path) -> None:
    found = compiled(tmp_path, court(sided("defenders", 4), sided("attackers", 0)))
    assert found["placement"] == {"field": [[[0, 0], [1, 0]], [[4, 0], [5, 0]]]}
    assert "placement" not in compiled(tmp_path, court())


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ([sided("attackers", 0)], "it needs cells for the attackers and others for"),
        ([sided("attackers", 0), sided("defenders", 1)], "it needs cells for the attackers and others for"),
        ([sided(2, 0)], "the property `side` is none of attackers, defenders"),
        ([sided(True, 0)], "the property `side` is none of attackers, defenders"),
        (
            [sided("attackers", 0) | {"name": "lake"}, sided("defenders", 4) | {"name": "lake"}],
            "there is no such region",
        ),
    ],
)
def test_sides_that_cannot_begin_a_battle_are_told(tmp_path: Path, sides: list[Any], told: str) -> None:
    with pytest.raises(content.InvalidContentError, match="layer `placement`") as caught:
        compiled(tmp_path, court(*sides))
    assert told in str(caught.value)
