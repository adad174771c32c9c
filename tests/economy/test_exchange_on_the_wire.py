"""Mail and trade as sockets see them: replies, updates on `me`, and commands that are sent twice."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from tests import cast
from tests.economy.cast import give, item_id
from tests.serving import Served
from tests.wire import Wire


async def test_a_letter_arrives_on_me_and_is_taken_once(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        frame = {
            "t": "economy.mail_send",
            "id": "once",
            "d": {"to": "Bob", "subject": "Rent", "goods": {"glim": 60}},
        }
        await asyncio.gather(hers.send(frame), hers.send(frame))
        first, second = await hers.reply(), await hers.reply()
        assert first["ok"] == second["ok"] == {}
        arrived = (await his.update("economy.mail_arrived"))["d"]["letter"]
        assert (arrived["sender"], arrived["subject"], arrived["attached"]) == ("Alice", "Rent", 1)
        listed = (await his.call("economy.mail"))["ok"]
        assert (listed["unread"], [each["id"] for each in listed["letters"]]) == (1, [arrived["id"]])
        opened = (await his.call("economy.mail_open", {"letter": arrived["id"]}))["ok"]
        assert opened["goods"] == {"glim": 60, "stacks": [], "items": []}
        taken = await his.call("economy.mail_take", {"letter": arrived["id"], "cod": 0})
        assert taken["ok"]["letter"]["attached"] == 0
        refused = await his.call("economy.mail_take", {"letter": arrived["id"], "cod": 0})
        assert refused["err"]["code"] == "economy.nothing_attached"
        assert (await his.call("economy.mail_discard", {"letter": arrived["id"]}))["ok"] == {}


async def test_the_mailbox_is_read_over_rest_by_its_owner_only(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()

    def read(session: str, query: str = "") -> tuple[int, dict[str, object]]:
        client = Client()
        client.cookies["aether_session"] = session
        client.cookies["sessionid"] = session
        answer = client.get(f"/api/v1/characters/{bob.character_id}/mail{query}")
        return answer.status_code, answer.json()

    assert await sync_to_async(read)(bob.session_key) == (200, {"letters": [], "unread": 0, "before": None})
    assert (await sync_to_async(read)(alice.session_key))[0] == 404
    assert (await sync_to_async(read)(bob.session_key, "?before=x"))[0] == 400


async def test_two_players_trade_over_their_sockets(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        refused = await hers.call("economy.trade_invite", {"character": bob.character_id})
        assert refused["err"]["code"] == "economy.not_together"
        for each in (hers, his):
            assert "ok" in await each.call("world.enter")
        trade = (await hers.call("economy.trade_invite", {"character": bob.character_id}))["ok"]
        asked = (await his.update("economy.trade_changed"))["d"]["trade"]
        assert (asked["id"], asked["state"], asked["partner_name"]) == (trade["id"], "invited", "Alice")
        await his.call("economy.trade_accept", {"trade": trade["id"]})
        at = {"trade": trade["id"], "rev": 0}
        offered = (await hers.call("economy.trade_offer", {**at, "goods": {"glim": 30}}))["ok"]
        at["rev"] = offered["rev"]
        assert (await his.call("economy.trade_lock", at))["ok"]["mine"]["is_locked"]
        locked = (await hers.call("economy.trade_lock", at))["ok"]
        assert (locked["state"], locked["mine"]["worth"]) == ("locked", 30)
        soon = await hers.call("economy.trade_confirm", at)
        assert soon["err"]["code"] == "economy.trade_too_soon"
        await asyncio.sleep(2.1)
        assert (await hers.call("economy.trade_confirm", at))["ok"]["state"] == "confirming"
        assert (await his.call("economy.trade_confirm", at))["ok"]["state"] == "committed"
        assert (await his.call("economy.trade"))["ok"] == {"trade": None}
        assert (await his.call("economy.inventory"))["ok"]["glim"] == 50


async def test_the_market_is_used_over_the_socket_and_read_over_rest(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100, reed_fibre=10)
    await sync_to_async(give)(bob.character_id, glim=100)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        ask = {"item": "reed_fibre", "side": "sell", "price": 5, "quantity": 10}
        placed = (await hers.call("economy.market_place", ask))["ok"]
        bought = await his.call("economy.market_place", {**ask, "side": "buy", "quantity": 4})
        assert bought["ok"]["state"] == "filled"
        told = (await hers.update("economy.market_order_changed"))["d"]["order"]
        assert (told["id"], told["remaining"], told["proceeds"]) == (placed["id"], 6, 20)
        seen = (await hers.call("economy.market_book", {"item": "reed_fibre"}))["ok"]
        assert (seen["asks"], seen["last_price"]) == ([{"price": 5, "quantity": 6, "orders": 1}], 5)
        assert len((await his.call("economy.market"))["ok"]["books"]) == 1
        went = await his.call("economy.market_candles", {"item": "reed_fibre", "interval": "hour"})
        assert went["ok"]["candles"][0]["volume"] == 4
        assert (await hers.call("economy.market_cancel", {"order": placed["id"]}))["ok"][
            "state"
        ] == "cancelled"
        assert len((await hers.call("economy.market_orders"))["ok"]["orders"]) == 1

    def read(path: str) -> tuple[int, dict[str, object]]:
        client = Client()
        client.cookies["sessionid"] = alice.session_key
        answer = client.get(f"/api/v1/{path}")
        return answer.status_code, answer.json()

    for path, status in [
        (f"characters/{alice.character_id}/orders", 200),
        (f"characters/{bob.character_id}/orders", 404),
        (f"characters/{'9' * 30}/orders", 404),
        (f"characters/{alice.character_id}/auctions?scope=mine", 200),
        (f"characters/{alice.character_id}/auctions?scope=theirs", 400),
        (f"characters/{alice.character_id}/auctions?after=x", 400),
        ("market/books", 200),
        ("market/books/reed_fibre", 200),
        ("market/books/reed_fibre/candles?interval=day", 200),
        ("market/books/reed_fibre/candles?interval=year", 400),
    ]:
        assert (await sync_to_async(read)(path))[0] == status, path


async def test_whoever_looks_at_a_book_is_told_of_it(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100, reed_fibre=10)
    await sync_to_async(give)(bob.character_id, glim=100)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        for stream in ("market:nonsense", "market:reed_hook"):
            refused = await his.call("subscribe", {"s": stream})
            assert refused["err"]["code"] == "not_found"
        assert "ok" in await his.call("subscribe", {"s": "market:reed_fibre"})
        assert (await his.update("market.snapshot"))["d"]["book"]["asks"] == []
        ask = {"item": "reed_fibre", "side": "sell", "price": 5, "quantity": 10}
        placed = (await hers.call("economy.market_place", ask))["ok"]
        changed = await his.update("market.changed")
        assert changed["s"] == "market:reed_fibre"
        assert changed["d"]["book"]["asks"] == [{"price": 5, "quantity": 10, "orders": 1}]
        await his.call("economy.market_place", {**ask, "side": "buy", "quantity": 4})
        book = (await his.update("market.changed"))["d"]["book"]
        assert [(each["price"], each["quantity"]) for each in book["sales"]] == [(5, 4)]
        assert "mine" not in book
        await hers.call("economy.market_cancel", {"order": placed["id"]})
        assert (await his.update("market.changed"))["d"]["book"]["asks"] == []
        assert "ok" in await his.call("unsubscribe", {"s": "market:reed_fibre"})


async def test_a_book_is_told_at_a_pace_and_its_last_state_is_never_missed(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100, reed_fibre=40)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        await his.call("subscribe", {"s": "market:reed_fibre"})
        await his.update("market.snapshot")
        ask = {"item": "reed_fibre", "side": "sell", "price": 5, "quantity": 1}
        began = asyncio.get_running_loop().time()
        for _ in range(15):
            assert "ok" in await hers.call("economy.market_place", ask)
        told = [await his.update("market.changed")]
        while told[-1]["d"]["book"]["asks"][0]["quantity"] < 15:
            told.append(await his.update("market.changed"))
        took_s = asyncio.get_running_loop().time() - began
        assert len(told) <= 2 + took_s / 0.2


async def test_an_auction_is_won_over_the_socket(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100)
    await sync_to_async(give)(bob.character_id, glim=100)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        hook = (await hers.call("economy.inventory"))["ok"]["items"][0]["id"]
        listing = {"item": hook, "start_bid": 10, "hours": 12, "buyout": 50}
        opened = (await hers.call("economy.auction_open", listing))["ok"]
        listed = (await his.call("economy.auctions"))["ok"]["auctions"]
        assert [(each["id"], each["seller"], each["is_mine"]) for each in listed] == [
            (opened["id"], "Alice", False)
        ]
        low = await his.call("economy.auction_bid", {"auction": opened["id"], "amount": 9})
        assert (low["err"]["code"], low["err"]["details"]) == ("economy.bid_too_low", {"least": 10})
        won = await his.call("economy.auction_bid", {"auction": opened["id"], "amount": 50})
        assert won["ok"]["state"] == "sold"
        assert (await hers.update("economy.auction_changed"))["d"]["auction"]["state"] == "sold"
        assert (await his.update("economy.mail_arrived"))["d"]["letter"]["source"] == "auction_won"


async def test_a_player_reads_its_ledger_and_the_story_of_an_item_and_of_no_other(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100, reed_hook=1)
    hook = await sync_to_async(item_id)(alice.character_id, "reed_hook")
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        told = (await hers.call("economy.item_history", {"item": hook}))["ok"]
        assert [(each["holder"], each["kind"]) for each in told["stations"]] == [("Alice", "grant")]
        for item in (hook, "0" * 36, "00000000-0000-4000-8000-000000000000"):
            refused = await his.call("economy.item_history", {"item": item})
            assert refused["err"]["code"] == "not_found"
        moved = (await hers.call("economy.movements", {"topic": "found", "item": "reed_hook"}))["ok"]
        assert moved["movements"][0]["changes"][0]["amount"] == 100
        assert moved["before"] is None
        assert (await hers.call("economy.movements", {"topic": "all"}))["err"]["code"] == "bad_request"
        past = (await hers.call("economy.market_orders", {"scope": "past"}))["ok"]
        assert past == {"orders": [], "before": None}


@pytest.mark.parametrize(
    "what", ["inventory", "equipment", "bank", "crafting", "trade", "movements", "orders?scope=past"]
)
async def test_what_is_ones_own_is_read_over_rest_by_its_owner_only(server: Served, what: str) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100, reed_hook=1)

    def read(session: str, query: str = "") -> tuple[int, dict[str, object]]:
        client = Client()
        client.cookies["sessionid"] = session
        answer = client.get(f"/api/v1/characters/{alice.character_id}/{what}{query}")
        return answer.status_code, answer.json()

    status, body = await sync_to_async(read)(alice.session_key)
    assert status == 200
    assert body
    assert (await sync_to_async(read)(bob.session_key))[0] == 404
    assert (await sync_to_async(read)(""))[0] == 401
    if what == "movements":
        assert (await sync_to_async(read)(alice.session_key, "?topic=secrets"))[0] == 400
        assert (await sync_to_async(read)(alice.session_key, "?before=0"))[0] == 400
