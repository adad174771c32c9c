"""Every command is answered once, whatever its handler does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, transaction

from aether.kernel import dispatch
from aether.kernel.dispatch import Caller, Outcome, Route, registry
from aether.kernel.errors import ForbiddenError, IdReusedError, UnavailableError, UnknownTypeError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.kernel.journal import receipts
from aether.kernel.journal.models import CommandReceipt
from aether.protocol.accounts import AllocateStats, Profile
from aether.protocol.base import Done
from tests import cast
from tests.serving import Served
from tests.wire import Wire

COMMAND = AllocateStats(vigor=1)
Use = Callable[[Callable[..., Any]], None]


def caller(command_id: str = "c-1", command: AllocateStats = COMMAND) -> Caller:
    return Caller(
        character_id=CharacterId(1),
        account_id=AccountId(1),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId(command_id),
        body_digest=dispatch.body_digest(command),
    )


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let a function handle the command of these tests."""

    def put(handler: Callable[..., Any]) -> None:
        route = Route(AllocateStats, handler, asyncio.iscoroutinefunction(handler))
        monkeypatch.setitem(registry._routes, AllocateStats, route)

    return put


@pytest.mark.django_db(transaction=True)
async def test_the_same_command_from_many_sockets_happens_once(use: Use) -> None:
    done = []

    def handler(caller: Caller, command: AllocateStats) -> Done:
        transaction.on_commit(lambda: done.append(command))
        return Done()

    use(handler)
    outcomes = await asyncio.gather(*(dispatch.execute(caller(), COMMAND) for _ in range(8)))
    assert len(done) == 1
    assert sorted(outcome.is_replayed for outcome in outcomes) == [False, *[True] * 7]
    assert {bytes(o.reply) for o in outcomes if isinstance(o.reply, bytes)} == {b"{}"}


@pytest.mark.django_db(transaction=True)
async def test_an_id_is_good_for_one_body(use: Use) -> None:
    use(lambda caller, command: Done())
    await dispatch.execute(caller(), COMMAND)
    other = AllocateStats(vigor=2)
    with pytest.raises(IdReusedError):
        await dispatch.execute(caller(command=other), other)


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_changes_nothing_and_may_be_tried_again(use: Use) -> None:
    attempts = []

    def handler(caller: Caller, command: AllocateStats) -> Done:
        attempts.append(command)
        CommandReceipt.objects.create(character_id=9, command_id="half-done", digest=b"", reply=b"")
        if len(attempts) == 1:
            raise ForbiddenError
        return Done()

    use(handler)
    with pytest.raises(ForbiddenError):
        await dispatch.execute(caller(), COMMAND)
    assert await CommandReceipt.objects.acount() == 0
    assert (await dispatch.execute(caller(), COMMAND)).is_replayed is False


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_on_the_loop_gives_way_to_an_earlier_success(use: Use) -> None:
    await CommandReceipt.objects.acreate(
        character_id=1, command_id="c-1", digest=caller().body_digest, reply=b'{"version":3}'
    )

    async def handler(caller: Caller, command: AllocateStats) -> Done:
        raise ForbiddenError

    use(handler)
    outcome = await dispatch.execute(caller(), COMMAND)
    assert outcome == Outcome(reply=b'{"version":3}', is_replayed=True)
    with pytest.raises(ForbiddenError):
        await dispatch.execute(caller("c-2"), COMMAND)


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_because_the_same_command_was_faster_elsewhere_is_its_reply(use: Use) -> None:
    def on_the_other_socket() -> None:
        try:
            receipts.store(caller().receipt(Done()))
        finally:
            connection.close()

    def handler(caller: Caller, command: AllocateStats) -> Done:
        with ThreadPoolExecutor(1) as other:
            other.submit(on_the_other_socket).result()
        raise ForbiddenError

    use(handler)
    assert await dispatch.execute(caller(), COMMAND) == Outcome(reply=b"{}", is_replayed=True)


@pytest.mark.django_db(transaction=True)
async def test_what_executing_a_command_again_would_raise_is_no_matter(use: Use) -> None:
    attempts = []

    def handler(caller: Caller, command: AllocateStats) -> Done:
        attempts.append(command)
        if len(attempts) > 1:
            raise RuntimeError("nobody has thought of a second time")
        return Done()

    use(handler)
    assert not (await dispatch.execute(caller(), COMMAND)).is_replayed
    assert await dispatch.execute(caller(), COMMAND) == Outcome(reply=b"{}", is_replayed=True)


@pytest.mark.django_db(transaction=True)
async def test_an_id_that_another_command_has_used_is_refused_on_the_loop(use: Use) -> None:
    await CommandReceipt.objects.acreate(character_id=1, command_id="c-1", digest=b"other", reply=b"{}")

    async def handler(caller: Caller, command: AllocateStats) -> Done:
        await sync_to_async(receipts.store)(caller.receipt(Done()))
        return Done()

    use(handler)
    with pytest.raises(IdReusedError):
        await dispatch.execute(caller(), COMMAND)


@pytest.mark.django_db(transaction=True)
async def test_a_database_that_does_not_answer_is_unavailable(use: Use) -> None:
    def handler(caller: Caller, command: AllocateStats) -> Done:
        raise OperationalError("the server closed the connection unexpectedly")

    use(handler)
    with pytest.raises(UnavailableError):
        await dispatch.execute(caller(), COMMAND)


async def test_a_command_that_nobody_handles_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry._routes, AllocateStats)
    with pytest.raises(UnknownTypeError):
        await dispatch.execute(caller(), COMMAND)


def test_a_command_has_one_handler() -> None:
    with pytest.raises(ValueError, match="handled twice"):
        dispatch.handles(AllocateStats)(lambda caller, command: Done())


async def test_a_bug_is_answered_with_a_reference_and_no_traceback(
    server: Served, use: Use, capsys: pytest.CaptureFixture[str]
) -> None:
    def handler(caller: Caller, command: AllocateStats) -> Profile:
        raise ZeroDivisionError("a secret of the house")

    use(handler)
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        error = (await wire.call("accounts.allocate", {"vigor": 1}))["err"]
        assert (error["code"], error["retry"]) == ("internal", True)
        assert error["details"]["reference"] in capsys.readouterr().err
        assert "secret" not in str(error)
        assert "ok" in await wire.call("ping")
