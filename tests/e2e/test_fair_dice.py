"""The story of a doubter: watch a battle again, check its dice, keep it as a file, and catch a forger."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.fighting import Fight
from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_a_doubter_watches_again_and_checks_the_dice(open_window: OpenWindow, tmp_path: Path) -> None:
    wren = Moorhand(open_window("en"), "Wren")
    wren.sign_up()
    wren.create("cindersmith")
    wren.travel("Reedmoor Flats", "reedmoor_flats")
    battle = lose_a_battle(wren)
    assert battle.isdigit()

    watch_again(wren)
    exported = check_the_dice(wren, battle, tmp_path)
    catch_a_forger(wren.page, exported, tmp_path)

    french = open_window("fr", like=wren.page)
    check_in_french(french, battle)
    see_only_the_dice(Moorhand(open_window("en"), "Stranger"), battle)


def lose_a_battle(hand: Moorhand) -> str:
    """Fight a little, then give up; return the battle's number."""
    fight = Fight(hand)
    fight.engage()
    fight.take_place()
    for _ in range(3):
        if not fight.take_one_turn():
            break
    result = hand.seen("battle-result")
    if not result.count():
        hand.seen("forfeit").or_(result).first.click()
        if not result.count():
            hand.seen("confirm-forfeit").click()
    address = hand.seen("check-dice").get_attribute("href") or ""
    return re.sub(r"\D", "", address)


def watch_again(hand: Moorhand) -> None:
    """From the list of battles to the viewer, and through it with buttons and keys."""
    page = hand.page
    page.goto("/en/characters")
    page.get_by_role("link", name="Past battles").click()
    page.locator("[data-testid^=watch-]").first.click()
    replay = hand.seen("replay")
    expect(replay).to_have_attribute("data-step", "0")
    hand.seen("step-forward").click()
    expect(replay).to_have_attribute("data-step", "1")
    page.keyboard.press("ArrowRight")
    expect(replay).to_have_attribute("data-step", "2")
    hand.seen("replay-turn").select_option("2")
    expect(replay).to_have_attribute("data-turn", "2")
    hand.seen("replay-speed").select_option("4")
    hand.seen("play-pause").click()
    expect(replay).not_to_have_attribute("data-turn", "2")
    hand.seen("replay-as").select_option("spectator")
    hand.seen("replay-as").blur()
    page.keyboard.press("End")
    expect(hand.seen("replay-banner")).to_contain_text("wins")
    expect(hand.seen("battle-log")).to_contain_text("The battle is over.")


def check_the_dice(hand: Moorhand, battle: str, folder: Path) -> dict[str, Any]:
    """The browser finds every roll as it should be; the reader keeps the file."""
    hand.seen("to-verify").click()
    expect(hand.seen("verdict")).to_have_attribute("data-fair", "true")
    expect(hand.seen("verdict")).to_contain_text(f"Battle {battle}:")
    with hand.page.expect_download() as download:
        hand.seen("download-battle").click()
    path = folder / "battle.json"
    download.value.save_as(path)
    found: dict[str, Any] = json.loads(path.read_text())
    assert found["header"]["battle_id"] == int(battle)
    return found


def catch_a_forger(page: Page, exported: dict[str, Any], folder: Path) -> None:
    """With no server at all: a roll that was made nicer is pointed out, garbage gets a sentence."""
    page.goto("/en/verify")
    chooser = page.get_by_test_id("battle-file")
    expect(chooser).to_be_visible()
    page.context.set_offline(True)
    honest, forged, garbage = (folder / name for name in ("honest.json", "forged.json", "garbage.json"))
    honest.write_text(json.dumps(exported))
    chooser.set_input_files(honest)
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-fair", "true")
    exported["reveal"]["rolls"][-1]["value"] ^= 1
    forged.write_text(json.dumps(exported))
    chooser.set_input_files(forged)
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-fair", "false")
    expect(page.get_by_test_id("check-receipts")).to_have_attribute("data-holds", "false")
    expect(page.locator("[data-wrong]")).to_have_count(1)
    expect(page.locator("[data-wrong]")).to_be_visible()
    garbage.write_bytes(b"\x89PNG\r\n\x1a\n" * 50)
    chooser.set_input_files(garbage)
    expect(page.get_by_test_id("verify-problem")).to_contain_text("cannot be read")
    expect(page.get_by_test_id("verdict")).to_have_count(0)
    page.context.set_offline(False)


def see_only_the_dice(stranger: Moorhand, battle: str) -> None:
    """Who did not take part checks the dice all the same, and does not see the battle."""
    stranger.sign_up()
    expect(stranger.seen("create-character")).to_be_visible()
    stranger.page.goto(f"/en/verify/{battle}")
    expect(stranger.seen("verdict")).to_have_attribute("data-fair", "true")
    expect(stranger.seen("to-replay")).to_have_count(0)
    stranger.page.goto(f"/en/replay/{battle}")
    expect(stranger.seen("replay-problem")).to_have_text(re.compile(".+"))
    stranger.page.goto("/en/verify/999999")
    expect(stranger.seen("verify-problem")).to_have_text(re.compile(".+"))
    expect(stranger.seen("verdict")).to_have_count(0)


def check_in_french(page: Page, battle: str) -> None:
    page.goto(f"/fr/verify/{battle}")
    expect(page.get_by_test_id("verdict")).to_contain_text("Ces dés étaient honnêtes")
    page.get_by_test_id("to-replay").click()
    expect(page.get_by_test_id("replay")).to_be_visible()
    expect(page.get_by_test_id("play-pause")).to_contain_text("Lecture")
