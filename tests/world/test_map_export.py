"""From a map to Tiled and back: every cell, way, person, thing and region is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from aether.kernel import content
from apps.world.definitions import MapDef
from apps.world.maps import as_tmx
from tests.world.tiled_maps import TILES, compiled, drawn, objects, thing, tile_layer
from tests.world.tmx_maps import compiled_xml

MARK = {"id": 5, "image": "tiles/mark.png", "properties": [{"name": "los", "value": False}]}
TILESETS = [{"firstgid": 1, "name": "moor", "tiles": [*TILES, MARK]}]
SIDES = st.integers(1, 9)


@st.composite
def random_maps(draw: st.DrawFn) -> dict[str, Any]:
    """Return any map: holes in the ground, stacked decor, shapes of one name, people wherever they can be."""
    width, height = draw(SIDES), draw(SIDES)

    def layer(name: str, numbers: list[int]) -> dict[str, Any]:
        row = st.lists(st.sampled_from(numbers), min_size=width, max_size=width)
        return tile_layer(name, draw(st.lists(row, min_size=height, max_size=height)))

    tiles = [
        layer("ground", [0, 1, 1, 1, 2, 3]),
        layer("decor", [0, 0, 4, 5]),
        layer("overhead", [0, 0, 3, 5]),
    ]
    tiles.append(layer("collision", [0, 0, 0, 0, 1, 6]))
    cells = st.tuples(st.integers(0, width - 1), st.integers(0, height - 1))

    def place(name: str, **more: Any) -> dict[str, Any]:
        x, y = draw(cells)
        return thing(
            name, x, y, w=draw(st.integers(1, width - x)), h=draw(st.integers(1, height - y)), **more
        )

    fields = [place(draw(st.sampled_from(["near", "far"]))) for _ in range(draw(st.integers(0, 4)))]
    ways = [place("gate", to_zone="moor", arrival="in") for _ in range(draw(st.integers(0, 2)))]
    ways += [thing("in", *draw(cells), kind="arrival")]
    things = [thing("box", *draw(cells), kind="chest", loot="lt_box")]
    people = [thing(name, *draw(cells)) for name in ("ilse", "bram")]
    both = [thing("near", *draw(cells), w=1, h=1) for _ in range(draw(st.sampled_from([0, 2])))]
    for side, each in enumerate(both):
        each["properties"] = [{"name": "side", "type": "string", "value": ("attackers", "defenders")[side]}]
    layers = (
        ("placement", both),
        ("exits", ways),
        ("npcs", people),
        ("objects", things),
        ("regions", fields),
    )
    return drawn(*tiles, *(objects(name, *those) for name, those in layers), tilesets=TILESETS)


def without_what_cannot_stand(folder: Path, document: dict[str, Any]) -> dict[str, Any]:
    """Return the compiled map, leaving out the objects that stand where nobody can."""
    while True:
        try:
            return compiled(folder, document)
        except content.InvalidContentError as error:
            wrong = {str(problem).split("`")[3] for problem in error.problems}
        for layer in document["layers"]:
            if layer["type"] == "objectgroup":
                layer["objects"] = [each for each in layer["objects"] if each["name"] not in wrong]


def exported(folder: Path, document: dict[str, Any]) -> dict[str, Any]:
    return compiled_xml(folder, as_tmx(msgspec.convert(document, MapDef)), document["id"])


@settings(max_examples=150, deadline=None)
@given(document=random_maps())
def test_a_map_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("maps")
    first = without_what_cannot_stand(folder, document)
    assert exported(folder, first) == first


def test_the_maps_of_the_game_come_back_as_they_were(tmp_path: Path) -> None:
    maps = content.current().raw("maps")
    assert set(maps) >= {"lastmoor", "reedmoor_flats", "cinder_terraces", "gullwind_spans", "drowned_archive"}
    for document in maps.values():
        assert exported(tmp_path, document) == msgspec.json.decode(msgspec.json.encode(document))


def pack_with(folder: Path, *maps: tuple[str, dict[str, Any]]) -> Path:
    (folder / "maps").mkdir()
    (folder / "pack.json").write_text(
        '{"id": "p", "name": {"en": "P", "fr": "P"}, "version": "1", "rules_version": 2}'
    )
    for name, document in maps:
        (folder / "maps" / f"{name}.tmj").write_bytes(msgspec.json.encode(document))
    return folder


def test_the_command_says_what_the_maps_are_and_writes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = pack_with(tmp_path, ("field", drawn(tile_layer("ground", [[1, 2]]))))
    call_command("compile_maps", str(pack), "--export", "tmx", "--to", str(tmp_path / "out"))
    assert "field: 2×1, 1 walkable cells, 0 exits" in capsys.readouterr().out
    again = compiled_xml(tmp_path, (tmp_path / "out" / "field.tmx").read_text(), "field")
    assert again == compiled(tmp_path, drawn(tile_layer("ground", [[1, 2]])), "field")


def test_the_command_tells_every_problem_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = drawn(tile_layer("ground", [[1, 99]]))
    pack = pack_with(tmp_path, ("bad", bad), ("worse", drawn(tile_layer("floor", [[1]]))))
    with pytest.raises(SystemExit):
        call_command("compile_maps", str(pack), "--export", "json", "--to", str(tmp_path / "out"))
    told = capsys.readouterr().err
    assert "maps/bad.tmj: layer `ground`, cell (1, 0): tile 99 is in no tileset" in told
    assert "maps/worse.tmj: layer `floor` is none of" in told
    assert not (tmp_path / "out").exists()
