"""Bots play through the front door, and what they measure is what happened."""

from __future__ import annotations

import asyncio
from io import StringIO
from random import Random
from typing import Any

import pytest
from aether_sdk import RefusedError
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.core.management.base import CommandError

from aether.operations.bots.bot import Bot
from aether.operations.bots.finding import distance, path_to
from aether.operations.bots.measuring import Measures, RunOverError, percentile, summary
from aether.operations.bots.run import run_bots
from tests.serving import Served

MAP = {"width": 2, "height": 1, "walk": [1, 1]}


async def test_bots_walk_talk_and_travel_and_every_command_is_answered(server: Served) -> None:
    said: list[str] = []
    measures = await run_bots(url=server.http_url, count=3, duration_s=6, seed=7, say=said.append)
    assert measures.answered == measures.asked > 10
    assert measures.unanswered == 0
    assert not measures.failures, measures.failures
    assert measures.deeds["walks"] > 0
    assert {"world.enter", "world.move"} <= set(measures.latencies_ms)
    await sync_to_async(call_command)("verify_journal", stdout=StringIO())
    await sync_to_async(call_command)("audit_ledger", stdout=StringIO())


def test_a_refusal_is_an_answer_and_a_silence_is_not() -> None:
    measures = Measures()
    with pytest.raises(RefusedError), measures.timing("world.move"):
        raise RefusedError("world.blocked", "There is a wall.")
    with pytest.raises(ConnectionError), measures.timing("world.move"):
        raise ConnectionError
    assert (measures.asked, measures.answered, measures.unanswered) == (2, 1, 1)
    assert measures.refusals == {"world.move → world.blocked": 1}


def test_nothing_is_asked_after_the_end() -> None:
    measures = Measures(is_closed=True)
    with pytest.raises(RunOverError), measures.timing("chat.say"):
        pytest.fail("asked after the end")
    assert measures.asked == 0


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_percentiles_are_values_that_were_seen(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_the_summary_names_what_was_refused() -> None:
    measures = Measures()
    measures.refusals["combat.cast → combat.out_of_range"] += 3
    assert "combat.out_of_range" in summary(measures, bots=1, elapsed_s=1)


def test_a_path_goes_around_walls() -> None:
    wall = {(1, y) for y in range(-3, 3)}

    def is_free(cell: tuple[int, int]) -> bool:
        return cell not in wall and max(map(abs, cell)) < 5

    path = path_to((0, 0), [(2, 0)], is_free)
    assert path[-1] == (2, 0)
    assert not wall & set(path)
    assert all(distance(one, other) == 1 for one, other in zip([(0, 0), *path], path, strict=False))


def test_where_there_is_no_way_there_is_no_path() -> None:
    assert path_to((0, 0), [(9, 9)], lambda cell: cell == (0, 1)) == []


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 5001}, {"duration": 0}])
def test_a_senseless_run_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="--count goes from"):
        call_command("bots", **wrong)


async def test_a_bot_goes_on_where_the_zone_was_told_before_the_reply_that_leads_there() -> None:
    bot = Bot(url="", password="", random=Random(1), measures=Measures(), door=asyncio.Semaphore(1))
    there = {"zone": "reedmoor_flats", "map_hash": "b", "players": [], "exits": [], "groups": []}
    way = {"id": "north", "cells": [[0, 0]]}

    async def ask(command: str, **fields: Any) -> dict[str, Any]:
        await bot._take_zone(there)
        return {"zone": "reedmoor_flats", "cell": [3, 4]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot, "_character", {"id": 7}, raising=False)  # it has signed up
        patch.setattr(bot, "_maps", {(name, "b"): MAP for name in ("lastmoor", "reedmoor_flats")})
        await bot._take_zone(there | {"zone": "lastmoor", "exits": [way]})
        patch.setattr(bot, "_ask", ask)
        async with asyncio.timeout(5):
            await bot._travel()
    assert bot._cell == (3, 4)
