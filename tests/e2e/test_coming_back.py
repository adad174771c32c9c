"""What a person sees when a connection ends: taken over, cut off, or signed out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.fighting import Fight
from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_another_window_takes_over_and_gives_back(open_window: OpenWindow) -> None:
    first = Moorhand(open_window("en"), "Twin")
    first.sign_up()
    first.create("anchorite")
    second = Moorhand(open_window("en", like=first.page), "Twin")
    second.name = first.name
    second.seen(f"play-{first.name}").click()
    second.stands_in("lastmoor")
    expect(first.seen("ended-taken_over")).to_be_visible()
    first.seen("ended-action").click()
    first.stands_in("lastmoor")
    expect(second.seen("ended-taken_over")).to_be_visible()


def test_a_battle_goes_on_after_the_server_was_killed(open_window: OpenWindow, game: Game) -> None:
    hand = Moorhand(open_window("en"), "Cut")
    hand.sign_up()
    hand.create("cindersmith")
    hand.travel("Reedmoor Flats", "reedmoor_flats")
    fight = Fight(hand)
    fight.engage()
    fight.take_place()
    fight.let_one_turn_pass()
    game.kill()
    expect(hand.seen("connection-banner")).to_be_visible()
    game.start()
    expect(hand.seen("connection-banner")).to_have_count(0)
    fight.to_the_end()
    hand.seen("leave-battle").click()
    expect(hand.seen("world")).to_be_visible()


def test_two_people_fight_a_duel_until_one_gives_up(open_window: OpenWindow) -> None:
    thorn, reed = Moorhand(open_window("en"), "Thorn"), Moorhand(open_window("fr"), "Reed")
    for hand, class_id in ((thorn, "anchorite"), (reed, "kitewright")):
        hand.sign_up()
        hand.create(class_id)
    thorn.seen("open-players").click()
    thorn.seen(f"duel-{reed.name}").click()
    reed.seen("accept-duel").click()
    for hand in (thorn, reed):
        expect(hand.page.locator("[data-testid=battle][data-phase=placement]")).to_be_visible()
        hand.seen("ready").click()
    expect(thorn.page.locator("[data-testid=battle][data-phase=fighting]")).to_be_visible()
    reed.seen("forfeit").click()
    reed.seen("confirm-forfeit").click()
    expect(thorn.seen("battle-result")).to_have_attribute("data-outcome", "win")
    expect(reed.seen("battle-result")).to_have_attribute("data-outcome", "loss")
    for hand in (thorn, reed):
        hand.seen("leave-battle").click()
        hand.stands_in("lastmoor")
