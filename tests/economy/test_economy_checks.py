"""Economy content that would leak money or name nothing is found before anybody plays it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from aether.kernel import content
from aether.kernel.content.loading import from_documents
from apps.combat import engine
from apps.economy.definitions import STATS

Documents = dict[str, Any]
SHOP = "lastmoor_stores"


def problems(change: Callable[[Documents], object]) -> str:
    """Return everything that is wrong with the running pack after a change."""
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    change(documents)
    with pytest.raises(content.InvalidContentError) as refusal:
        from_documents(pack.info, documents)
    return "\n".join(map(str, refusal.value.problems))


def entry(documents: Documents, table: str = "lt_mud_skitter", index: int = 1) -> Any:
    return documents["loot"][table]["entries"][index]


def second_shop(documents: Documents, offer: Documents) -> None:
    documents["shops"]["other"] = documents["shops"][SHOP] | {"id": "other", "offers": [offer]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: entry(d).update(item="lost"), "there is no item `lost`"),
        (lambda d: entry(d, "lt_peat_hulk", 2).update(table="lost"), "there is no loot table `lost`"),
        (lambda d: entry(d, "lt_peat_hulk", 2).update(table="lt_peat_hulk"), "may not name themselves"),
        (lambda d: entry(d).update(bp=0), "Expected `int` >= 1"),
        (lambda d: entry(d).update(bp=10001), "Expected `int` <= 10000"),
        (lambda d: entry(d).update(bp=0.5), "Expected `int"),
        (lambda d: entry(d).update(weight=5), "entries have a `bp` in mode `all`"),
        (lambda d: entry(d).update(count=[3, 2]), "from the smaller to the larger"),
        (lambda d: entry(d).update(currency="glim"), "one of `item`, `currency`, `table` or `nothing`"),
        (lambda d: d["monsters"]["mud_skitter"].update(loot="lost"), "there is no loot table `lost`"),
        (lambda d: d["shops"][SHOP].update(keeper="lost"), "there is no NPC `lost`"),
        (lambda d: d["shops"][SHOP]["offers"][0].update(item="lost"), "there is no item `lost`"),
        (lambda d: d["shops"][SHOP]["offers"][0].update(sell=12), "makes money from nothing"),
        (lambda d: second_shop(d, {"item": "marsh_tonic", "sell": 13}), "makes money from nothing"),
        (lambda d: second_shop(d, {"item": "marsh_tonic", "buy": 3}), "makes money from nothing"),
        (lambda d: d["shops"][SHOP]["offers"].append({"item": "marsh_tonic", "buy": 9}), "offered twice"),
        (lambda d: d["shops"][SHOP]["offers"][0].update(buy=-1), "Expected `int` >= 1"),
        (lambda d: d["starters"]["moorhand"]["items"].update(lost=1), "there is no item `lost`"),
        (lambda d: d["items"]["reed_hook"].pop("slot"), "only equipment, has a `slot`"),
        (lambda d: d["items"]["reed_fibre"].update(stats={"vigor": 1}), "only equipment has `stats`"),
        (lambda d: d["items"]["reed_hook"].update(damage=9), "unknown field `damage`"),
        (lambda d: d["items"]["reed_hook"].update(stats={"wisdom": 1}), "there is no stat `wisdom`"),
        (lambda d: d["items"]["reed_hook"].update(classes=["bard"]), "there is no class `bard`"),
    ],
)
def test_what_cannot_be_is_named(change: Callable[[Documents], object], message: str) -> None:
    assert message in problems(change)


def test_equipment_names_only_stats_that_battles_know() -> None:
    assert STATS <= engine.STATS


def test_a_way_around_through_recipes_and_shops_is_found() -> None:
    """E04: nobody buys what a recipe needs and sells what comes of it for more."""

    def cheap_links(documents: Documents) -> None:
        offers = documents["shops"][SHOP]["offers"]
        next(each for each in offers if each["item"] == "iron_link").update(buy=4, sell=1, band_pct=0)
        next(each for each in offers if each["item"] == "reed_hook").update(buy=200, sell=40)

    found = problems(cheap_links)
    assert "`reed_hook` sells for 40 and can be made by `r_reed_hook` for" in found


def test_a_recipe_that_multiplies_what_it_takes_is_found() -> None:
    def multiply(documents: Documents) -> None:
        recipe = documents["recipes"]["r_marsh_tonic"]
        documents["recipes"]["r_more"] = recipe | {
            "id": "r_more",
            "fee": 0,
            "inputs": {"wright_cog": 1},
            "outputs": [{"item": "toll_bead", "count": 2}],
        }
        documents["recipes"]["r_back"] = recipe | {
            "id": "r_back",
            "fee": 0,
            "inputs": {"toll_bead": 1},
            "outputs": [{"item": "wright_cog", "count": 1}],
        }

    assert "it makes more of what it takes, again and again" in problems(multiply)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["recipes"]["r_reed_hook"].update(profession="reaper"), "is no profession of this kind"),
        (lambda d: d["recipes"]["r_reed_hook"]["inputs"].update(lost=1), "there is no item `lost`"),
        (
            lambda d: d["recipes"]["r_reforge_reed_hook"]["inputs"].update(reed_hook=9),
            "it takes more than 8 pieces of equipment",
        ),
        (
            lambda d: d["recipes"]["r_marsh_tonic"]["inputs"].update(reed_hook=1),
            "`reed_hook` may stay with its holder, `marsh_tonic` that is made of it would not",
        ),
        (lambda d: d["recipes"]["r_reed_hook"].update(station="lost"), "there is no station `lost`"),
        (lambda d: d["nodes"]["reed_bed"].update(loot="lost"), "there is no loot table `lost`"),
        (lambda d: d["nodes"]["reed_bed"].update(tool="lost"), "there is no item `lost`"),
        (
            lambda d: d["sets"]["moor_set"].update(items=["reed_fibre", "peat_boots"]),
            "`reed_fibre` is no equipment",
        ),
        (lambda d: d["items"]["inkglass_page"]["use"].update(teach="r_lost"), "there is no recipe `r_lost`"),
        (
            lambda d: d["items"]["inkglass_page"]["use"].update(teach="r_reed_hook"),
            "everybody knows `r_reed_hook`",
        ),
        (
            lambda d: d["recipes"]["r_reed_hook"].update(unlock={"taught": True}),
            "nothing teaches `r_reed_hook`",
        ),
        (lambda d: d["items"]["inkglass_page"]["use"].update(heal=5), "using something is one of"),
        (
            lambda d: d["items"]["reed_fibre"].update(use={"effect": "recall"}),
            "only a consumable has a `use`",
        ),
    ],
)
def test_what_cannot_be_made_is_named(change: Callable[[Documents], object], message: str) -> None:
    assert message in problems(change)
