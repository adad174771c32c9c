"""Two people exchange things: by trade, by letter, in an order book and in an auction."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.game import OpenWindow
from tests.e2e.moorhand import Moorhand

pytestmark = pytest.mark.e2e


def test_two_moorhands_exchange_what_they_have(open_window: OpenWindow) -> None:
    ash, brine = Moorhand(open_window("en"), "Ashen"), Moorhand(open_window("fr"), "Brine")
    for hand, class_id in ((ash, "cindersmith"), (brine, "anchorite")):
        hand.sign_up()
        hand.create(class_id)

    trade(ash, brine)
    write(ash, brine)
    order(ash, brine)
    auction(brine, ash)
    look_back(ash)
    expect(brine.seen("mail-unread")).to_have_text("1")


def trade(one: Moorhand, other: Moorhand) -> None:
    """One gives five glim for nothing, and is warned of it."""
    one.seen("open-players").click()
    one.seen(f"trade-{other.name}").click()
    expect(one.seen("trade")).to_have_attribute("data-state", "invited")
    other.seen("accept-trade").click()
    expect(one.seen("trade")).to_have_attribute("data-state", "open")
    one.seen("give-glim").fill("5")
    one.seen("give-glim").press("Tab")
    expect(other.seen("trade-theirs")).to_contain_text("5 glim")
    expect(one.seen("trade-warning")).to_be_visible()
    for hand in (one, other):
        hand.seen("trade-lock").click()
    for hand in (one, other):
        hand.seen("trade-confirm").click()
    for hand in (one, other):
        expect(hand.seen("trade")).to_have_count(0)


def write(one: Moorhand, other: Moorhand) -> None:
    """A letter brings ten glim."""
    one.seen("open-mail").click()
    one.seen("write-letter").click()
    one.seen("letter-to").fill(other.name)
    one.seen("letter-subject").fill("Rent <b>due</b>")
    one.seen("give-glim").fill("10")
    one.seen("give-glim").press("Tab")
    one.seen("send-letter").click()
    expect(other.seen("mail-unread")).to_have_text("1")
    other.seen("open-mail").click()
    other.seen("letter-player").click()
    expect(other.seen("letter")).to_contain_text("Rent <b>due</b>")
    other.seen("take-letter").click()
    expect(other.seen("discard-letter")).to_be_visible()
    other.seen("open-mail").click()
    one.seen("open-mail").click()


def order(one: Moorhand, other: Moorhand) -> None:
    """One wants a reed fibre and takes the order back; the other, who looks on, sees it come and go."""
    one.seen("open-market").click()
    one.seen("book-reed_fibre").click()
    one.seen("order-price").fill("2")
    one.seen("order-quantity").fill("1")
    one.seen("place-order").click()
    expect(one.seen("my-orders")).to_contain_text("1/1 × 2")
    other.seen("open-market").click()
    other.seen("book-reed_fibre").click()
    expect(other.seen("bids")).to_contain_text("2")
    one.seen("cancel-order").click()
    expect(one.seen("my-orders")).not_to_contain_text("1/1 × 2")
    expect(other.page.locator("[data-testid=bids] button")).to_have_count(0)
    one.seen("tab-orders").click()
    one.seen("orders-past").click()
    expect(one.page.locator("[data-testid=all-orders] [data-state=cancelled]")).to_contain_text("0 of 1")
    for hand in (one, other):
        hand.seen("open-market").click()


def auction(seller: Moorhand, bidder: Moorhand) -> None:
    """What one puts up for auction the other buys at once."""
    seller.seen("open-market").click()
    seller.seen("tab-auctions").click()
    seller.seen("auction-item").select_option(index=1)
    seller.seen("auction-start").fill("1")
    seller.seen("auction-buyout").fill("3")
    seller.seen("open-auction").click()
    seller.seen("auctions-mine").click()
    expect(seller.page.locator("[data-testid=auctions] [data-state=open]")).to_have_count(1)
    bidder.seen("open-market").click()
    bidder.seen("tab-auctions").click()
    bidder.seen("open-story").click()
    expect(bidder.seen("item-story")).to_contain_text(seller.name)
    bidder.seen("buyout").click()
    expect(bidder.seen("mail-unread")).to_have_text("1")
    expect(seller.page.locator("[data-testid=auctions] [data-state=sold]")).to_have_count(1)


def look_back(who: Moorhand) -> None:
    """The own ledger has it all, also of one kind only."""
    who.seen("open-inventory").click()
    who.seen("tab-movements").click()
    for kind in ("trade", "mail_send", "order_place", "order_close", "auction_bid"):
        expect(who.seen(f"movement-{kind}").first).to_be_visible()
    who.seen("movement-topic").select_option("mail")
    expect(who.seen("movement-trade")).to_have_count(0)
    expect(who.seen("movement-mail_send")).to_contain_text("−10 glim")
