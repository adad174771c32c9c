"""On foot from the town to the third zone, with the small map, to a battle that has a goal of its own."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e


class Words(NamedTuple):
    """What the places and the monster are called, and how the goal is said."""

    moor: str
    terraces: str
    spans: str
    matron: str
    goal: str


ENGLISH = Words(
    "Reedmoor Flats",
    "Cinder Terraces",
    "Gullwind Spans",
    "Furnace Matron",
    "Goal: defeat Furnace Matron",
)
FRENCH = Words(
    "Plaines de Roselande",
    "Terrasses de Braise",
    "Travées de Grand-Vent",
    "Matrone des fourneaux",
    "Objectif : vaincre Matrone des fourneaux",
)


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("fr", FRENCH)])
def test_a_moorhand_walks_to_the_terraces_and_meets_the_matron(
    open_window: OpenWindow, language: str, words: Words
) -> None:
    hand = Moorhand(open_window(language), "Far")
    hand.sign_up()
    hand.create("cindersmith")
    hand.travel(words.moor, "reedmoor_flats")
    expect(hand.seen("mini-map")).to_contain_text(words.terraces)
    hand.travel(words.terraces, "cinder_terraces")
    expect(hand.seen("zone-name")).to_have_text(words.terraces)
    expect(hand.seen("mini-map")).to_contain_text(words.spans)
    hand.approach(words.matron)
    expect(hand.seen("battle")).to_be_visible(timeout=WALK_MS)
    expect(hand.seen("battle-goal")).to_have_text(words.goal)
