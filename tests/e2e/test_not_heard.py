"""The story of two of whom one does not want to hear the other, and then does again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_who_is_blocked_is_not_heard_until_one_wants_to_again(open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand in (ash, brine):
        hand.sign_up()
        hand.create("cindersmith")
    ash.say("Buy my reeds!")
    brine.hears("Buy my reeds!")

    brine.page.keyboard.press("p")
    brine.seen(f"block-{ash.name}").click()
    expect(brine.seen(f"blocked-{ash.name}")).to_be_visible()
    expect(brine.seen("chat-lines")).not_to_contain_text("Buy my reeds!")
    ash.say("Cheap reeds!")
    brine.say("At last.")
    ash.hears("At last.")
    expect(brine.seen("chat-lines")).not_to_contain_text("reeds!")

    brine.page.reload()
    brine.stands_in("lastmoor")
    brine.page.keyboard.press("p")
    brine.seen(f"unblock-{ash.name}").click()
    expect(brine.seen("blocked")).to_have_count(0)
    ash.say("Last reeds!")
    brine.hears("Last reeds!")
