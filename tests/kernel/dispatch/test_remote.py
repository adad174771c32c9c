"""A command for a remote app is executed by a service, and answered as if it had been executed here."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from aether.kernel import dispatch
from aether.kernel.dispatch import Caller, Outcome, directory
from aether.kernel.dispatch.directory import LAPSES_AFTER_S
from aether.kernel.dispatch.remote import RemoteDispatch
from aether.kernel.ending import end
from aether.kernel.errors import InternalError, RateLimitedError, UnavailableError
from aether.kernel.live import aredis
from aether.protocol.base import Done
from tests.kernel.dispatch.conftest import COMMAND, Serve, Use, caller, kill


async def done(caller: Caller, command: Any) -> Done:
    return Done()


async def executed_at_last() -> Outcome:
    """Send a command again for as long as it is unavailable, as clients do."""
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(UnavailableError):
                return await dispatch.execute(caller(), COMMAND)


async def test_a_service_answers(serve: Serve, use: Use) -> None:
    async def handler(caller: Caller, command: Any) -> Outcome:
        assert (caller.language, caller.character_id, command) == ("en", 7, COMMAND)
        return Outcome(reply=Done(), follow=("battle:7",), unfollow=("zone:x",))

    use(handler)
    await serve()
    outcome = await dispatch.execute(caller(7), COMMAND)
    assert outcome == Outcome(reply=b"{}", follow=("battle:7",), unfollow=("zone:x",))


async def test_a_refusal_comes_back_as_it_was_raised(serve: Serve, use: Use) -> None:
    async def handler(caller: Caller, command: Any) -> Done:
        raise RateLimitedError(retry_after_ms=250)

    use(handler)
    await serve()
    with pytest.raises(RateLimitedError) as refused:
        await dispatch.execute(caller(), COMMAND)
    assert refused.value.details == {"retry_after_ms": 250}


async def test_a_bug_in_a_service_is_internal_with_the_reference_that_its_log_has(
    serve: Serve, use: Use, capsys: pytest.CaptureFixture[str]
) -> None:
    async def handler(caller: Caller, command: Any) -> Done:
        raise ZeroDivisionError("a secret of the house")

    use(handler)
    await serve()
    with pytest.raises(InternalError) as refused:
        await dispatch.execute(caller(), COMMAND)
    assert refused.value.details["reference"] in capsys.readouterr().err


async def test_where_nobody_serves_a_command_is_unavailable(
    remote: RemoteDispatch, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aether.kernel.dispatch.remote.SERVER_PATIENCE_S", 0.02)
    use(done)
    with pytest.raises(UnavailableError) as refused:
        await dispatch.execute(caller(), COMMAND)
    assert refused.value.retry is True


async def test_a_command_waits_a_moment_for_a_service_to_come(serve: Serve, use: Use) -> None:
    use(done)
    waiting = asyncio.create_task(dispatch.execute(caller(), COMMAND))
    await asyncio.sleep(0)
    await serve()
    assert (await waiting).reply == b"{}"


async def test_no_answer_in_time_is_unavailable(
    serve: Serve, remote: RemoteDispatch, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handler(caller: Caller, command: Any) -> Done:
        await asyncio.Event().wait()
        return Done()

    use(handler)
    await serve()
    monkeypatch.setattr(remote, "_timeout_s", 0.05)
    with pytest.raises(UnavailableError):
        await dispatch.execute(caller(), COMMAND)
    assert not remote._waiting


@pytest.mark.parametrize("full", ["gateway", "service"])
async def test_what_is_too_much_is_refused_at_once(
    serve: Serve, remote: RemoteDispatch, use: Use, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    go_on = asyncio.Event()

    async def handler(caller: Caller, command: Any) -> Done:
        await go_on.wait()
        return Done()

    use(handler)
    server = await serve()
    monkeypatch.setattr(remote if full == "gateway" else server, "_in_flight_max", 2)
    calls = [asyncio.create_task(dispatch.execute(caller(), COMMAND)) for _ in range(5)]
    refused, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED, timeout=5)
    go_on.set()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert refused
    assert Counter(type(answer).__name__ for answer in answers) == {"UnavailableError": 3, "Outcome": 2}


async def test_a_partition_goes_to_whoever_asked_for_it(serve: Serve, use: Use) -> None:
    even, odd = await serve(range(0, 16, 2)), await serve(range(1, 16, 2))
    served: Counter[str] = Counter()

    def counting(server: Any, name: str) -> None:
        take = server.station._on_frame

        def count(frame: Any) -> None:
            served[f"{name} {directory.partition_of(frame.caller.character_id, 16) % 2}"] += 1
            take(frame)

        server.station._on_frame = count

    counting(even, "even")
    counting(odd, "odd")
    use(done)
    for character_id in range(1, 40):
        await dispatch.execute(caller(character_id), COMMAND)
    assert served.keys() == {"even 0", "odd 1"}


async def test_a_killed_service_s_callers_are_told_and_another_one_takes_over(serve: Serve, use: Use) -> None:
    is_hanging = True

    async def handler(caller: Caller, command: Any) -> Done:
        if is_hanging:
            await asyncio.Event().wait()
        return Done()

    use(handler)
    victim = await serve(range(16))
    hanging = asyncio.create_task(dispatch.execute(caller(), COMMAND))
    while not victim._at_work:
        await asyncio.sleep(0.005)
    await serve([])  # it asked for nothing, and serves what is left
    await kill(victim)
    with pytest.raises(UnavailableError):
        await asyncio.wait_for(hanging, 5)
    is_hanging = False
    assert (await executed_at_last()).reply == b"{}"


async def test_a_service_whose_channel_is_closed_is_gone_long_before_its_silence_says_so(
    serve: Serve, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "LAPSES_AFTER_S", 3600)
    is_hanging = True

    async def handler(caller: Caller, command: Any) -> Done:
        if is_hanging:
            await asyncio.Event().wait()
        return Done()

    use(handler)
    victim = await serve(range(16))
    hanging = asyncio.create_task(dispatch.execute(caller(), COMMAND))
    while not victim._at_work:
        await asyncio.sleep(0.005)
    await serve([])
    await kill(victim)
    await end(*victim.station._tasks)
    with pytest.raises(UnavailableError):
        await asyncio.wait_for(hanging, 5)
    is_hanging = False
    assert (await executed_at_last()).reply == b"{}"


async def test_a_service_that_is_listened_to_stays_while_redis_cannot_tell(
    serve: Serve, remote: RemoteDispatch, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def numsub(*channels: str) -> list[tuple[bytes, int]]:
        asked.set()
        raise RedisConnectionError

    use(done)
    await serve()
    monkeypatch.setattr(aredis(), "pubsub_numsub", numsub)
    await asyncio.wait_for(asked.wait(), 5)
    assert remote.station.directory.channels()
    assert (await dispatch.execute(caller(), COMMAND)).reply == b"{}"


async def test_a_service_that_was_paused_refuses_what_its_callers_have_given_up(
    serve: Serve, use: Use
) -> None:
    use(done)
    server = await serve()
    server._turned_at -= LAPSES_AFTER_S + 1
    with pytest.raises(UnavailableError):
        await dispatch.execute(caller(), COMMAND)
    server._awake_at = 0.0
    assert (await dispatch.execute(caller(), COMMAND)).reply == b"{}"


async def test_a_service_that_stops_finishes_what_it_has_and_gets_nothing_more(
    serve: Serve, use: Use
) -> None:
    go_on, begun = asyncio.Event(), asyncio.Event()

    async def handler(caller: Caller, command: Any) -> Done:
        if not go_on.is_set():
            begun.set()
            await go_on.wait()
        return Done()

    use(handler)
    leaving = await serve()
    last = asyncio.create_task(dispatch.execute(caller(), COMMAND))
    await begun.wait()
    staying = await serve([])
    stopping = asyncio.create_task(leaving.stop())
    while not leaving.is_leaving:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    go_on.set()
    assert (await last).reply == b"{}"
    assert (await dispatch.execute(caller(), COMMAND)).reply == b"{}"
    await stopping
    assert not staying._at_work


async def test_presence_is_told_to_the_service(serve: Serve) -> None:
    told: asyncio.Queue[tuple[int, bool]] = asyncio.Queue()

    async def on_presence(character_id: int, is_online: bool) -> None:
        await told.put((character_id, is_online))

    await serve(on_presence=on_presence)
    await dispatch.note_presence(caller(5).character_id, True)
    assert await asyncio.wait_for(told.get(), 5) == (5, True)


async def test_services_look_after_their_own_partitions(serve: Serve) -> None:
    even, odd = await serve(range(0, 16, 2)), await serve(range(1, 16, 2))
    async with asyncio.timeout(5):
        while not all(len(each.station.directory._serving) == 2 for each in (even, odd)):
            await asyncio.sleep(0.005)
    keys = range(1, 100)
    assert all(even.owns(key) != odd.owns(key) for key in keys)
    assert {directory.partition_of(key, 16) % 2 for key in keys if even.owns(key)} == {0}
