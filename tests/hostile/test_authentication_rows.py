"""Who may open a socket, for how long, and what no socket ever shows."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
import pytest_asyncio
import websockets
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from aether.kernel import clock, realtime
from aether.kernel.live import redis
from apps.accounts import services
from apps.accounts.models import Account
from tests import cast
from tests.cast import Player
from tests.serving import Served
from tests.wire import Wire

pytestmark = [pytest.mark.django_db, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(name="server")
def _server(shared_server: Served) -> Served:
    return shared_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alice(shared_server: Served) -> Player:
    return await cast.alice()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bob(shared_server: Served) -> Player:
    return await cast.bob()


async def close_code_of(server: Served, origin: str) -> int:
    try:
        async with Wire(server.socket_url, headers={"Origin": origin}):
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "http://127.0.0.1.evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:8443",
        "http://user@127.0.0.1:{port}",
        "http://[",
    ],
)
async def test_a01_pages_of_other_origins_open_no_socket(server: Served, origin: str) -> None:
    assert await close_code_of(server, origin.format(port=server.port)) == 403


async def test_a01_the_own_page_and_programs_do(server: Served, alice: Player) -> None:
    assert await close_code_of(server, f"http://127.0.0.1:{server.port}") == 101
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())


async def assert_refused(server: Served, ticket: str) -> None:
    async with Wire(server.socket_url) as wire:
        reply = await wire.call("hello", {"ticket": ticket})
        assert reply["err"]["code"] == "ticket_refused"
        assert await wire.close_code() == 4401


@pytest.mark.parametrize("ticket", ["", "forged", "x" * 500])
async def test_a02_a_forged_ticket_opens_nothing(server: Served, ticket: str) -> None:
    await assert_refused(server, ticket)


async def test_a02_a_ticket_opens_one_socket(server: Served, alice: Player) -> None:
    ticket = await alice.ticket()
    async with Wire(server.socket_url) as wire:
        await wire.hello(ticket)
        await assert_refused(server, ticket)


async def test_a02_a_ticket_lasts_half_a_minute(server: Served, alice: Player) -> None:
    ticket = await alice.ticket()
    (kept,) = redis().keys("ticket:*")
    assert ticket.encode() not in kept
    assert 0 < redis().pttl(kept) <= 30_000
    redis().delete(kept)
    await assert_refused(server, ticket)


async def test_a02_nobody_gets_a_ticket_for_anothers_character(
    server: Served, alice: Player, bob: Player
) -> None:
    cookies = {"sessionid": alice.session_key}
    async with httpx.AsyncClient(base_url=server.http_url, cookies=cookies) as http:
        await http.get("/_allauth/browser/v1/config")
        token = http.cookies.get("csrftoken", "")
        answers = [
            await http.post(
                "/api/v1/socket-tickets", json={"character": wanted}, headers={"X-CSRFToken": token}
            )
            for wanted in (bob.character_id, 10**9)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
    async with httpx.AsyncClient(base_url=server.http_url) as nobody:
        answer = await nobody.post("/api/v1/socket-tickets", json={"character": bob.character_id})
        assert answer.status_code == 401


async def test_a03_a_logout_closes_its_sockets_at_once(server: Served) -> None:
    carol = await cast.player("carol", "Carol")
    async with Wire(server.socket_url) as wire:
        await wire.hello(await carol.ticket())
        await sync_to_async(realtime.close_login)(carol.session_key)
        async with asyncio.timeout(2):
            assert await wire.close_code() == 4401


async def test_a03_a_ban_closes_every_socket_and_no_ticket_helps(server: Served) -> None:
    dave = await cast.player("dave", "Dave")
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await dave.ticket())
        gwen = await sync_to_async(Account.objects.create_superuser)("gwen", password=cast.PASSWORD)
        ban = sync_to_async(services.ban)
        await ban(actor=gwen, account_id=dave.account_id, until=None, reason="cheating")
        async with asyncio.timeout(2):
            assert await wire.close_code() == 4401
    await assert_refused(server, await dave.ticket())
    async with Wire(server.socket_url) as wire:
        shown = {"session": welcome["session"], "secret": welcome["secret"]}
        assert "err" in await wire.call("hello", {"resume": shown})


async def test_a03_a_new_password_ends_other_logins(server: Served) -> None:
    erin = await cast.player("erin", "Erin")
    account = await Account.objects.aget(pk=erin.account_id)
    account.set_password("another quiet passphrase")
    await account.asave(update_fields=["password"])
    await assert_refused(server, await erin.ticket())


async def test_a04_a_session_deleted_behind_our_back_is_noticed(server: Served) -> None:
    frank = await cast.player("frank", "Frank")
    async with Wire(server.socket_url) as wire:
        await wire.hello(await frank.ticket())
        await Session.objects.filter(session_key=frank.session_key).adelete()
        (socket,) = [each for each in server.registry.sockets if each.account_id == frank.account_id]
        later = clock.now() + 61
        with clock.replaced(lambda: later):
            socket.heard_at = later
            await server.look()
        assert await wire.close_code() == 4401


async def test_a05_of_many_logins_at_once_one_plays(server: Served, alice: Player) -> None:
    async def login() -> Wire:
        wire = await Wire(server.socket_url).__aenter__()
        await wire.send({"t": "hello", "id": "h", "d": {"ticket": await alice.ticket()}})
        return wire

    wires = [await login() for _ in range(8)]
    closed: set[asyncio.Task[int]] = set()
    waiting = {asyncio.create_task(wire.close_code()): wire for wire in wires}
    async with asyncio.timeout(10):
        while len(closed) < len(wires) - 1:
            newly, _ = await asyncio.wait(waiting.keys() - closed, return_when=asyncio.FIRST_COMPLETED)
            closed |= newly
    assert {each.result() for each in closed} <= {4409, 1008}
    playing = [each for each in server.registry.sockets if each.character_id == alice.character_id]
    assert len([each for each in playing if not each.is_closing]) == 1
    [(winner, wire)] = [(task, wire) for task, wire in waiting.items() if task not in closed]
    await wire.socket.close()
    await winner


async def test_a06_a_socket_opened_during_a_logout_loses(server: Served) -> None:
    grace = await cast.player("grace", "Grace")
    ticket = await grace.ticket()
    await Session.objects.filter(session_key=grace.session_key).adelete()
    await assert_refused(server, ticket)


async def test_a02_a_resume_secret_works_once(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await alice.ticket())
    shown = {"session": welcome["session"], "secret": welcome["secret"], "seen": welcome["topics"]}
    async with Wire(server.socket_url) as wire:
        resumed = (await wire.call("hello", {"resume": shown}))["ok"]
        assert (resumed["resumed"], resumed["session"]) == (True, welcome["session"])
        assert resumed["secret"] != welcome["secret"]
        async with Wire(server.socket_url) as thief:
            reply = await thief.call("hello", {"resume": shown})
            assert reply["err"]["code"] == "session_gone"
            assert await thief.close_code() == 4401


async def test_a10_no_ticket_is_ever_logged(
    server: Served, alice: Player, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = await alice.ticket()
    with caplog.at_level(logging.DEBUG):
        async with Wire(server.socket_url) as wire:
            welcome = await wire.hello(ticket)
            await wire.call("accounts.profile")
    ours = "".join(each.getMessage() for each in caplog.records if not each.name.startswith("websockets"))
    assert ticket not in ours
    assert welcome["secret"] not in ours


async def test_a11_what_is_anothers_is_as_good_as_absent(server: Served, alice: Player, bob: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        theirs = await wire.call("subscribe", {"s": f"me:{bob.character_id}"})
        absent = await wire.call("subscribe", {"s": "me:999999"})
        assert theirs["err"] == absent["err"]


async def test_refusals_are_said_in_the_language_of_the_handshake(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url, language="fr-CH, fr;q=0.9") as wire:
        await wire.hello(await alice.ticket())
        assert (await wire.call("nope"))["err"]["message"].startswith("Aucune commande")
