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


def see_each_other_walk_and_talk(one: Moorhand, other: Moorhand) -> None:
    """What one does, the other sees at once."""
    expect(other.cell(one.name)).to_be_attached()
    x, y = one.walk_somewhere()
    walked = other.page.locator(f'[role=gridcell][data-cell="{x},{y}"]')
    expect(walked).to_have_attribute("aria-label", re.compile(re.escape(one.name)))
    other.say("Evening! <img src=x onerror=alert(1)>")
    one.hears("Evening! <img src=x onerror=alert(1)>")
    expect(one.page.locator("[data-testid=chat-lines] img")).to_have_count(0)
