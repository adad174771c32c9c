"""Background tasks run with the server, come back when they fail, and stop with it."""

from __future__ import annotations

import asyncio

import pytest

from aether.kernel import background


@pytest.fixture(autouse=True)
def _own_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_tasks", {})
    monkeypatch.setattr(background, "BACKOFF_FIRST_S", 0.001)


async def test_a_task_runs_until_it_is_told_to_stop() -> None:
    seen: list[str] = []

    @background.task("test.patient")
    async def patient(stop: asyncio.Event) -> None:
        seen.append("began")
        await stop.wait()
        seen.append("ended")

    running = background.Running()
    await asyncio.sleep(0)
    assert running.is_well()
    await running.stop()
    assert seen == ["began", "ended"]


async def test_a_task_that_fails_is_begun_again() -> None:
    recovered = asyncio.Event()
    attempts: list[int] = []

    @background.task("test.fragile")
    async def fragile(stop: asyncio.Event) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise ZeroDivisionError
        recovered.set()
        await stop.wait()

    running = background.Running()
    async with asyncio.timeout(5):
        await recovered.wait()
    assert running.is_well()
    await running.stop()
    assert len(attempts) == 3


async def test_a_task_that_does_not_listen_is_cancelled() -> None:
    @background.task("test.deaf")
    async def deaf(stop: asyncio.Event) -> None:
        await asyncio.Event().wait()

    running = background.Running()
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await running.stop(patience_s=0.01)
    assert not running.is_well()


def test_a_name_belongs_to_one_task() -> None:
    async def one(stop: asyncio.Event) -> None: ...
    async def two(stop: asyncio.Event) -> None: ...

    background.task("test.name")(one)
    with pytest.raises(ValueError, match=r"test\.name"):
        background.task("test.name")(two)
