"""Game masters see what people exchange, and stop a book, an order or an auction with a reason."""

from __future__ import annotations

import pytest
from django.test import Client

from aether.protocol.exchange import Goods
from apps.economy import selectors, services
from apps.economy.models import Auction, Book, Letter, Order, Trade
from apps.economy.services import trading
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, item_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def console() -> Client:
    game_master()
    return sign_in("gwen")


@pytest.fixture
def alice() -> int:
    made = character()
    give(made, glim=100, reed_fibre=10, reed_hook=1)
    return made


def text_of(console: Client, path: str) -> str:
    page = console.get(path)
    assert page.status_code == 200
    return page.content.decode()


def test_a_letter_shows_between_whom_it_went_and_what_it_brought(console: Client, alice: int) -> None:
    character("Bob")
    sending = services.Sending(
        character_id=alice,
        to="Bob",
        subject="<script>",
        body="",
        goods=Goods(glim=7),
        cod=0,
        idempotency_key="k",
    )
    services.send_letter(sending)
    shown = text_of(console, f"/gm/economy/letter/{Letter.objects.get().pk}/change/")
    assert "glim" in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_a_trade_shows_what_each_offered(
    console: Client, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trading, "_meeting", [])
    bob = character("Bob")
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    services.accept_trade(character_id=bob, trade_id=trade.id)
    step = services.Step(character_id=alice, trade_id=trade.id, rev=0)
    services.offer_in_trade(step, Goods(items=[item_id(alice, "reed_hook")]))
    assert item_id(alice, "reed_hook") in text_of(
        console, f"/gm/economy/trade/{Trade.objects.get().pk}/change/"
    )


def test_a_book_is_halted_and_an_order_cancelled_from_the_console(console: Client, alice: int) -> None:
    services.place_order(
        services.Placement(
            character_id=alice,
            item="reed_fibre",
            side="sell",
            price=5,
            quantity=10,
            days=1,
            idempotency_key="k",
        )
    )
    assert "10" in text_of(console, "/gm/economy/book/reed_fibre/change/")
    console.post("/gm/economy/book/reed_fibre/halt/", {"reason": "a dupe"})
    assert Book.objects.get().is_halted
    console.post(f"/gm/economy/order/{Order.objects.get().pk}/cancel/", {"reason": "a dupe"})
    assert Order.objects.get().state == "cancelled"
    console.post("/gm/economy/book/reed_fibre/reopen/", {"reason": "mended"})
    assert not Book.objects.get().is_halted


def test_an_auction_is_ended_from_the_console(console: Client, alice: int) -> None:
    listing = services.Listing(
        character_id=alice,
        item_id=item_id(alice, "reed_hook"),
        start_bid=5,
        buyout=None,
        hours=12,
        idempotency_key="k",
    )
    auction = services.open_auction(listing)
    bob = character("Bob")
    give(bob, glim=10)
    offer = services.Offer(character_id=bob, auction_id=auction.id, amount=10, idempotency_key="b")
    services.bid_in_auction(offer)
    assert str(bob) in text_of(console, f"/gm/economy/auction/{auction.id}/change/")
    console.post(f"/gm/economy/auction/{auction.id}/cancel/", {"reason": "a dupe"})
    assert (Auction.objects.get().state, selectors.glim(bob)) == ("cancelled", 10)
