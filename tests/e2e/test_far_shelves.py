"""On foot from the town to the third zone, with the small map, to a battle that has a goal of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e


def test_a_moorhand_walks_to_the_terraces_and_meets_the_matron(open_window: OpenWindow) -> None:
    """In French. The matron is there once, so one story meets her."""
    hand = Moorhand(open_window("fr"), "Far")
    hand.sign_up()
    hand.create("cindersmith")
    hand.travel("Plaines de Roselande", "reedmoor_flats")
    expect(hand.seen("mini-map")).to_contain_text("Terrasses de Braise")
    hand.travel("Terrasses de Braise", "cinder_terraces")
    expect(hand.seen("zone-name")).to_have_text("Terrasses de Braise")
    expect(hand.seen("mini-map")).to_contain_text("Travées de Grand-Vent")
    hand.approach("Matrone des fourneaux")
    expect(hand.seen("battle")).to_be_visible(timeout=WALK_MS)
    expect(hand.seen("battle-goal")).to_have_text("Objectif : vaincre Matrone des fourneaux")
