"""The story of a tonic: gathered for, banked, looked up and kept for when one is hurt, at a browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.game import Game, OpenWindow
from tests.e2e.moorhand import WALK_MS, Moorhand

pytestmark = pytest.mark.e2e


def test_a_moorhand_gathers_crafts_banks_and_uses(open_window: OpenWindow) -> None:
    reed = Moorhand(open_window("en"), "Reed")
    reed.sign_up()
    reed.create("anchorite")
    reed.travel("Reedmoor Flats", "reedmoor_flats")
    for _ in range(3):
        gather(reed, "Reed bed")
    check_the_dice(reed, throws=3)
    reed.travel("Lastmoor", "lastmoor")

    reed.approach("Bram Teller")
    expect(reed.seen("option-bank")).to_be_visible(timeout=WALK_MS)
    reed.seen("option-bank").click()
    expect(reed.seen("bank")).to_be_visible(timeout=WALK_MS)
    reed.page.keyboard.press("Escape")
    expect(reed.seen("bank")).to_have_count(0)
    reed.approach("Strongbox")
    expect(reed.seen("bank")).to_be_visible(timeout=WALK_MS)
    reed.seen("deposit-count-marsh_tonic").fill("1")
    reed.seen("deposit-marsh_tonic").click()
    expect(reed.seen("bank-contents")).to_contain_text("1 × Marsh tonic")
    reed.seen("deposit-marsh_tonic").click()
    expect(reed.seen("bank-contents")).to_contain_text("2 × Marsh tonic")
    reed.seen("withdraw-marsh_tonic").click()
    expect(reed.seen("bank-contents")).not_to_contain_text("Marsh tonic")
    reed.page.keyboard.press("Escape")

    reed.seen("open-crafting").click()
    expect(reed.seen("profession-reaper")).to_be_visible()
    reed.seen("profession-brewer").click()
    expect(reed.seen("recipes")).to_contain_text("Marsh tonic")
    expect(reed.seen("make-r_marsh_tonic")).to_be_disabled()
    reed.page.keyboard.press("Escape")

    reed.seen("open-inventory").click()
    reed.seen("bag-marsh_tonic").click()
    reed.seen("use").click()
    # Nobody who is whole wastes a tonic.
    expect(reed.seen("notices")).to_contain_text("You are not hurt.")
    expect(reed.seen("bag-marsh_tonic")).to_be_visible()

    told = snapshots(reed)
    reed.page.reload()
    reed.stands_in("lastmoor")
    reed.seen("open-inventory").click()
    expect(reed.seen("bag-reed_fibre")).to_be_visible()
    expect(reed.seen("inventory-remembered")).to_have_count(0)
    assert told[0]["inventory"] is None, "the browser has kept it, and is told what came after"
    assert told[0]["inventory_since"] is not None


def check_the_dice(hand: Moorhand, *, throws: int) -> None:
    """Put a word into the next dice, have those that were thrown shown, and let the browser check them."""
    hand.seen("open-character").click()
    hand.seen("dice").locator("summary").click()
    expect(hand.seen("dice-in-use")).to_contain_text(f"Thrown {throws} times")
    hand.seen("dice-own-word").fill("reed")
    hand.seen("put-in").click()
    expect(hand.seen("dice-share")).to_have_text(b"reed".hex())
    hand.seen("show-dice").click()
    with hand.page.expect_popup() as opened:
        hand.seen("check-dice-2").click()
    proof = Moorhand(opened.value, "Proof")
    expect(proof.seen("verdict")).to_have_attribute("data-fair", "true")
    expect(proof.seen("verdict")).to_have_attribute("data-throws", f"{throws}")
    # The browser was told the commitment before anything was thrown, and compares it.
    expect(proof.seen("check-told")).to_have_attribute("data-holds", "true")
    expect(proof.page.locator("tbody tr")).to_have_count(throws)
    opened.value.close()
    hand.page.keyboard.press("Escape")


A_PAGE_FOR = """
from apps.accounts.models import Character
from apps.economy.services import grant
who = Character.objects.get(name="{name}")
grant(character_id=who.pk, cause="gm:found", idempotency_key="page", items=dict(inkglass_page=1))
"""


def test_a_recipe_is_learnt_from_a_page_in_french(game: Game, open_window: OpenWindow) -> None:
    brume = Moorhand(open_window("fr"), "Brume")
    brume.sign_up()
    brume.create("lampwarden")
    game.shell(A_PAGE_FOR.format(name=brume.name))

    brume.seen("open-crafting").click()
    brume.seen("profession-tinker").click()
    taught = brume.seen("locked-r_inkglass_lamp").filter(has_text="Page sur le verre d’encre")
    expect(taught).to_be_visible()
    brume.page.keyboard.press("Escape")

    brume.seen("open-inventory").click()
    brume.seen("bag-inkglass_page").click()
    brume.seen("use").click()
    expect(brume.seen("bag-inkglass_page")).to_have_count(0)
    brume.page.keyboard.press("Escape")

    brume.seen("open-crafting").click()
    brume.seen("profession-tinker").click()
    expect(brume.seen("recipes")).to_be_visible()
    expect(taught).to_have_count(0)
    # It is known now, and still asks for more skill than a beginner has.
    expect(brume.seen("make-r_inkglass_lamp")).to_be_disabled()


def snapshots(hand: Moorhand) -> list[dict[str, Any]]:
    """Return the parts of each snapshot of `me` that the page gets from now on."""
    told: list[dict[str, Any]] = []

    def note(payload: str | bytes) -> None:
        frame = json.loads(payload)
        if frame.get("t") == "me.snapshot":
            told.append(frame["d"]["parts"])

    hand.page.on("websocket", lambda socket: socket.on("framereceived", note))
    return told


def gather(hand: Moorhand, node: str) -> None:
    """Walk to the nearest such node, and stay until it has given something."""
    label = hand.cell(f"{node} (").get_attribute("aria-label") or ""
    before = int(re.findall(r"\((\d+)\)", label)[0])
    hand.approach(f"{node} (")
    expect(hand.seen("gathering")).to_be_visible(timeout=WALK_MS)
    after = f"{node} ({before - 1})" if before > 1 else f"{node}, spent"
    expect(hand.cell(after)).to_be_attached()
