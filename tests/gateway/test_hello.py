"""A socket says hello with a ticket, and is told who it is and what it follows."""

from __future__ import annotations

import pytest

from aether.kernel import realtime
from aether.kernel.ids import CharacterId
from aether.protocol import base
from aether.protocol.combat import CurrentBattle
from apps.combat.streaming import BattleSource
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


async def test_a_stream_that_cannot_be_read_does_not_lock_its_player_out(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_source: BattleSource, _character_id: int, _stream: str) -> str:
        raise ValueError("the log of this battle cannot be read")

    def part(name: str, character_id: CharacterId) -> base.Wire:
        fighting = CurrentBattle(battle=77, stream="battle:77")
        return fighting if name == "battle" else read_part(name, character_id)

    read_part = realtime.read_part
    monkeypatch.setattr(BattleSource, "audience", broken)
    monkeypatch.setattr(realtime, "read_part", part)
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await alice.ticket())
        assert "me" in welcome["topics"]
        assert "battle:77" not in welcome["topics"]
