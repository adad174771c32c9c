"""A socket says hello with a ticket, and is told who it is and what it follows."""

from __future__ import annotations

from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def test_a_ticket_opens_a_socket(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await alice.ticket())
        assert welcome["character"]["name"] == "Alice"
        assert welcome["resumed"] is False
        snapshot = await wire.update("me.snapshot")
        assert snapshot["n"] == [welcome["topics"]["me"]] * 2
        assert snapshot["d"]["parts"]["profile"]["name"] == "Alice"
        assert "server_time" in (await wire.call("ping"))["ok"]
