"""What many ask for at once is done together, and everybody gets their own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from aether.kernel.errors import NotFoundError
from aether.kernel.together import Together


class Doubling:
    """Doubles numbers, a group at a time, once `gate` is open; refuses groups with a 13."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.groups: list[list[int]] = []

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        await self.gate.wait()
        if 13 in numbers:
            raise NotFoundError
        return [2 * number for number in numbers]


async def asked(together: Together[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(together(number)) for number in numbers]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_the_first_goes_at_once_and_the_others_share_the_next_trip() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = [*await asked(together, 1), *await asked(together, 2, 3, 4)]
    doubling.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert doubling.groups == [[1], [2, 3, 4]]


async def test_a_group_has_an_end() -> None:
    doubling = Doubling()
    together = Together(doubling, most=2)
    tasks = [*await asked(together, 1), *await asked(together, 2, 3, 4)]
    doubling.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert doubling.groups == [[1], [2, 3], [4]]


async def test_trips_keep_their_distance_where_company_is_worth_it() -> None:
    doubling = Doubling()
    doubling.gate.set()
    together = Together(doubling, every_s=3600)
    assert await together(1) == 2, "the first one waits for nobody"
    tasks = await asked(together, 2, 3)
    assert doubling.groups == [[1]]
    for task in tasks:
        task.cancel()


async def test_a_failed_trip_fails_for_those_on_it_only() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = [*await asked(together, 13), *await asked(together, 2)]
    doubling.gate.set()
    with pytest.raises(NotFoundError):
        await tasks[0]
    assert await tasks[1] == 4
    assert await together(5) == 10


async def test_a_refusal_is_for_the_one_whom_it_concerns() -> None:
    async def halve(numbers: Sequence[int]) -> list[int | NotFoundError]:
        return [NotFoundError() if number % 2 else number // 2 for number in numbers]

    together = Together[int, int](halve)
    one, *others = await asyncio.gather(*map(together, (6, 7, 8)), return_exceptions=True)
    assert (one, type(others[0]), others[1]) == (3, NotFoundError, 4)


async def test_nobody_is_left_waiting_when_answers_are_missing() -> None:
    async def forget(numbers: Sequence[int]) -> list[int]:
        return []

    with pytest.raises(AssertionError):
        await asyncio.wait_for(Together[int, int](forget)(1), 1)


async def test_who_stops_waiting_stops_nobody_else() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = await asked(together, 1, 2, 3)
    tasks[1].cancel()
    doubling.gate.set()
    await asyncio.wait(tasks)
    assert (tasks[0].result(), tasks[1].cancelled(), tasks[2].result()) == (2, True, 6)


def test_each_loop_has_trips_of_its_own() -> None:
    async def one(together: Together[int, int], doubling: Doubling) -> int:
        doubling.gate = asyncio.Event()
        doubling.gate.set()
        return await together(4)

    doubling = Doubling.__new__(Doubling)
    doubling.groups = []
    together = Together(doubling)
    assert [asyncio.run(one(together, doubling)) for _ in range(2)] == [8, 8]
