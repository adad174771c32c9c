"""On foot from the town to the third zone, past a gate, a lever and a door, to a battle with its own goal."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.fighting import win_a_battle
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e


def test_a_moorhand_walks_to_the_terraces_and_meets_the_matron(open_window: OpenWindow) -> None:
    """The matron is there once, so one story meets her."""
    hand = Moorhand(open_window("en"), "Far")
    hand.sign_up()
    hand.create("cindersmith")
    hand.talk_to("Ilse Varn", "accept", "go")
    hand.wear("reed_hook", "weapon")
    hand.travel("Reedmoor Flats", "reedmoor_flats")
    expect(hand.seen("mini-map")).to_contain_text("Cinder Terraces")
    stands_before_a_locked_gate(hand)
    win_a_battle(hand)
    hand.travel("Lastmoor", "lastmoor")
    hand.talk_to("Ilse Varn", "report", "farewell")
    hand.travel("Reedmoor Flats", "reedmoor_flats")
    hand.travel("Cinder Terraces", "cinder_terraces")
    expect(hand.seen("zone-name")).to_have_text("Cinder Terraces")
    expect(hand.seen("mini-map")).to_contain_text("Gullwind Spans")
    opens_a_door(hand)
    hand.approach("Furnace Matron")
    expect(hand.seen("battle")).to_be_visible(timeout=WALK_MS)
    expect(hand.seen("battle-goal")).to_have_text("Goal: defeat Furnace Matron")


def test_a_thread_is_tied_and_a_board_read_in_french(open_window: OpenWindow) -> None:
    hand = Moorhand(open_window("fr"), "Fil")
    hand.sign_up()
    hand.create("lampwarden")
    hand.approach("Panneau d’affichage")
    expect(hand.seen("thing-says")).to_contain_text("Bureau des amarres", timeout=WALK_MS)
    hand.approach("Pierre d’amarre")
    expect(hand.seen("act-bless")).to_be_disabled(timeout=WALK_MS)
    expect(hand.seen("why-locked")).to_have_text("Il faut niveau 2 ou plus.")
    hand.seen("act-bind").click()
    expect(hand.seen("thing-says")).to_contain_text("Le fil tient")
    hand.page.keyboard.press("Escape")
    expect(hand.seen("thing")).to_have_count(0)


def stands_before_a_locked_gate(hand: Moorhand) -> None:
    """What it asks is written on it, read out, and said again before it."""
    reason = "It takes 1 × Moorhand's licence with you."
    expect(hand.cell("Cinder Terraces, locked: It takes")).to_be_attached()
    hand.approach("Cinder Terraces")
    expect(hand.seen("exit-locked")).to_have_text(reason, timeout=2 * WALK_MS)
    expect(hand.seen("travel")).to_be_disabled()
    hand.page.keyboard.press("Escape")


def opens_a_door(hand: Moorhand) -> None:
    """A lever moves it for everybody; nobody walks through it before."""
    expect(hand.cell("Fire door, closed")).to_be_attached()
    hand.approach("Lever, up")
    expect(hand.cell("Lever, down")).to_be_attached(timeout=2 * WALK_MS)
    expect(hand.cell("Fire door, open")).to_be_attached()
    hand.approach("Paymaster’s chest")
    expect(hand.seen("why-locked")).to_have_text(
        "It takes level 8 or more, or Tinker of level 5.", timeout=WALK_MS
    )
    hand.page.keyboard.press("Escape")
