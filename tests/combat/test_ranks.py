"""Ranks that inherit from others are whole wherever they are used; a wrong patch is told with its line."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from aether.kernel import content
from apps.combat import engine
from apps.combat.ranks import written_out

PACK = Path(__file__).parents[2] / "content" / "aether"
SKILL = "hook_swing"
FIRST = {"level": 1, "effects": [{"type": "heal", "min": 1, "max": 2}, {"type": "kill"}]}


def second(*patch: Any, **rank: Any) -> dict[str, Any]:
    ranks = [FIRST, {"level": 9, "inherit": 0, "patch": list(patch), **rank}]
    whole: dict[str, Any] = written_out({"id": "x", "ranks": ranks})["ranks"][1]
    return whole


def written(folder: Path, rank: dict[str, Any]) -> Path:
    """Return a copy of the game's pack in which a skill has another rank at last."""
    copytree(PACK, folder / "pack")
    path = folder / "pack" / "skills" / f"{SKILL}.yaml"
    document = yaml.safe_load(path.read_text())
    document["ranks"].append(rank)
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return folder / "pack"


def test_a_release_holds_whole_ranks_and_the_same_hash(tmp_path: Path) -> None:
    first = yaml.safe_load((PACK / "skills" / f"{SKILL}.yaml").read_text())["ranks"][0]
    changed = [{**first["effects"][0], "max": 99, "crit": [99, 99]}, *first["effects"][1:]]
    patch = [
        {"op": "replace", "path": "/effects/0/max", "value": 99},
        {"op": "add", "path": "/effects/0/crit", "value": [99, 99]},
    ]
    short = content.load(written(tmp_path / "a", {"level": 80, "inherit": 0, "patch": patch}))
    full = content.load(written(tmp_path / "b", {"level": 80, "effects": changed}))
    assert short.hash == full.hash
    assert short.get(engine.definitions.SkillDef, SKILL).ranks[-1].effects[0].max == 99


def test_a_wrong_patch_is_told_with_its_line(tmp_path: Path) -> None:
    patch = [{"op": "replace", "path": "/effects/7/max", "value": 99}]
    pack = written(tmp_path, {"level": 80, "inherit": 0, "patch": patch})
    with pytest.raises(content.InvalidContentError) as caught:
        content.load(pack)
    (problem,) = caught.value.problems
    lines = (pack / "skills" / f"{SKILL}.yaml").read_text().splitlines()
    line = next(at for at, text in enumerate(lines, 1) if "op: replace" in text)
    assert problem.path == f"skills/{SKILL}.yaml:{line}"
    assert "there is no /effects/7/max" in str(problem)


def test_operations_change_what_was_inherited_and_nothing_else() -> None:
    whole = second(
        {"op": "replace", "path": "/effects/0/max", "value": 7},
        {"op": "remove", "path": "/effects/1"},
        {"op": "add", "path": "/effects/-", "value": {"type": "swap"}},
        {"op": "add", "path": "/effects/0/on_hit", "value": True},
    )
    effects = [{"type": "heal", "min": 1, "max": 7, "on_hit": True}, {"type": "swap"}]
    assert whole == {"level": 9, "effects": effects}
    assert FIRST["effects"] == [{"type": "heal", "min": 1, "max": 2}, {"type": "kill"}]


def test_a_rank_inherits_from_one_that_has_inherited() -> None:
    up = [{"op": "replace", "path": "/effects/0/max", "value": 5}]
    on = [{"op": "replace", "path": "/effects/0/min", "value": 4}]
    ranks = [FIRST, {"level": 5, "inherit": 0, "patch": up}, {"level": 9, "inherit": 1, "patch": on}]
    last = written_out({"ranks": ranks})["ranks"][2]
    assert last["effects"][0] == {"type": "heal", "min": 4, "max": 5}


@pytest.mark.parametrize("inherit", [1, -1, True, "0", None])
def test_only_an_earlier_rank_is_inherited(inherit: object) -> None:
    with pytest.raises(content.DocumentError, match="earlier rank") as caught:
        second(inherit=inherit)
    assert caught.value.keys == ("ranks", 1, "inherit")


@pytest.mark.parametrize(
    "operation",
    [
        5,
        {"op": "move", "path": "/effects/0", "from": "/effects/1"},
        {"op": "replace", "path": "/effects/0/max"},
        {"op": "remove", "path": "/effects/0", "value": 1},
        {"op": "replace", "path": "effects", "value": 1},
        {"op": "replace", "path": "/effects/0/gone", "value": 1},
        {"op": "replace", "path": "/effects/-1", "value": 1},
        {"op": "add", "path": "/effects/9", "value": 1},
        {"op": "add", "path": "/level/9", "value": 1},
        {"op": "remove", "path": "/effects/-"},
    ],
)
def test_what_cannot_be_patched_is_refused(operation: Any) -> None:
    with pytest.raises(content.DocumentError) as caught:
        second(operation)
    assert caught.value.keys == ("ranks", 1, "patch", 0)


def test_more_ranks_than_a_skill_may_have_are_not_written_out() -> None:
    large = {"level": 1, "effects": ["x" * 1_000]}
    with pytest.raises(content.DocumentError, match="at most 8") as caught:
        written_out({"ranks": [large, *({"inherit": 0} for _ in range(100_000))]})
    assert caught.value.keys == ("ranks",)


@pytest.mark.parametrize("ranks", [None, 5, "x", [], [5], [{"level": 1}]])
def test_what_is_no_list_of_ranks_is_left_to_the_types(ranks: object) -> None:
    assert written_out({"ranks": ranks}) == {"ranks": ranks}
