"""Hostile content files: each is refused with its place, none is executed, none harms the running pack."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from aether.kernel import content
from aether.kernel.content import kinds, reading

INFO = '{"id": "test", "name": {"en": "Test", "fr": "Essai"}, "version": "1.0.0", "rules_version": 1}'


class Gem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    price: int = 0
    chance: float = 0.5
    word: str = ""


@pytest.fixture(autouse=True)
def only_gems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_checks", [])
    kinds.register("gems", Gem)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gems").mkdir()
    (tmp_path / "pack.json").write_text(INFO)
    return tmp_path


def refused(folder: Path, text: str | bytes, name: str = "gems/a.yaml") -> str:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(content.InvalidContentError) as caught:
        content.load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "id: bead\nword: !!python/object/apply:os.system ['true']\n",
        "id: bead\nword: !!python/name:os.system\n",
        "id: bead\nword: !custom x\n",
        "!!map {id: bead}\n",
    ],
)
def test_f02_yaml_tags_are_refused(folder: Path, text: str) -> None:
    assert "tags such as" in refused(folder, text)


def test_f02_an_alias_bomb_is_refused(folder: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nid: bead\n"
    assert refused(folder, bomb) == "gems/a.yaml:1: anchors and aliases are not allowed"


def test_f02_deep_yaml_is_refused(folder: Path) -> None:
    assert "nested deeper" in refused(folder, "id: bead\nword: " + "[" * 20_000 + "]" * 20_000)


def test_f02_deep_json_is_refused(folder: Path) -> None:
    assert "nested" in refused(folder, "[" * 20_000 + "]" * 20_000, "pack.json")
    assert "nested" in refused(folder, "[" * 40 + "]" * 40, "pack.json")


def test_f02_an_endless_line_is_refused(folder: Path) -> None:
    text = b"id: " + b"x" * reading.FILE_BYTES_MAX
    assert "larger than" in refused(folder, text)


def test_f02_too_many_values_are_refused(folder: Path) -> None:
    text = "id: bead\nword: [" + "1," * reading.VALUES_MAX + "1]\n"
    assert "more than" in refused(folder, text)


def test_f01_a_link_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.yaml"
    outside.write_text("id: bead\n")
    (folder / "gems" / "b.yaml").symlink_to(outside)
    with pytest.raises(content.InvalidContentError, match=r"gems/b.yaml: links are not followed"):
        content.load(folder)


def test_f04_duplicate_ids_name_both_places(folder: Path) -> None:
    text = "- id: bead\n- id: knot\n- id: bead\n"
    assert refused(folder, text) == "gems/a.yaml:3: the id `bead` is taken by gems/a.yaml:1"


def test_f04_duplicate_keys_are_refused(folder: Path) -> None:
    text = "id: bead\nprice: 1\nprice: 2\n"
    assert refused(folder, text) == "gems/a.yaml:3: the key `price` is there twice"
    assert "twice" in refused(folder, INFO.replace("{", '{"id": "x", ', 1), "pack.json")


@pytest.mark.parametrize("number", [".nan", "NaN", ".inf", "-.inf", "1e999", "0x10", "1_000", "010", "1:30"])
def test_f04_what_is_not_a_plain_number_is_text(folder: Path, number: str) -> None:
    assert "Expected `float`, got `str`" in refused(folder, f"id: bead\nchance: {number}\n")


def test_f04_json_nan_is_refused(folder: Path) -> None:
    assert "NaN is not a number" in refused(folder, INFO.replace("1}", "NaN}"), "pack.json")


@pytest.mark.parametrize("name", ["Bead", "bead-1", "bé", "../bead", "", "no", "x" * 65])
def test_f04_ids_are_lower_case_words(folder: Path, name: str) -> None:
    if name == "no":  # YAML's old booleans are words here, so this id is as good as any
        (folder / "gems" / "a.yaml").write_text("id: no\n")
        assert list(content.load(folder).all(Gem)) == ["no"]
    else:
        assert "`id` has to be a lower-case word" in refused(folder, f"id: '{name}'\n")


def test_f06_a_decimal_comma_is_not_a_number(folder: Path) -> None:
    assert refused(folder, "id: bead\nchance: 0,5\n").startswith("gems/a.yaml:2: chance: Expected `float`")


def test_f06_byte_order_mark_line_ends_and_unicode_form_do_not_matter(folder: Path) -> None:
    file = folder / "gems" / "a.yaml"
    file.write_bytes("id: bead\nword: é\n".encode())
    plain = content.load(folder).hash
    file.write_bytes("\ufeffid: bead\r\nword: e\u0301\r\n".encode())
    assert content.load(folder).hash == plain


@pytest.mark.parametrize("text", [b"id: b\xe9ad\n", "id: bead\n".encode("utf-16"), b"id: be\x00ad\n"])
def test_f06_what_is_not_utf8_text_is_refused(folder: Path, text: bytes) -> None:
    assert refused(folder, text).startswith("gems/a.yaml")


def test_f09_a_half_written_file_is_refused_and_the_running_pack_stays(folder: Path) -> None:
    (folder / "gems" / "a.yaml").write_text("id: bead\nword: 'two words'\n")
    with content.using(content.load(folder)) as running:
        assert "gems/a.yaml:2" in refused(folder, "id: bead\nword: 'two wo")
        assert content.current() is running


def test_f04_a_misspelt_folder_or_ending_is_not_left_out_in_silence(folder: Path) -> None:
    (folder / "gem").mkdir()
    assert refused(folder, "id: bead\n", "gems/a.yml").splitlines() == [
        "gem: this is none of pack.json, gems",
        "gems/a.yml: files of this folder end in .yaml",
    ]


def test_f09_an_empty_file_is_refused(folder: Path) -> None:
    assert refused(folder, "") == "gems/a.yaml: it is empty"
