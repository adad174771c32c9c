"""Dungeons of a pack: whatever does not fit together is told, with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from aether.kernel import content
from tests.world.delvers import DUNGEON

Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture
def documents() -> dict[str, Any]:
    """Return the documents of the game's own pack, to be spoilt."""
    pack = content.current()
    return deepcopy({kind: dict(pack.raw(kind)) for kind in content.kinds.registered() if pack.raw(kind)})


def problems(documents: dict[str, Any]) -> str:
    with pytest.raises(content.InvalidContentError) as caught:
        content.from_documents(content.current().info, documents)
    return str(caught.value)


def room(documents: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = documents["dungeons"][DUNGEON]["rooms"][number]
    return found


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d["dungeons"][DUNGEON].update(zone="nowhere"), "there is no zone `nowhere`"),
        (
            lambda d: d["dungeons"][DUNGEON].update(zone="lastmoor"),
            "the map has no region `lobby_west`",
        ),
        (lambda d: d["dungeons"][DUNGEON].update(levels=[20, 15]), "20 is more than 15"),
        (lambda d: d["dungeons"][DUNGEON].update(loot="lt_nothing"), "no loot table `lt_nothing`"),
        (lambda d: d["dungeons"][DUNGEON].update(loot="lt_peat_hulk"), "no monster of this dungeon leaves"),
        (
            lambda d: d["dungeons"][DUNGEON].update(scaling={"base_pct": 0, "member_pct": 0}),
            "nothing is left",
        ),
        (lambda d: room(d, 0).update(opens="cellar_door"), "the map has no exit `cellar_door`"),
        (lambda d: room(d, 0).pop("opens"), "every room but the last one `opens`"),
        (lambda d: room(d, 1).update(id="chain_lobby"), "`chain_lobby` is there twice"),
        (
            lambda d: room(d, 1)["puzzle"]["levers"][0].update(object="lever_gold"),
            "no `lever_gold` with the states up, down",
        ),
        (lambda d: room(d, 1)["puzzle"].update(inscriptions=["inscription_west"]), "one inscription less"),
        (lambda d: room(d, 1)["puzzle"]["clue"].update(en="Pull {first}."), "`{first}` and `{second}`"),
        (lambda d: room(d, 2)["encounters"][0].update(region="cellar"), "the map has no region `cellar`"),
        (lambda d: room(d, 2)["encounters"][0].update(allies=[]), "protect `post_governor`, who need not"),
        (
            lambda d: room(d, 3)["encounters"][0]["monsters"][0].update(monster="dragon"),
            "no monster `dragon`",
        ),
        (lambda d: room(d, 3)["encounters"][0]["monsters"][0].update(level=[1, 2]), "is not within 20 to 20"),
        (lambda d: room(d, 3)["encounters"][0]["monsters"][0].update(members=2), "somebody has to be there"),
        (lambda d: room(d, 3).update(kind="puzzle"), "has a `puzzle`"),
        (lambda d: room(d, 3)["encounters"][0].update(goals=[{"goal": "survive"}]), "goes with `rounds`"),
    ],
)
def test_what_does_not_fit_is_told(documents: dict[str, Any], spoil: Spoil, told: str) -> None:
    spoil(documents)
    found = problems(documents)
    assert told in found
    assert f"dungeons/{DUNGEON}" in found


def test_a_zone_of_a_dungeon_is_no_place_for_others(documents: dict[str, Any]) -> None:
    documents["zones"][DUNGEON]["spawns"] = documents["zones"]["gullwind_spans"]["spawns"][:1]
    assert "it belongs to the dungeon `the_counterweight`: nothing spawns there" in problems(documents)


def test_a_door_that_leads_to_nowhere_closes_off_what_is_behind_it(documents: dict[str, Any]) -> None:
    drawn = documents["maps"][DUNGEON]
    drawn["exits"] = [way for way in drawn["exits"] if way["id"] != "hall_door"]
    assert "no way leads there from `start`" in problems(documents)


INTO_IT = {"teleport": {"zone": DUNGEON, "arrival": "start"}}
OUTSIDE = f"the zone `{DUNGEON}` belongs to a dungeon, which is entered through its gate alone"


def use_board(documents: dict[str, Any], effect: dict[str, Any]) -> None:
    documents["objects"]["notice_board"]["transitions"][0]["effects"] = [effect]


@pytest.mark.parametrize("effect", [INTO_IT, {"bind": INTO_IT["teleport"]}])
def test_no_thing_leads_into_a_dungeon(documents: dict[str, Any], effect: dict[str, Any]) -> None:
    use_board(documents, effect)
    assert f"objects/notice_board: {OUTSIDE}" in problems(documents)


def test_no_talk_leads_into_a_dungeon(documents: dict[str, Any]) -> None:
    name, talk = next(iter(documents["dialogues"].items()))
    node = next(each for each in talk["nodes"] if each.get("options"))
    node["options"][0]["effects"] = [INTO_IT]
    found = problems(documents)
    assert OUTSIDE in found
    assert f"dialogues/{name}" in found


def test_no_thing_inside_binds_to_its_dungeon(documents: dict[str, Any]) -> None:
    definition = documents["maps"][DUNGEON]["objects"][0]["definition"]
    documents["objects"][definition]["transitions"][0]["effects"] = [{"bind": {"arrival": "start"}}]
    assert "it binds to a dungeon, where one is in a run only" in problems(documents)


def test_what_leads_into_a_dungeon_is_told_with_its_line(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(Path(content.__file__).parents[3] / "content/aether", pack)
    places = pack / "objects/places.yaml"
    text = places.read_text()
    say = "      effects:\n"
    teleport = f"        - teleport: {{zone: {DUNGEON}}}\n"
    places.write_text(text.replace(say, say + teleport, 1))
    at = text[: text.index(say)].count("\n") + 1
    with pytest.raises(content.InvalidContentError) as caught:
        content.load(pack)
    assert [str(each) for each in caught.value.problems] == [f"objects/places.yaml:{at - 3}: {OUTSIDE}"]
