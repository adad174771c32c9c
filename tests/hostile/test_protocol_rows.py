"""Frames that no well-behaved client sends, each refused by name over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import msgpack
import pytest
import pytest_asyncio
import websockets
from asgiref.sync import sync_to_async

from aether.kernel import clock, realtime
from aether.protocol.accounts import NoticeReceived
from apps.accounts import services
from tests import cast
from tests.cast import Player
from tests.serving import Served
from tests.wire import Wire

PING = {"t": "ping", "id": "p-1"}


pytestmark = [pytest.mark.django_db, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(name="server")
def _server(shared_server: Served) -> Served:
    return shared_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alice(shared_server: Served) -> Player:
    return await with_points(await cast.alice())


@pytest_asyncio.fixture(loop_scope="module")
async def wire(server: Served, alice: Player) -> AsyncIterator[Wire]:
    """A socket that plays Alice."""
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("me.snapshot")
        yield wire


async def with_points(player: Player) -> Player:
    """Let somebody have stat points to spend."""
    await sync_to_async(services.grant_xp)(character_id=player.character_id, amount=500, cause="test")
    return player


async def assert_open(wire: Wire) -> None:
    assert "ok" in await wire.call("ping")


@pytest.mark.parametrize("frame", ["not json", '{"t":"pi', "", "   \n"])
async def test_p01_what_is_not_json_is_refused(wire: Wire, frame: str) -> None:
    assert await wire.refusal(frame) == "bad_json"
    await assert_open(wire)


async def test_p01_five_bad_frames_at_once_close_the_socket(wire: Wire) -> None:
    for _ in range(5):
        await wire.send("{")
    assert await wire.close_code() == 1008


@pytest.mark.parametrize("frame", ["[]", "1", "null", '"x"'])
async def test_p02_json_that_is_no_object_is_refused(wire: Wire, frame: str) -> None:
    assert await wire.refusal(frame) == "bad_json"
    await assert_open(wire)


async def test_p03_a_binary_frame_on_a_json_socket_closes_it(wire: Wire) -> None:
    await wire.send(msgpack.packb(PING))
    assert await wire.close_code() == 1003


async def test_p03_text_on_a_messagepack_socket_closes_it(server: Served) -> None:
    async with Wire(server.socket_url, form="msgpack") as wire:
        await wire.send(json.dumps(PING))
        assert await wire.close_code() == 1003


async def test_p03_invalid_utf8_closes_the_socket(wire: Wire) -> None:
    await wire.socket.send(b'{"t":"\xff"}', text=True)
    assert await wire.close_code() == 1007


async def test_p04_a_frame_over_8_kib_closes_the_socket(wire: Wire) -> None:
    await wire.send("x" * 8193)
    assert await wire.close_code() == 1009


async def test_p04_endless_fragments_close_the_socket(wire: Wire) -> None:
    async def fragments() -> AsyncIterator[str]:
        for _ in range(1000):
            yield "x" * 4096

    with pytest.raises(websockets.ConnectionClosed):
        await wire.socket.send(fragments())
    assert await wire.close_code() == 1009


@pytest.mark.parametrize(
    "d",
    [
        '{"a":' * 1300 + "1" + "}" * 1300,
        "{" + ",".join(f'"k{i}":0' for i in range(700)) + "}",
        '{"battle":' + "9" * 5000 + "}",
        '{"battle":1e999}',
        '{"battle":NaN}',
        '{"battle":-Infinity}',
    ],
)
async def test_p05_depth_width_and_numbers_that_are_none_are_refused(wire: Wire, d: str) -> None:
    frame = f'{{"t":"combat.end_turn","id":"p05","d":{d}}}'
    assert await wire.refusal(frame) in {"bad_json", "unknown_field"}
    await assert_open(wire)


@pytest.mark.parametrize(
    "frame",
    [
        '{"t":"ping","id":"1","id":"2"}',
        '{"t":"ping" ,"id":"1","d":{} , "d" :{}}',
        '{"t":"combat.end_turn","id":"1","d":{"battle":1,"battle":2}}',
        '{"t":"combat.end_turn","id":"1","d":{"battle":1,"b\\u0061ttle":2}}',
    ],
)
async def test_p05_a_key_given_twice_is_refused(wire: Wire, frame: str) -> None:
    assert await wire.refusal(frame) == "bad_json"


async def test_p05_messagepack_is_read_as_strictly(server: Served, alice: Player) -> None:
    twice = b"\x83\xa1t\xa4ping\xa2id\xa11\xa2id\xa12"
    endless = {"t": "combat.end_turn", "id": "1", "d": {"battle": float("inf")}}
    extension = {"t": "ping", "id": msgpack.ExtType(1, b"x")}
    async with Wire(server.socket_url, form="msgpack") as wire:
        await wire.hello(await alice.ticket())
        for frame in (twice, endless, extension, b"\xc1"):
            assert await wire.refusal(frame) == "bad_json"


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\u202e", "\u202e", "\x00"])
async def test_p06_characters_that_nothing_should_hold_are_refused(wire: Wire, text: str) -> None:
    await wire.send('{"t":"chat.say","id":"c-1","d":{"channel":"zone","text":"a' + text + '"}}')
    refused = await wire.reply()
    assert (refused["re"], refused["err"]["code"]) == ("c-1", "bad_json")
    await assert_open(wire)


async def test_p06_an_id_that_cannot_be_said_is_not_echoed(wire: Wire) -> None:
    await wire.send('{"t":"ping","id":"a\\u202eb"}')
    refused = await wire.reply()
    assert (refused["re"], refused["err"]["code"]) == (None, "bad_json")


@pytest.mark.parametrize("t", ["nope", "__class__", "websocket.disconnect", "close", "chat_message"])
async def test_p07_nothing_inside_can_be_called_by_name(wire: Wire, t: str) -> None:
    assert await wire.refusal({"t": t, "id": "1"}) == "unknown_type"
    await assert_open(wire)


@pytest.mark.parametrize("value", ["5", True, 5.0, "\u0663", "1_000", [5], None, {}])
async def test_p08_wrong_types_are_refused(wire: Wire, value: Any) -> None:
    frame = {"t": "combat.end_turn", "id": "1", "d": {"battle": value}}
    assert await wire.refusal(frame) == "bad_request"


@pytest.mark.parametrize("field", ["is_gm", "owner_id", "damage", "price", "character_id"])
async def test_p09_fields_that_are_not_asked_for_are_refused(wire: Wire, field: str) -> None:
    frame = {"t": "combat.end_turn", "id": "1", "d": {"battle": 1, field: 1}}
    assert await wire.refusal(frame) == "unknown_field"


@pytest.mark.parametrize("given", [{}, {"id": ""}, {"id": "x" * 37}, {"id": 5}, {"id": ["a"]}, {"id": None}])
async def test_p10_a_command_without_a_proper_id_is_refused(wire: Wire, given: dict[str, Any]) -> None:
    await wire.send({"t": "ping"} | given)
    reply = await wire.reply()
    assert (reply["re"], reply["err"]["code"]) == (None, "bad_request")


async def test_p10_an_id_with_another_body_is_refused(wire: Wire) -> None:
    await wire.call("accounts.allocate", {"vigor": 1}, id="once")
    again = await wire.call("accounts.allocate", {"vigor": 2}, id="once")
    assert again["err"]["code"] == "id_reused"


async def test_p11_a_replayed_frame_is_answered_the_same(server: Served, wire: Wire, alice: Player) -> None:
    first = await wire.call("accounts.allocate", {"vigor": 1}, id="twice")
    again = await wire.call("accounts.allocate", {"vigor": 1}, id="twice")
    assert (again["ok"], again["replayed"]) == (first["ok"], True)
    async with Wire(server.socket_url, form="msgpack") as other:
        await other.hello(await alice.ticket())
        later = await other.call("accounts.allocate", {"vigor": 1}, id="twice")
        assert (later["ok"], later["replayed"]) == (first["ok"], True)


async def test_p12_anothers_captured_frame_is_ones_own_command(server: Served, wire: Wire) -> None:
    mine = await wire.call("accounts.allocate", {"vigor": 1}, id="captured")
    bob = await with_points(await cast.bob())
    async with Wire(server.socket_url) as other:
        await other.hello(await bob.ticket())
        theirs = await other.call("accounts.allocate", {"vigor": 1}, id="captured")
        assert theirs["ok"]["character"] == bob.character_id != mine["ok"]["character"]
        assert "replayed" not in theirs


async def test_p13_a_flood_of_pings_is_limited_and_closed(wire: Wire) -> None:
    for _ in range(60):
        await wire.socket.send(json.dumps(PING))
    refused = []
    while len(refused) < 5:
        reply = await wire.reply()
        if "err" in reply:
            refused.append(reply["err"])
    assert {each["code"] for each in refused} == {"rate_limited"}
    assert all(each["details"]["retry_after_ms"] > 0 for each in refused)
    assert await wire.close_code() == 1008


async def test_p14_an_address_may_have_twenty_sockets_without_hello(server: Served) -> None:
    async with contextful(server, 20):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with Wire(server.socket_url):
                pass
        assert refused.value.response.status_code == 429


async def test_p14_a_socket_without_hello_is_closed(server: Served) -> None:
    async with Wire(server.socket_url) as wire:
        later = clock.now() + 11
        with clock.replaced(lambda: later):
            await server.look()
            assert await wire.close_code() == 4401


async def test_p15_a_client_that_never_reads_is_cut_off(server: Served, alice: Player) -> None:
    async with Wire(server.socket_url, max_queue=1) as wire:
        await wire.hello(await alice.ticket())
        (socket,) = server.registry.sockets
        update = NoticeReceived(key="k" * 30_000)
        while not socket.is_closing:
            await realtime.tell_character_now(alice.character_id, update)
            await asyncio.sleep(0)
        assert socket.is_closing
        assert await wire.close_code() in {4408, 1006}


async def test_p16_bad_places_to_resume_from_are_no_way_in(wire: Wire, alice: Player) -> None:
    await realtime.tell_character_now(alice.character_id, NoticeReceived(key="one"))
    head = (await wire.update("accounts.notice"))["n"][1]
    assert (await wire.call("resume", {"s": "me", "from": -1}))["err"]["code"] == "bad_request"
    for start in (0, 1, head + 1000):
        assert (await wire.call("resume", {"s": "me", "from": start}))["ok"]["is_snapshot"] is True
        assert (await wire.update("me.snapshot"))["n"] == [head, head]
    assert (await wire.call("resume", {"s": "me", "from": head}))["ok"]["is_snapshot"] is False
    assert (await wire.update("accounts.notice"))["n"] == [head, head]


@pytest.mark.parametrize("stream", ["me:1", "battle:999999", "zone:nowhere", "nothing:1", "ledger"])
async def test_p16_other_peoples_streams_and_none_at_all_are_not_found(wire: Wire, stream: str) -> None:
    assert (await wire.call("resume", {"s": stream, "from": 1}))["err"]["code"] == "not_found"
    assert (await wire.call("subscribe", {"s": stream}))["err"]["code"] == "not_found"


async def test_p17_a_socket_follows_so_many_streams_and_no_more(
    server: Served, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    (socket,) = server.registry.sockets
    filler = {f"filler:{n}": None for n in range(64 - len(socket.follows))}
    monkeypatch.setattr(socket, "follows", {**socket.follows, **filler})
    refused = await wire.call("subscribe", {"s": "chat:other"})
    assert refused["err"]["code"] == "too_many_streams"
    monkeypatch.undo()


async def test_p18_commands_before_hello_are_refused(server: Served) -> None:
    async with Wire(server.socket_url) as wire:
        for t in ("ping", "accounts.profile"):
            assert (await wire.call(t))["err"]["code"] == "hello_first"


async def test_p18_commands_are_answered_in_order(wire: Wire) -> None:
    for n in range(8):
        await wire.send({"t": "accounts.profile" if n % 2 else "ping", "id": f"o-{n}"})
    assert [(await wire.reply())["re"] for _ in range(8)] == [f"o-{n}" for n in range(8)]


@pytest.mark.parametrize("version", [0, 2, 99])
async def test_p19_another_version_is_closed(server: Served, version: int) -> None:
    async with Wire(server.socket_url) as wire:
        await wire.send({"t": "hello", "id": "1", "d": {"ticket": "x", "version": version}})
        assert (await wire.reply())["err"]["code"] == "unsupported_version"
        assert await wire.close_code() == 4426


@pytest.mark.parametrize("offered", [[], ["aether.v2.json"], ["chat"]])
async def test_p19_a_handshake_without_a_common_subprotocol_is_refused(
    server: Served, offered: list[Any]
) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(server.socket_url, subprotocols=offered or None)
    assert refused.value.response.status_code == 400


async def test_p20_a_forged_forwarded_address_is_not_believed(server: Served) -> None:
    async with Wire(server.socket_url, headers={"X-Forwarded-For": "6.6.6.6", "Daphne-Root-Path": "/x"}):
        (socket,) = server.registry.sockets
        assert socket.address == "127.0.0.1"


async def test_p20_a_huge_header_is_refused(server: Served) -> None:
    with pytest.raises((websockets.InvalidHandshake, OSError)):
        await websockets.connect(server.socket_url, additional_headers={"Cookie": "x" * 200_000})


def contextful(server: Served, count: int) -> Any:
    """Hold sockets that never say hello."""
    from contextlib import AsyncExitStack, asynccontextmanager

    @asynccontextmanager
    async def held() -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for _ in range(count):
                await stack.enter_async_context(Wire(server.socket_url))
            yield

    return held()
