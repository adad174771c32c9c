"""Packs: what loads, what is refused and where, and what runs meanwhile."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import content
from aether.kernel.content import kinds, running
from aether.kernel.content.loading import from_compiled
from aether.kernel.content.reading import read_document
from aether.kernel.errors import NotFoundError
from tests.kernel.content.charms import Charm, WritePack


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(content.InvalidContentError) as caught:
        content.load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_pack_gives_typed_definitions(write_pack: WritePack) -> None:
    pack = content.load(write_pack(a="id: bead\nprice: 3\n", b="- id: knot\n  price: 4\n"))
    assert pack.get(Charm, "bead") == Charm(id="bead", price=3)
    assert list(pack.all(Charm)) == ["bead", "knot"]
    assert pack.raw("charms")["knot"] == {"id": "knot", "price": 4}
    assert pack.release == "1.2.3"


def test_what_is_not_in_the_pack_is_not_found(write_pack: WritePack) -> None:
    with pytest.raises(NotFoundError):
        content.load(write_pack()).get(Charm, "bead")


def test_a_wrong_type_is_located_by_line(write_pack: WritePack) -> None:
    found = problems_of(
        write_pack(weapons="- id: bead\n  price: 3\n- id: knot\n  tags:\n    - 5\n  price: 1\n")
    )
    assert found == ["charms/weapons.yaml:5: tags.0: Expected `str`, got `int`"]


def test_every_bad_file_is_told(write_pack: WritePack) -> None:
    found = problems_of(write_pack(a="id: bead\nprice: x\n", b="id: knot\n", c="id: [\n"))
    assert [problem.split(": ")[0] for problem in found] == [
        "charms/c.yaml:2",
        "charms/a.yaml:2",
        "charms/b.yaml:1",
    ]


def test_the_file_order_does_not_change_the_hash(tmp_path: Path, write_pack: WritePack) -> None:
    first = content.load(write_pack(a="id: bead\nprice: 3\n", b="id: knot\nprice: 4\n")).hash
    (tmp_path / "charms" / "a.yaml").unlink()
    (tmp_path / "charms" / "b.yaml").unlink()
    second = content.load(write_pack(z="- price: 4\n  id: knot\n- {id: bead, price: 3}\n")).hash
    assert first == second


def test_a_change_changes_the_hash(write_pack: WritePack) -> None:
    first = content.load(write_pack(a="id: bead\nprice: 3\n")).hash
    assert content.load(write_pack(a="id: bead\nprice: 4\n")).hash != first


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.integers(0, 10**9)))
def test_a_compiled_pack_loads_as_itself(prices: dict[str, int]) -> None:
    kinds.register("charms", Charm)
    info = content.PackInfo(id="t", name=content.LocalText(en="T", fr="T"), version="1.0.0", rules_version=1)
    pack = content.from_documents(
        info, {"charms": {name: {"id": name, "price": price} for name, price in prices.items()}}
    )
    again = from_compiled(pack.compiled)
    assert (again.hash, again.all(Charm)) == (pack.hash, pack.all(Charm))


def test_a_check_over_the_pack_refuses_it(write_pack: WritePack) -> None:
    def priceless(pack: content.Pack) -> list[content.Problem]:
        return [
            content.Problem(pack.where("charms", name, "price"), "a charm has a price")
            for name, charm in pack.all(Charm).items()
            if not charm.price
        ]

    content.register_check(priceless)
    assert problems_of(write_pack(a="id: bead\nprice: 0\n")) == ["charms/a.yaml:2: a charm has a price"]


def test_a_compiled_kind_comes_from_its_own_files(write_pack: WritePack) -> None:
    folder = write_pack()

    def inner(file: kinds.SourceFile) -> dict[str, Any]:
        found: dict[str, Any] = read_document(file.path, file.shown).value["inner"]
        return found

    kinds.register("charms", Charm, suffixes=(".tmj", ".tmx"), compiler=inner)
    (folder / "charms" / "bead.tmj").write_text('{"inner": {"id": "bead", "price": 2}}')
    assert content.load(folder).get(Charm, "bead").price == 2


def test_an_invalid_pack_stops_the_start_with_one_sentence(
    write_pack: WritePack, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_current", None)
    settings.CONTENT_PACK = str(write_pack(a="id: bead\n", b="price: 1\n"))
    with pytest.raises(ImproperlyConfigured, match=r"charms/b.yaml:1: .* and 1 more"):
        content.current()


def test_an_invalid_pack_leaves_the_running_one_alone(write_pack: WritePack) -> None:
    with content.using(content.load(write_pack(a="id: bead\nprice: 3\n"))) as pack:
        problems_of(write_pack(a="id: bead\n"))
        assert content.current() is pack


@given(seed=st.integers(0, 2**32), position=st.integers(0, 200))
def test_a_damaged_file_is_refused_with_its_place_or_loads(
    tmp_path_factory: pytest.TempPathFactory, seed: int, position: int
) -> None:
    kinds.register("charms", Charm)
    folder = tmp_path_factory.mktemp("pack")
    (folder / "charms").mkdir()
    (folder / "pack.json").write_text(
        '{"id": "t", "name": {"en": "T", "fr": "E"}, "version": "1", "rules_version": 1}'
    )
    text = bytearray(
        b"- id: bead\n  price: 3\n  tags: [a, 'b']\n  power: {grip: 2}\n- id: knot\n  price: 4\n"
    )
    text[position % len(text)] = random.Random(seed).randrange(256)
    (folder / "charms" / "a.yaml").write_bytes(text)
    try:
        problems = [] if content.load(folder) else None
    except content.InvalidContentError as error:
        problems = error.problems
    assert problems is not None
    assert all(problem.path.startswith("charms/a.yaml") for problem in problems)


def test_the_pack_of_the_game_says_where_a_value_stands(write_pack: WritePack) -> None:
    pack = content.load(write_pack(a="\n\nid: bead\nprice: 3\npower:\n  grip: 2\n"))
    assert pack.where("charms", "bead", "power", "grip") == "charms/a.yaml:6"
    assert pack.where("charms", "bead", "power", "none") == "charms/a.yaml:5"
    assert isinstance(pack.get(Charm, "bead"), msgspec.Struct)
