"""What lives by itself, as a player sees it: the hour, the weather, one's hit points, and rest."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_a_moorhand_looks_at_the_sky_and_sits_down(open_window: OpenWindow) -> None:
    fern = Moorhand(open_window("en"), "Fern")
    fern.sign_up()
    fern.create("anchorite")
    expect(fern.seen("world-time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(fern.seen("sky-dial")).to_have_attribute("data-phase", re.compile("night|dawn|day|dusk"))
    expect(fern.seen("weather-name")).to_have_text(re.compile("Clear|Drizzle|Moor fog"))
    expect(fern.seen("hp")).to_have_attribute("data-hp", "62")
    expect(fern.seen("hp")).to_have_attribute("data-resting", "false")
    fern.page.keyboard.press("6")
    expect(fern.seen("hp")).to_have_attribute("data-resting", "true")
    fern.walk_somewhere()
    expect(fern.seen("hp")).to_have_attribute("data-resting", "false")


def test_the_sky_in_french(open_window: OpenWindow) -> None:
    lin = Moorhand(open_window("fr"), "Lin")
    lin.sign_up()
    lin.create("kitewright")
    expect(lin.seen("weather-name")).to_have_text(re.compile("Clair|Bruine|Brouillard de lande"))
    expect(lin.seen("sky-dial")).to_contain_text(re.compile("Nuit|Aube|Jour|Crépuscule"))
    expect(lin.seen("hp")).to_have_attribute("aria-label", "Points de vie")
