"""Heartbeats of many members ask the database together, and are told how it is now."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest
from asgiref.sync import sync_to_async

from aether.kernel.errors import NotFoundError
from aether.kernel.realtime.sources import source_of
from apps.chat import guilds, heads, services
from tests.chat.guild_cast import PRICE, Hall, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Say what the database was asked."""
    asked: list[set[int]] = []

    def versions(numbers: Collection[int]) -> Mapping[int, int]:
        asked.append(set(numbers))
        return guilds.versions(numbers)

    monkeypatch.setattr("apps.chat.guild_streams._heads", heads.heads(versions))
    return asked


def founded() -> Hall:
    return Hall.founded({"Alice": person("Alice", glim=PRICE)})


async def head(guild: int) -> int:
    stream = guilds.stream_of(guild)
    return await source_of(stream).source.head(stream, "")


async def test_beats_of_fifty_members_ask_once(asked: list[set[int]]) -> None:
    hall = await sync_to_async(founded)()
    told = await asyncio.gather(*(head(hall.guild) for _ in range(50)))
    assert set(told) == {await sync_to_async(hall.version)()}
    assert asked == [{hall.guild}]


async def test_a_beat_tells_what_has_just_changed(asked: list[set[int]]) -> None:
    hall = await sync_to_async(founded)()
    before = await head(hall.guild)
    await sync_to_async(services.change_motd)(character_id=hall.people["Alice"], text="At nine.")
    assert await head(hall.guild) == before + 1


async def test_of_a_guild_that_is_no_more_nobody_else_hears(asked: list[set[int]]) -> None:
    hall = await sync_to_async(founded)()
    gone = hall.guild + 1
    lost, kept, missed = await asyncio.gather(
        head(gone), head(hall.guild), head(gone), return_exceptions=True
    )
    assert isinstance(lost, NotFoundError)
    assert isinstance(missed, NotFoundError)
    assert kept == await sync_to_async(hall.version)()
