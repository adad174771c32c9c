"""The story of a party: two come together, talk among themselves, and stand in one battle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.fighting import Fight
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e


def test_two_who_travel_together_fight_together(open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ash"), Moorhand(open_window("fr"), "Brine")
    for hand, class_id in ((ash, "cindersmith"), (brine, "anchorite")):
        hand.sign_up()
        hand.create(class_id)

    come_together(ash, brine)
    talk_among_themselves(ash, brine)
    ash.travel("Reedmoor Flats", "reedmoor_flats")
    brine.travel("Plaines de Roselande", "reedmoor_flats")
    expect(ash.seen(f"party-member-{brine.name}")).to_contain_text("Reedmoor Flats")
    picture(ash.page, "on-the-moor")

    attack_and_join(ash, brine)
    flee_one_after_the_other(ash, brine)
    part(ash, brine)


def test_two_parties_measure_themselves(open_window: OpenWindow) -> None:
    hands = [Moorhand(open_window("en"), name) for name in ("Ash", "Brine", "Cole", "Dew")]
    for hand in hands:
        hand.sign_up()
        hand.create("anchorite")
    ash, brine, cole, dew = hands
    for leader, other in ((ash, brine), (cole, dew)):
        leader.page.keyboard.press("p")
        leader.seen(f"invite-{other.name}").click()
        other.seen("accept-party").click()
        expect(leader.seen(f"party-member-{other.name}")).to_be_visible()

    ash.page.set_viewport_size({"width": 1024, "height": 768})
    picture(ash.page, "people-on-a-tablet")
    ash.seen(f"challenge-party-{cole.name}").click()
    expect(cole.seen("duel-invitation")).to_contain_text(f"{ash.name}, {brine.name}")
    picture(cole.page, "party-challenge")
    cole.seen("accept-duel").click()
    for hand in hands:
        expect(hand.page.locator("[data-testid=battle][data-phase=placement]")).to_be_visible()
        hand.seen("ready").click()
    for hand in hands:
        expect(hand.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()
    picture(cole.page, "two-against-two")


def come_together(leader: Moorhand, other: Moorhand) -> None:
    """Ask by a click on a player, decline once, ask again by name, and accept by keyboard."""
    leader.page.keyboard.press("p")
    leader.seen(f"invite-{other.name}").click()
    expect(other.seen("party-invitation")).to_contain_text(leader.name)
    picture(other.page, "invitation")
    other.seen("decline-party").click()
    expect(leader.seen("notices")).to_contain_text(other.name)

    leader.page.keyboard.press("Escape")
    leader.page.keyboard.press("g")
    leader.seen("party-invite-name").fill(other.name)
    leader.page.keyboard.press("Enter")
    expect(leader.seen(f"party-asked-{other.name}")).to_be_visible()
    other.seen("accept-party").focus()
    other.page.keyboard.press("Enter")
    expect(leader.seen(f"party-row-{other.name}")).to_be_visible()
    expect(other.seen(f"party-member-{leader.name}")).to_be_visible()
    picture(leader.page, "party-window")
    leader.page.keyboard.press("Escape")


def talk_among_themselves(one: Moorhand, other: Moorhand) -> None:
    for hand in (one, other):
        hand.seen("chat-tab-party").click()
    one.seen("chat-entry").fill("This way, and quietly.")
    one.page.keyboard.press("Enter")
    one.hears("This way, and quietly.")
    one.page.keyboard.press("Escape")
    other.hears("This way, and quietly.")
    other.page.reload()
    other.stands_in("lastmoor")
    expect(other.seen(f"party-member-{one.name}")).to_be_visible()
    other.seen("chat-tab-party").click()
    other.hears("This way, and quietly.")


def attack_and_join(leader: Moorhand, other: Moorhand) -> None:
    """The one attacks; the other is asked, walks up, and joins before the fight begins."""
    Fight(leader).engage()
    expect(other.seen("join-offer")).to_be_visible()
    picture(other.page, "join-offer")
    other.seen("join-battle").click()
    for hand in (leader, other):
        expect(hand.page.locator("[data-testid=battle][data-phase=placement]")).to_be_visible()
    expect(leader.cell(other.name)).to_be_attached()
    picture(leader.page, "placement")
    for hand in (leader, other):
        hand.seen("ready").click()
    for hand in (leader, other):
        expect(hand.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()


def flee_one_after_the_other(leader: Moorhand, other: Moorhand) -> None:
    """The leader flees, and the battle goes on until nobody is left of the party."""
    for hand in (leader, other):
        expect(other.seen("battle-result")).to_have_count(0)
        hand.seen("forfeit").click()
        hand.seen("confirm-forfeit").click()
    for hand in (leader, other):
        expect(hand.seen("battle-result")).to_be_visible(timeout=WALK_MS)
        hand.seen("leave-battle").click()
        hand.stands_in("lastmoor")


def part(leader: Moorhand, other: Moorhand) -> None:
    """Hand the party on, be sent away, and stand alone again."""
    leader.page.keyboard.press("g")
    leader.seen(f"promote-{other.name}").click()
    expect(leader.seen(f"kick-{other.name}")).to_have_count(0)
    other.page.keyboard.press("g")
    other.seen(f"kick-{leader.name}").click()
    for hand in (leader, other):
        expect(hand.seen("no-party")).to_be_visible()
        expect(hand.seen("chat-tab-party")).to_have_count(0)


def picture(page: Page, name: str) -> None:
    """Keep a picture of a moment where somebody wants to look at it."""
    if folder := os.environ.get("E2E_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")
