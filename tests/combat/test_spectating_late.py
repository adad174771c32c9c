"""Watching battles that are told late, over the real socket: nothing early, nothing lost, the end as well."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from aether.kernel import realtime
from apps.combat import delayed, services
from apps.combat.streaming import BattleSource
from tests.combat.stage import Stage, Time, cut, events, stage, time, told_events, watched
from tests.wire import Fields, Wire

__all__ = ["stage", "time"]


async def test_a_delayed_battle_is_told_two_rounds_and_a_minute_late(stage: Stage, time: Time) -> None:
    await stage.duel("delayed")
    eve = await stage.socket("eve")
    assert (await stage.watch(eve))["ok"]["is_delayed"]
    start = await eve.update("combat.snapshot")
    assert start["d"]["battle"]["phase"] == "placement"
    assert start["d"]["clock"] == {"deadline": None, "bank_ms": 0}
    await stage.turns(1)
    time.pass_s(61)
    await services.tell_delayed()
    await eve.call("ping")
    assert not told_events(eve), "a minute is not two rounds"
    await stage.turns(4)
    await services.tell_delayed()
    await eve.call("ping")
    first = told_events(eve)
    assert first[0]["n"][0] == start["n"][1] + 1
    assert {event["round"] for event in events(first) if event["e"] == "round_started"} <= {1}
    assert [event["turn"] for event in events(first) if event["e"] == "turn_started"][-1] < 4


async def test_a_delayed_battle_is_what_was_live_a_while_ago(stage: Stage, time: Time) -> None:
    """Law 58: what late spectators are told is a prefix of what live ones were told."""
    await stage.duel("delayed")
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    seen: list[Fields] = []
    for _ in range(8):
        await stage.turns(1)
        time.pass_s(20)
        await services.tell_delayed()
        await eve.call("ping")
        seen += told_events(eve)
        eve.updates.clear()
    whole = await all_told(stage)
    assert seen
    assert events(seen) == whole[: len(events(seen))]
    assert len(events(seen)) < len(whole)


async def all_told(stage: Stage) -> list[Fields]:
    """Return what live spectators would have been told."""
    told = await BattleSource().since(stage.stream, "spectator", 0)
    assert told is not None
    return [event for _, _, update in told for event in json.loads(msgspec.json.encode(update))["events"]]


async def test_a_late_spectator_sees_the_end_late_and_comes_back_to_it(stage: Stage, time: Time) -> None:
    await stage.duel("delayed")
    eve = await stage.socket("eve")
    await stage.watch(eve)
    n = (await eve.update("combat.snapshot"))["n"][1]
    await stage.turns(2)
    await stage.alice.call("combat.forfeit", {"battle": stage.battle})
    time.pass_s(59)
    await services.tell_delayed()
    await eve.call("ping")
    assert "battle_ended" not in {event["e"] for event in events(told_events(eve))}
    ticket = await cut(eve, {stage.stream: n})
    time.pass_s(2)
    async with Wire(stage.served.socket_url) as back:
        await back.call("hello", {"resume": ticket, "client": "wire/1"})
        whole = await all_told(stage)
        assert events(await watched(back, len(whole))) == whole
        await back.call("combat.spectate", {"battle": stage.battle})
        assert (await back.call("unsubscribe", {"s": stage.stream})).get("ok") is not None
        assert "ok" in await back.call("subscribe", {"s": stage.stream})
        assert (await back.update("combat.snapshot"))["d"]["battle"]["phase"] == "ended"


async def test_a_battle_that_is_built_anew_is_not_told_from_its_beginning(
    stage: Stage, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.duel("delayed")
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    await stage.turns(2)
    await stage.alice.call("combat.forfeit", {"battle": stage.battle})
    time.pass_s(61)
    delayed.forget_all()
    sent: list[object] = []
    send = realtime.send_sequenced

    async def count(stream: str, updates: list[tuple[Any, int, int, Any]]) -> None:
        sent.extend(updates)
        await send(stream, updates)

    monkeypatch.setattr(realtime, "send_sequenced", count)
    await services.tell_delayed()
    assert len(sent) == 1
    whole = await all_told(stage)
    assert events(await watched(eve, len(whole))) == whole


async def test_a_battle_that_is_watched_stays_in_memory(
    stage: Stage, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.duel("delayed")
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    monkeypatch.setattr(delayed, "KEPT_MAX", 1)
    kept = delayed._lent(stage.battle)
    delayed._lent(stage.battle + 1)
    assert delayed._lent(stage.battle) is kept
    assert "ok" in await eve.call("combat.stop_spectating", {"battle": stage.battle})
    await services.look_after_spectators(set())
    await services.tell_delayed()
    await eve.call("ping")
    for wire in (stage.alice, stage.bob):
        assert "ok" in await wire.call("unsubscribe", {"s": stage.stream})
    delayed._lent(stage.battle + 2)
    delayed._lent(stage.battle + 3)
    assert delayed._lent(stage.battle) is not kept
