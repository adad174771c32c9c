"""The story of an onlooker: finds a duel on the map, watches it, comes back to it, and sees it end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.fighting import Fight
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_an_onlooker_watches_a_duel_to_its_end(open_window: OpenWindow) -> None:
    reed, thorn, wren = (Moorhand(open_window("en"), name) for name in ("Reed", "Thorn", "Wren"))
    for hand, class_id in ((reed, "cindersmith"), (thorn, "anchorite"), (wren, "kitewright")):
        hand.sign_up()
        hand.create(class_id)
    begin_a_duel(thorn, reed)

    wren.approach(reed.name)
    found = wren.page.locator("[data-testid^=live-battle-][aria-current=true]")
    expect(found).to_contain_text(reed.name)
    found.get_by_test_id("watch").click()
    expect(wren.seen("spectate")).to_be_visible()
    for hand in (reed, thorn, wren):
        expect(hand.seen("spectators")).to_have_text("One watches")

    pass_a_turn(reed, thorn)
    expect(wren.seen("spectate")).to_have_attribute("data-turn", "2")
    wren.page.reload()
    expect(wren.seen("spectate")).to_have_attribute("data-turn", "2")
    pass_a_turn(reed, thorn)
    expect(wren.seen("spectate")).to_have_attribute("data-turn", "3")

    reed.seen("forfeit").click()
    reed.seen("confirm-forfeit").click()
    expect(wren.seen("turn-banner")).to_contain_text(f"Victory for {thorn.name}")
    wren.page.keyboard.press("Escape")
    wren.stands_in("lastmoor")


def begin_a_duel(one: Moorhand, other: Moorhand) -> None:
    one.seen("open-players").click()
    one.seen(f"duel-{other.name}").click()
    expect(other.seen("duel-spectating")).to_have_text("Everybody may watch.")
    other.seen("accept-duel").click()
    for hand in (one, other):
        hand.seen("ready").click()
    for hand in (one, other):
        expect(hand.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()


def pass_a_turn(*hands: Moorhand) -> None:
    for hand in hands:
        if hand.seen("battle").get_attribute("data-own-turn") == "true":
            Fight(hand).let_one_turn_pass()
            return
    raise AssertionError("nobody has the turn")
