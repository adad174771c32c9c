"""The life of a socket: beats, stale commands, a full queue, taking over, and the end of its server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings

from aether.gateway.watch import Watch
from aether.kernel import clock, live, realtime
from aether.kernel.ids import CharacterId
from aether.kernel.live import presence, redis, sessions
from aether.kernel.realtime import sources
from aether.protocol.accounts import NoticeReceived
from apps.accounts import services as accounts
from tests import cast
from tests.cast import Player
from tests.gateway.fan_out import ListSource
from tests.serving import Served
from tests.wire import Wire

pytestmark = [pytest.mark.django_db, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(name="server")
def _server(shared_server: Served) -> Served:
    return shared_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alice(shared_server: Served) -> Player:
    return await cast.alice()


async def greeted(wire: Wire, player: Player) -> dict[str, Any]:
    welcome = await wire.hello(await player.ticket())
    await wire.update("me.snapshot")
    return welcome


def notice(key: str) -> NoticeReceived:
    return NoticeReceived(key=key)


async def test_a_beat_tells_the_head_of_every_stream(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        await realtime.tell_character_now(alice.character_id, notice("one"))
        last = (await wire.update("accounts.notice"))["n"][1]
        later = clock.now() + 11
        with clock.replaced(lambda: later):
            await server.look()
        beat = await wire.update("beat")
        assert beat["d"]["heads"]["me"] == last
        assert "s" not in beat


async def test_an_update_that_the_bus_lost_comes_with_the_next_beat(server: Served, alice: Player) -> None:
    from aether.kernel.realtime import personal
    from aether.protocol.codec import Encoded

    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        await personal.number_now(alice.character_id, Encoded.of(notice("unheard")))
        later = clock.now() + 11
        with clock.replaced(lambda: later):
            await server.look()
        assert (await wire.update("accounts.notice"))["d"]["key"] == "unheard"


async def test_a_command_based_on_an_old_view_is_stale_and_says_what_was_missed(
    server: Served, alice: Player
) -> None:
    async with Wire(server.socket_url) as wire:
        seen = (await greeted(wire, alice))["topics"]["me"]
        await realtime.tell_character_now(alice.character_id, notice("news"))
        stale = (await wire.call("accounts.allocate", {"vigor": 1}, on=seen))["err"]
        assert stale["code"] == "stale"
        assert [missed["d"]["key"] for missed in stale["details"]["missed"]] == ["news"]
        fresh = (await wire.call("accounts.allocate", {"vigor": 1}, on=seen + 1))["err"]
        assert fresh["code"] == "accounts.not_enough_points"


async def test_a_command_sent_again_is_answered_again_although_its_view_is_old_by_now(server: Served) -> None:
    dora = await cast.player("dora", "Dora")
    await sync_to_async(accounts.grant_xp)(character_id=dora.character_id, amount=5_000, cause="test:1")
    async with Wire(server.socket_url) as wire:
        seen = (await greeted(wire, dora))["topics"]["me"]
        frame: dict[str, Any] = {"t": "accounts.allocate", "id": "once", "d": {"vigor": 1}, "on": seen}
        await wire.send(frame)
        # What the character was given at its birth may arrive at any moment.
        while "err" in (first := await wire.reply()):
            frame["on"] = seen = first["err"]["details"]["head"]
            await wire.send(frame)
        await wire.send(frame)
        assert await wire.reply() == first | {"replayed": True}
        # The updates of the first time may never have been sent.
        assert (await wire.update("me.snapshot"))["d"]["parts"]["profile"]["stats"]["vigor"] == 1
        stale = (await wire.call("accounts.allocate", {"vigor": 1}, on=seen))["err"]
        assert stale["code"] == "stale"


async def test_a_socket_that_does_not_answer_its_beat_is_closed(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        now = clock.now()
        for later in (now + 11, now + 27):
            with clock.replaced(lambda later=later: later):  # type: ignore[misc]  # mypy knows no such lambda
                await server.look()
        assert await wire.close_code() == 4408


async def test_a_socket_that_nobody_asked_is_not_silent(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        # The server was held up: it did not beat, so nothing was there to answer.
        later = clock.now() + 40
        with clock.replaced(lambda: later):
            await server.look()
            await wire.update("beat")
            await server.look()
        assert (await wire.call("ping", {}))["ok"]


async def test_a_late_look_closes_nobody_as_silent(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        (socket,) = server.registry.sockets
        ours, now = Watch(server.registry), clock.now()
        closed = []
        for later in (now + 11, now + 27, now + 28):
            with clock.replaced(lambda later=later: later):  # type: ignore[misc]  # mypy knows no such lambda
                await ours.look()
                await ours.beat()
                closed.append(socket.is_closing)
        assert closed == [False, False, True]


async def test_who_says_no_hello_is_closed_while_redis_stands_still(
    server: Served, alice: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_still, goes_on, now = asyncio.Event(), asyncio.Event(), clock.now()
    time = [now]

    async def head(_follow: realtime.Follow) -> int:
        stands_still.set()
        await goes_on.wait()
        return 0

    async with Wire(server.socket_url) as asked:
        await greeted(asked, alice)
        monkeypatch.setattr(realtime.Follow, "head", head)
        with clock.replaced(lambda: time[0]):
            time[0] = now + 11
            await asyncio.wait_for(stands_still.wait(), 10)
            async with Wire(server.socket_url) as wire:
                time[0] = now + 22
                assert await wire.close_code() == 4401
            goes_on.set()


async def test_a_character_is_online_while_a_socket_plays_it(server: Served) -> None:
    iris = await cast.player("iris", "Iris")
    came_and_went: list[tuple[int, bool]] = []
    came, gone = asyncio.Event(), asyncio.Event()

    @live.register_presence("test")
    async def note(character_id: CharacterId, is_online: bool) -> None:
        if character_id == iris.character_id:
            came_and_went.append((character_id, is_online))
            (came if is_online else gone).set()

    async with Wire(server.socket_url) as wire:
        await greeted(wire, iris)
        async with asyncio.timeout(5):
            await came.wait()
        assert iris.character_id in live.online_characters()
    async with asyncio.timeout(5):
        await gone.wait()
    presence._listeners.remove(("test", note))
    assert iris.character_id not in live.online_characters()
    assert came_and_went == [(iris.character_id, True), (iris.character_id, False)]


async def test_who_comes_back_while_it_still_goes_is_there(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    jule = await cast.player("jule", "Jule")
    told: list[bool] = []
    came, leaving, may_leave, has_left = (asyncio.Event() for _ in range(4))
    leave = presence.leave

    async def note(character_id: CharacterId, is_online: bool) -> None:
        told.append(is_online)
        if is_online:
            came.set()

    async def leave_late(character_id: int) -> None:
        leaving.set()
        await may_leave.wait()
        await leave(character_id)
        has_left.set()

    monkeypatch.setattr(presence, "_listeners", [("test", note)])
    async with asyncio.timeout(10):
        monkeypatch.setattr(presence, "leave", leave_late)
        async with Wire(server.socket_url) as wire:
            await greeted(wire, jule)
            await came.wait()
            came.clear()
        await leaving.wait()
        async with Wire(server.socket_url) as wire:
            await greeted(wire, jule)
            await came.wait()
            may_leave.set()
            await has_left.wait()
            monkeypatch.setattr(presence, "leave", leave)
            await wire.call("ping")
            assert told == [True, True]
            assert jule.character_id in live.online_characters()


async def test_a_claim_lost_to_another_process_closes_the_socket(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        await sessions.claim_character(alice.character_id, sessions.SessionId("elsewhere"))
        (socket,) = [each for each in server.registry.sockets if each.has_said_hello]
        lost = await sessions.lost_characters([(alice.character_id, sessions.SessionId(socket.session_id))])
        assert lost == {socket.session_id}
        redis().delete(f"actor:{alice.character_id}")


async def test_an_account_has_five_sockets_at_most(server: Served) -> None:
    watcher = await cast.player("watcher", "Watcher")
    spectator = Player(watcher.account_id, None, "", watcher.session_key)  # type: ignore[arg-type]
    wires = [await Wire(server.socket_url).__aenter__() for _ in range(6)]
    for wire in wires[:5]:
        await wire.hello(await spectator.ticket())
    sixth = await wires[5].call("hello", {"ticket": await spectator.ticket()})
    assert sixth["err"]["code"] == "too_many_sockets"
    assert await wires[5].close_code() == 1008
    refused = await wires[0].call("accounts.profile")
    assert refused["err"]["code"] == "no_character"
    for wire in wires:
        await wire.socket.close()


async def test_many_updates_come_in_pages_to_who_resumes(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        welcome = await greeted(wire, alice)
    for n in range(450):
        await realtime.tell_character_now(alice.character_id, notice(str(n)))
    shown = {"session": welcome["session"], "secret": welcome["secret"], "seen": welcome["topics"]}
    async with Wire(server.socket_url, form="msgpack") as wire:
        await wire.send({"t": "hello", "id": "1", "d": {"resume": shown}})
        assert (await wire.reply())["ok"]["resumed"] is True
        told = [(await wire.update("accounts.notice"))["d"]["key"] for _ in range(450)]
        assert told == [str(n) for n in range(450)]


@pytest.mark.skipif(settings.PROFILE == "services", reason="this Redis is not ours to take away")
async def test_play_goes_on_while_redis_is_away(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        settings.REDIS_SERVER.connected = False
        try:
            await realtime.tell_character_now(alice.character_id, notice("unnumbered"))
            assert (await wire.update("me.snapshot"))["d"]["parts"]["profile"]["name"] == "Alice"
            assert "ok" in await wire.call("accounts.profile")
            refused = await _hello_without_redis(server)
            assert (refused["code"], refused["retry"]) == ("unavailable", True)
        finally:
            settings.REDIS_SERVER.connected = True
        await realtime.tell_character_now(alice.character_id, notice("numbered"))
        assert (await wire.update("accounts.notice"))["d"]["key"] == "numbered"


async def _hello_without_redis(server: Served) -> dict[str, Any]:
    async with Wire(server.socket_url) as wire:
        reply = await wire.call("hello", {"ticket": "any"})
        return dict(reply["err"])


@pytest.fixture
def lists() -> Iterator[None]:
    before = dict(sources._sources)
    realtime.register_source("list", ListSource())
    yield
    sources._sources.clear()
    sources._sources.update(before)


@pytest.mark.usefixtures("lists")
async def test_who_is_led_to_one_stream_after_the_other_stays_on_the_last(
    server: Served, alice: Player
) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        await wire.call("subscribe", {"s": "list:asked"})
        (socket,) = (each for each in server.registry.sockets if each.character_id == alice.character_id)
        for number in range(2 * server.registry.limits.streams):
            led_to = (f"list:{number}",)
            await realtime.follow_character_now(alice.character_id, follow=led_to, unfollow=("list:*",))
            while (await wire.update("accounts.notice"))["s"] != led_to[0]:
                pass
        assert {name for name in socket.follows if name.startswith("list:")} == {"list:asked", *led_to}


@pytest.mark.usefixtures("lists")
async def test_who_is_led_to_a_stream_twice_at_once_gets_one_snapshot(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url) as wire:
        await greeted(wire, alice)
        for _ in range(2):
            await realtime.follow_character_now(alice.character_id, follow=("list:1",))
        await wire.call("ping")
        await wire.update("accounts.notice")
        await wire.call("ping")
        assert not [kept for kept in wire.updates if kept.get("s") == "list:1"]
