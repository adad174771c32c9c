"""The map compiler: the same cells however a map was written, and located problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aether.kernel import content
from apps.world.definitions import MapDef
from tests.world.tiled_maps import TILES, TILESET, compiled, drawn, objects, thing, tile_layer

GROUND = [[1, 1, 2], [1, 3, 1]]
ENCODINGS = ["csv", "base64", "zlib", "gzip", "zstd"]
FLIPS = [0, 0x80000000, 0x40000000, 0x20000000, 0x10000000, 0xF0000000]

rows = st.lists(st.lists(st.sampled_from([1, 2, 3]), min_size=4, max_size=4), min_size=3, max_size=3)
decor_rows = st.lists(st.lists(st.sampled_from([0, 4, 5]), min_size=4, max_size=4), min_size=3, max_size=3)


def problems(folder: Path, document: dict[str, Any]) -> list[str]:
    with pytest.raises(content.InvalidContentError) as caught:
        compiled(folder, document)
    return [str(problem) for problem in caught.value.problems]


def test_a_cell_is_what_its_tiles_say(tmp_path: Path) -> None:
    found = msgspec.convert(compiled(tmp_path, drawn(tile_layer("ground", GROUND))), MapDef)
    assert (found.walk, found.sight_blocked, found.cost) == ("110111", "000010", "111121")
    assert found.tags == ((1, 1, "reeds"), (1, 1, "wet"))
    assert [found.tiles[number] for number in found.ground[:3]] == ["grass", "grass", "water"]


@settings(deadline=None)  # zstd starts Node, twice for each layer
@given(
    ground=rows,
    decor=decor_rows,
    encodings=st.tuples(*[st.sampled_from(ENCODINGS)] * 2),
    flips=st.lists(st.sampled_from(FLIPS), min_size=24, max_size=24),
    is_external=st.booleans(),
    is_reversed=st.booleans(),
)
def test_flips_encodings_tilesets_and_layer_order_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    ground: list[list[int]],
    decor: list[list[int]],
    encodings: tuple[str, str],
    flips: list[int],
    is_external: bool,
    is_reversed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("maps")
    plain = compiled(folder, drawn(tile_layer("ground", ground), tile_layer("decor", decor)))
    turning = iter(flips)
    flipped = [
        [[cell | next(turning) if cell else 0 for cell in row] for row in layer] for layer in (ground, decor)
    ]
    layers = [
        tile_layer("ground", flipped[0], encodings[0]),
        tile_layer("decor", flipped[1], encodings[1]),
    ]
    (folder / "moor.tsj").write_text(json.dumps(TILESET))
    tilesets = [{"firstgid": 1, "source": "moor.tsj"}] if is_external else None
    other = compiled(folder, drawn(*(layers[::-1] if is_reversed else layers), tilesets=tilesets))
    assert other == plain


def test_the_hash_follows_the_contents(tmp_path: Path) -> None:
    first = compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]])))["hash"]
    assert compiled(tmp_path, drawn(tile_layer("ground", [[1, 1]], "zlib")))["hash"] == first
    assert compiled(tmp_path, drawn(tile_layer("ground", [[1, 2]])))["hash"] != first


def test_objects_become_cells(tmp_path: Path) -> None:
    layers = [
        tile_layer("ground", [[1] * 5] * 4),
        objects(
            "exits",
            thing("gate", 4, 1, w=1, h=2, to_zone="moor", arrival="in"),
            thing("in", 3, 1, kind="arrival"),
        ),
        objects("npcs", thing("ilse", 0, 0)),
        objects("objects", thing("box", 2, 2, kind="chest", loot="lt_box")),
        objects("regions", thing("field", 0, 0, w=3, h=3)),
    ]
    found = msgspec.convert(compiled(tmp_path, drawn(*layers)), MapDef)
    assert found.exits[0].cells == ((4, 1), (4, 2))
    assert found.arrivals == {"in": (3, 1)}
    assert (found.npcs[0].cell, found.objects[0].cell) == ((0, 0), (2, 2))
    assert not found.is_walkable((0, 0))
    assert len(found.regions["field"]) == 7


def test_a_polygon_is_a_region_of_the_cells_whose_centres_it_covers(tmp_path: Path) -> None:
    corner = thing("triangle", 0, 0) | {
        "x": 0,
        "y": 0,
        "polygon": [{"x": 0, "y": 0}, {"x": 96, "y": 0}, {"x": 0, "y": 96}],
    }
    layers = [tile_layer("ground", [[1] * 4] * 4), objects("regions", corner)]
    found = compiled(tmp_path, drawn(*layers))
    assert found["regions"]["triangle"] == [[0, 0], [1, 0], [0, 1]]


def test_collision_closes_cells(tmp_path: Path) -> None:
    layers = [tile_layer("ground", [[1, 1]]), tile_layer("collision", [[0, 1]])]
    assert compiled(tmp_path, drawn(*layers))["walk"] == "10"


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ([tile_layer("ground", [[1, 99]])], "layer `ground`, cell (1, 0): tile 99 is in no tileset"),
        ([tile_layer("floor", [[1]])], "layer `floor` is none of ground, decor…, overhead…, collision"),
        ([tile_layer("decor", [[4]])], "the layer `ground` is missing"),
        (
            [tile_layer("ground", [[1]]), tile_layer("decor", [[4, 4]])],
            "layer `decor` is not as large as the map",
        ),
        (
            [tile_layer("ground", [[2]]), objects("npcs", thing("ilse", 0, 0))],
            "layer `npcs`, `ilse`, cell (0, 0): nobody can stand there",
        ),
        (
            [tile_layer("ground", [[2]]), objects("regions", thing("lake", 0, 0, w=1, h=1))],
            "layer `regions`, `lake`, cell (0, 0) has no cell that can be walked on",
        ),
        (
            [tile_layer("ground", [[1]]), objects("npcs", thing("ilse", 3, 0))],
            "layer `npcs`, `ilse` is not on the map",
        ),
        (
            [tile_layer("ground", [[1]]), objects("npcs", thing("guard", 0, 0, npc="No One"))],
            "layer `npcs`, `guard`, cell (0, 0): the property `npc` is not a lower-case word",
        ),
        (
            [tile_layer("ground", [[1]]), objects("npcs", thing("", 0, 0))],
            "layer `npcs`, `object 1`, cell (0, 0) has no name",
        ),
        (
            [tile_layer("ground", [[1]]), objects("traps", thing("pit", 0, 0))],
            "layer `traps` is none of exits, npcs, objects, nodes, regions, spawns, placement",
        ),
        (
            [
                tile_layer("ground", [[1, 1]]),
                objects("nodes", thing("pit", 0, 0, kind="iron_seam")),
                objects("objects", thing("pit", 1, 0, kind="chest", loot="lt_chest")),
            ],
            "layer `nodes`, `pit`, cell (0, 0): a thing of the layer `objects` has this name",
        ),
        (
            [tile_layer("ground", [[1]]), objects("objects", thing("box", 0, 0, kind="chest"))],
            "layer `objects`, `box`, cell (0, 0) is a chest without a property `loot`",
        ),
        (
            [tile_layer("ground", [[1]]), objects("exits", thing("gate", 0, 0, w=1, h=1, to_zone="moor"))],
            "layer `exits`, `gate`, cell (0, 0): the property `arrival` is missing",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_layer_and_cell(tmp_path: Path, layers: list[Any], told: str) -> None:
    assert f"maps/meadow.tmj: {told}" in problems(tmp_path, drawn(*layers))


@pytest.mark.parametrize("data", ["not base64!", "AAAA", "eJwDAAAAAAE="])
@pytest.mark.parametrize("compression", ["", "zlib", "gzip"])
def test_data_that_cannot_be_unpacked_is_refused(tmp_path: Path, data: str, compression: str) -> None:
    layer = tile_layer("ground", [[1, 1]], "zlib") | {"data": data, "compression": compression}
    assert "layer `ground`" in problems(tmp_path, drawn(layer))[0]


def test_a_bomb_of_data_is_refused(tmp_path: Path) -> None:
    layer = tile_layer("ground", [[0] * 100] * 100, "zlib") | {"width": 2, "height": 2}
    assert "does not unpack to 4 cells" in problems(tmp_path, drawn(layer))[0]


@pytest.mark.parametrize(
    "more", [{"infinite": True}, {"width": 129}, {"orientation": "hexagonal"}, {"width": "3"}]
)
def test_maps_that_cannot_be_used_are_refused(tmp_path: Path, more: dict[str, Any]) -> None:
    assert problems(tmp_path, drawn(tile_layer("ground", [[1]])) | more)[0].startswith("maps/meadow.tmj: ")


@pytest.mark.parametrize("cost", [0, 4, "2", True])
def test_costs_are_one_to_three(tmp_path: Path, cost: object) -> None:
    tiles = [{**TILES[0], "properties": [{"name": "cost", "type": "int", "value": cost}]}]
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "name": "moor", "tiles": tiles}])
    assert "is not 1, 2 or 3" in problems(tmp_path, document)[0]
