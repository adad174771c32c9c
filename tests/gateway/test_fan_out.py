"""Whatever the order in which updates come, a socket gets each once, in order, or a snapshot instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel.database_threads import close_pool
from aether.kernel.errors import NotFoundError, UnavailableError
from aether.kernel.ids import CharacterId
from aether.kernel.live import close_aredis, redis
from aether.kernel.realtime import Follow, pacing, register_paced, register_source, sources
from aether.kernel.realtime.bus import Bus
from aether.kernel.realtime.hub import FIRST_NUMBER, Hub, Item
from aether.kernel.realtime.running import Realtime
from aether.protocol.accounts import NoticeReceived
from aether.protocol.codec import Encoded
from tests.gateway.fan_out import ListSource, Recorder, notice


@pytest.fixture
def source() -> Iterator[ListSource]:
    before = dict(sources._sources)
    source = ListSource()
    register_source("test", source, is_sequenced=True)
    register_source("local", source)
    yield source
    sources._sources.clear()
    sources._sources.update(before)


async def followed(hub: Hub, recorder: Recorder, stream: str = "test:1") -> Follow:
    hub.add(recorder)
    follow = await hub.follow(recorder, stream)
    await follow.catch_up()
    return follow


def item(n: int) -> Item:
    return Item("all", n, n, Encoded.of(notice(n)))


async def settled(hub: Hub) -> None:
    while hub._spawned:
        await asyncio.gather(*hub._spawned)


def numbers(*after: int) -> list[list[int]]:
    """Return numbers of a stream that this process numbers, counted from where it begins."""
    return [[FIRST_NUMBER + n] * 2 for n in after]


async def test_a_new_follower_gets_a_snapshot_then_updates(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    source.last = 3
    await followed(hub, recorder)
    hub.deliver("test:1", [item(4), item(5)])
    assert recorder.told == ["snapshot", "4", "5"]
    assert recorder.numbers == [[3, 3], [4, 4], [5, 5]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(1, 12), max_size=30))
async def test_lost_doubled_and_shuffled_updates_still_come_once_in_order(
    source: ListSource, order: list[int]
) -> None:
    hub, recorder = Hub(), Recorder()
    source.last = 0
    await followed(hub, recorder)
    for n in order:
        source.last = max(source.last, n)
        hub.deliver("test:1", [item(n)])
    await settled(hub)
    assert recorder.told == ["snapshot", *(str(n) for n in range(1, source.last + 1))]


async def test_a_gap_deeper_than_what_is_kept_is_closed_by_a_snapshot(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    await followed(hub, recorder)
    source.last, source.kept = 50, 5
    hub.deliver("test:1", [item(50)])
    await settled(hub)
    assert recorder.told == ["snapshot", "snapshot"]
    assert recorder.numbers[-1] == [50, 50]


async def test_a_resumed_socket_gets_exactly_what_it_missed(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    source.last = 9
    hub.add(recorder)
    follow = await hub.follow(recorder, "test:1")
    assert await follow.catch_up(seen=6) is False
    assert recorder.told == ["7", "8", "9"]


async def test_a_client_that_claims_to_be_ahead_gets_a_snapshot(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    source.last = 9
    hub.add(recorder)
    assert await (await hub.follow(recorder, "test:1")).catch_up(seen=10) is True
    assert recorder.numbers == [[9, 9]]


async def test_streams_of_a_process_give_the_same_bytes_and_numbers_to_all(source: ListSource) -> None:
    hub, recorders = Hub(), [Recorder(1), Recorder(2)]
    for recorder in recorders:
        await followed(hub, recorder, "local:1")
    hub.deliver_next("local:1", Encoded.of(notice(1)))
    hub.deliver_next("local:1", Encoded.of(notice(2)))
    assert recorders[0].frames == recorders[1].frames
    assert recorders[0].numbers == numbers(0, 1, 2)


async def test_what_comes_while_a_snapshot_is_made_follows_it(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    hub.add(recorder)
    follow = await hub.follow(recorder, "local:1")
    hub.deliver_next("local:1", Encoded.of(notice(1)))
    await follow.catch_up()
    hub.deliver_next("local:1", Encoded.of(notice(2)))
    assert recorder.numbers == numbers(1, 2)


async def test_a_stream_that_lost_updates_goes_on_with_a_snapshot(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    follow = await followed(hub, recorder, "local:1")
    hub.deliver_next("local:1", Encoded.of(notice(1)))
    follow.lose()
    hub.deliver_next("local:1", Encoded.of(notice(2)))
    await settled(hub)
    hub.deliver_next("local:1", Encoded.of(notice(3)))
    assert recorder.numbers == numbers(0, 1, 2, 3)
    assert recorder.told[2:] == ["snapshot", "3"]


async def test_who_left_a_stream_hears_nothing_more(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder()
    hub.unfollow(await followed(hub, recorder))
    hub.deliver("test:1", [item(1)])
    assert recorder.told == ["snapshot"]
    assert hub.viewers("test:1") == 0


async def test_a_stream_of_others_cannot_be_followed(source: ListSource) -> None:
    hub, recorder = Hub(), Recorder(1)
    for stream in ("test:secret", "me:2", "me:1", "unknown:1"):
        with pytest.raises(NotFoundError):
            await hub.follow(recorder, stream)


@pytest.fixture
async def processes(source: ListSource) -> AsyncIterator[tuple[Realtime, Realtime]]:
    """Two processes on one bus, which have heard of each other.

    Threads that keep the connection of an earlier test would look at it before they read, and may not here.
    """
    await asyncio.to_thread(close_pool)
    redis().flushdb()
    pair = (Realtime(), Realtime())
    for each in pair:
        await each.bus.start()
    async with asyncio.timeout(5):
        while not all(each.bus.has_peers for each in pair):
            await asyncio.sleep(0.005)
    yield pair
    for each in pair:
        await each.stop()
    await close_aredis()


async def heard(recorder: Recorder, count: int) -> None:
    async with asyncio.timeout(5):
        while len(recorder.frames) < count:
            await asyncio.sleep(0.005)


async def test_an_update_reaches_the_sockets_of_other_processes(
    processes: tuple[Realtime, Realtime],
) -> None:
    here, there = processes
    near, far = Recorder(1), Recorder(2)
    await followed(here.hub, near, "local:1")
    await followed(there.hub, far, "local:1")
    here.post(["next", "local:1", Encoded.of(notice(1))])
    here.post(["numbered", "test:1", [["all", 1, 1, Encoded.of(notice(1))]]])
    await heard(far, 2)
    assert near.told == far.told == ["snapshot", "1"]


async def test_sockets_are_closed_on_every_process(processes: tuple[Realtime, Realtime]) -> None:
    here, there = processes
    far = Recorder(7)
    there.hub.add(far)
    here.post(["shut", "account_id", 1, 4401, "revoked"])
    here.post(["follow", 7, ["zone:1"], []])
    await heard(far, 1)
    assert far.closed == (4401, "revoked")
    assert far.frames == [{"follow": ("zone:1",), "unfollow": ()}]


@pytest.mark.parametrize(("claim", "closed"), [(4, (4409, "taken over")), (6, None), (None, None)])
async def test_a_claim_closes_older_claims_and_no_newer_one(
    claim: int | None, closed: tuple[int, str] | None
) -> None:
    hub, recorder = Hub(), Recorder(7)
    recorder.claim = claim
    hub.add(recorder)
    hub.take_over(CharacterId(7), 5)
    assert recorder.closed == closed


async def test_a_process_alone_keeps_silent() -> None:
    redis().flushdb()
    bus = Bus(on_message=lambda message: None, on_recovered=lambda: None)
    bus.publish(["next", "zone:1", Encoded.of(notice(1))])
    assert not bus._outgoing


class Apart(ListSource):
    """Who has an even number is of another audience."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        return "even" if character_id % 2 == 0 else "odd"


async def test_audiences_of_a_local_stream_are_told_their_own_without_gaps(source: ListSource) -> None:
    register_source("apart", Apart())
    hub, one, two = Hub(), Recorder(1), Recorder(2)
    await followed(hub, one, "apart:1")
    follow = await followed(hub, two, "apart:1")
    for n in range(3):
        hub.deliver_apart("apart:1", [("odd", Encoded.of(notice(n)))], [])
    assert one.told == ["snapshot", "0", "1", "2"]
    assert two.told == ["snapshot"]
    assert await follow.head() == two.numbers[-1][1]
    hub.deliver_apart("apart:1", [("even", Encoded.of(notice(3)))], [])
    assert two.told == ["snapshot", "3"]
    assert two.numbers[1][0] == two.numbers[0][1] + 1


async def test_who_changes_its_audience_is_told_so_first(source: ListSource) -> None:
    register_source("apart", Apart())
    hub, one, two = Hub(), Recorder(1), Recorder(2)
    await followed(hub, one, "apart:1")
    await followed(hub, two, "apart:1")
    for n in range(3):
        hub.deliver_apart("apart:1", [("even", Encoded.of(notice(n)))], [])
    moves = [("odd", "even", Encoded.of(notice(7)), [1])]
    hub.deliver_apart("apart:1", [("even", Encoded.of(notice(8))), ("odd", Encoded.of(notice(9)))], moves)
    assert one.told == ["snapshot", "7", "8"]
    assert two.told == ["snapshot", "0", "1", "2", "8"]
    for before, after in zip(one.numbers, one.numbers[1:], strict=False):
        assert after[0] <= before[1] + 1 <= after[1]


async def test_who_leaves_an_audience_that_it_was_not_told_of_gets_a_snapshot(source: ListSource) -> None:
    register_source("apart", Apart())
    hub, one = Hub(), Recorder(1)
    await followed(hub, one, "apart:1")
    hub.deliver_apart("apart:1", [], [("third", "even", Encoded.of(notice(7)), [1])])
    await settled(hub)
    assert one.told == ["snapshot", "snapshot"]
    hub.deliver_apart("apart:1", [("even", Encoded.of(notice(8)))], [])
    hub.deliver_apart("apart:1", [], [("odd", "even", Encoded.of(notice(9)), [1])])
    assert one.told == ["snapshot", "snapshot", "8", "9"]


async def test_every_process_reads_for_itself_what_has_changed(
    processes: tuple[Realtime, Realtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was slow to read never covers what another one knows by then."""
    here, there = processes
    far, reads = Recorder(2), []
    monkeypatch.setitem(pacing._paced, "local", pacing._paced["market"])

    def read(stream: str) -> NoticeReceived:
        reads.append(stream)
        return notice(len(reads))

    register_paced("local", read, every_s=0.0)
    follow = await followed(there.hub, far, "local:1")
    here.post(["changed", "local:1"])
    await heard(far, 2)
    there.post(["changed", "local:1"])
    await heard(far, 3)
    assert far.told == ["snapshot", "1", "2"]
    await settled(here.hub)
    await settled(there.hub)
    there.hub.unfollow(follow)
    there.post(["changed", "local:1"])
    assert not there.hub._spawned
    assert reads == ["local:1"] * 2


async def test_what_cannot_be_read_now_is_told_later(
    processes: tuple[Realtime, Realtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = processes
    near, failures = Recorder(1), [UnavailableError(), UnavailableError()]
    monkeypatch.setitem(pacing._paced, "local", pacing._paced["market"])
    monkeypatch.setattr(pacing, "AGAIN_AFTER_S", 0.0)

    def read(stream: str) -> NoticeReceived:
        if failures:
            raise failures.pop()
        return notice(1)

    register_paced("local", read, every_s=0.0)
    await followed(here.hub, near, "local:1")
    here.post(["changed", "local:1"])
    await heard(near, 2)
    assert near.told == ["snapshot", "1"]


async def test_a_socket_that_is_taken_for_another_gets_a_snapshot(source: ListSource) -> None:
    register_source("apart", Apart())
    hub, one = Hub(), Recorder(1)
    await followed(hub, one, "apart:1")
    hub.correct("apart:1", [("odd", [1])])
    await settled(hub)
    assert one.told == ["snapshot"]
    hub.correct("apart:1", [("even", [1])])
    await settled(hub)
    hub.deliver_apart("apart:1", [("even", Encoded.of(notice(1)))], [])
    assert one.told == ["snapshot", "snapshot", "1"]
