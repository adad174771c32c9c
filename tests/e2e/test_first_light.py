"""The story of a first evening: two people, two browsers, one world."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.fighting import win_a_battle
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_two_moorhands_play_their_first_evening(open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("en"), "Brine")
    for hand, class_id in ((ash, "cindersmith"), (brine, "anchorite")):
        hand.sign_up()
        hand.create(class_id)

    see_each_other_walk_and_talk(ash, brine)
    ash.talk_to("Ilse Varn", "accept", "go")
    expect(ash.seen("quest-tracker")).to_have_attribute("data-state", "active")
    ash.wear("reed_hook", "weapon")

    ash.travel("Reedmoor Flats", "reedmoor_flats")
    win_a_battle(ash)
    expect(ash.seen("quest-tracker")).to_have_attribute("data-state", "ready")

    ash.travel("Lastmoor", "lastmoor")
    ash.talk_to("Ilse Varn", "report", "farewell")
    ash.seen("open-quests").click()
    expect(ash.seen("quests-done")).to_contain_text("First tether")
    ash.seen("open-inventory").click()
    expect(ash.seen("bag-moor_licence")).to_be_visible()


def test_the_evening_in_french(open_window: OpenWindow) -> None:
    lune = Moorhand(open_window("fr"), "Lune")
    lune.sign_up()
    expect(lune.page.get_by_role("heading", name="Qui descend du bac ?")).to_be_visible()
    lune.create("kitewright")
    lune.say("Bonsoir, la lande ! <b>{{7*7}}</b>")
    lune.hears("Bonsoir, la lande ! <b>{{7*7}}</b>")
    lune.talk_to("Ilse Varn", "what_chains", "accept", "go")
    expect(lune.seen("quest-tracker")).to_contain_text("Gagner un combat contre des monstres")
    lune.travel("Plaines de Roselande", "reedmoor_flats")
    expect(lune.seen("zone-name")).to_have_text("Plaines de Roselande")


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1280, 720)], ids=str)
def test_the_first_page_is_read_on_any_screen(open_window: OpenWindow, size: tuple[int, int]) -> None:
    page = open_window("fr")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    words, form = page.locator(".pitch").bounding_box(), page.locator(".card").bounding_box()
    assert words is not None
    assert form is not None
    is_below, is_beside = form["y"] >= words["y"] + words["height"], form["x"] >= words["x"] + words["width"]
    assert is_below or is_beside, "the form lies on the words"
    assert form["x"] + form["width"] <= size[0], "the form is cut off"


def see_each_other_walk_and_talk(one: Moorhand, other: Moorhand) -> None:
    """What one does, the other sees at once."""
    expect(other.cell(one.name)).to_be_attached()
    x, y = one.walk_somewhere()
    walked = other.page.locator(f'[role=gridcell][data-cell="{x},{y}"]')
    expect(walked).to_have_attribute("aria-label", re.compile(re.escape(one.name)))
    other.say("Evening! <img src=x onerror=alert(1)>")
    one.hears("Evening! <img src=x onerror=alert(1)>")
    expect(one.page.locator("[data-testid=chat-lines] img")).to_have_count(0)
