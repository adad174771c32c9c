"""What a process of another version has left in Redis or says on the bus is passed over, not died of."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aether.kernel.live import aredis, close_aredis, redis
from aether.kernel.realtime import personal
from aether.kernel.realtime.bus import Bus, Message, pack
from aether.protocol.accounts import NoticeReceived
from aether.protocol.codec import Encoded


@pytest.fixture
async def clean_redis() -> AsyncIterator[None]:
    redis().flushall()
    yield
    await close_aredis()


async def test_a_message_that_cannot_be_read_is_not_the_last_one() -> None:
    heard: list[Message] = []
    bus = Bus(on_message=heard.append, on_recovered=lambda: None)
    for nonsense in (b"\xc1", b"", b"\x01"):
        bus._take(nonsense)
    bus._take(pack("another", ["shut", "account_id", 1, 4401, "revoked"]))
    assert heard == [["shut", "account_id", 1, 4401, "revoked"]]


async def test_an_update_of_an_unknown_type_is_answered_by_a_snapshot(clean_redis: None) -> None:
    n = await personal.number_now(7, Encoded.of(NoticeReceived(key="known")))
    source = personal.PersonalSource()
    assert await source.since("me:7", "", n - 1)
    await aredis().rpush("me:{7}:kept", b'economy.of_tomorrow {"new":true}')
    await aredis().incr("me:{7}:head")
    assert await source.since("me:7", "", n - 1) is None
