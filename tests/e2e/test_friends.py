"""The story of two who become friends, and see each other come and go."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_two_become_friends_and_see_each_other_come_and_go(open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand in (ash, brine):
        hand.sign_up()
        hand.create("kitewright")
    ash.seen("open-players").click()
    ash.seen(f"befriend-{brine.name}").click()
    expect(ash.seen(f"asked-{brine.name}")).to_be_visible()

    brine.seen("open-players").click()
    brine.seen(f"asking-{ash.name}").get_by_role("button", name="Accepter").click()
    expect(brine.seen(f"friend-{ash.name}")).to_contain_text("Lastmoor")
    expect(ash.seen(f"friend-{brine.name}")).to_contain_text("in Lastmoor")

    brine.page.goto("about:blank")
    expect(ash.seen(f"friend-{brine.name}")).to_contain_text("away")
    brine.page.go_back()
    brine.stands_in("lastmoor")
    expect(ash.seen(f"friend-{brine.name}")).to_contain_text("in Lastmoor")
    ash.seen(f"part-{brine.name}").click()
    expect(ash.seen("friends")).to_have_count(0)
