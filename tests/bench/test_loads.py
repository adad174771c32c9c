"""Every load does what it counts: short runs of each, against the real thing."""

from __future__ import annotations

import asyncio
import os

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from bench import closed_loop, duels, idle_connections, limit_echo, rest_reads
from bench.closed_loop import Tally
from bench.colyseus import load as colyseus_load
from bench.colyseus import peer
from bench.population import make_people
from bench.websocket import ClosedError, connect
from tests.serving import Served

SECONDS = 0.5


async def test_duels_are_fought_by_people_who_never_signed_up(server: Served) -> None:
    people = await sync_to_async(make_people)(4)
    tally = Tally()
    clients = await duels.arrive(server.http_url, people, tally)
    figures = await closed_loop.count(clients, tally, seconds=1, server=os.getpid(), warm_up_s=1)
    for client in clients:
        client.leave()
    acted = await sync_to_async(_count)("SELECT count(*) FROM journal")
    assert 0 < figures.count <= acted
    assert 0 < figures.p50_ms <= figures.p99_ms
    assert figures.server_us > 0


async def test_idle_connections_stay(server: Served) -> None:
    people = await sync_to_async(make_people)(6)
    figures = await idle_connections.measured(server.http_url, os.getpid(), people, first=2, idle_s=0.1)
    assert figures.count == 4
    assert figures.note.endswith("0 closed")


async def test_reads_over_rest_are_answered(server: Served) -> None:
    people = await sync_to_async(make_people)(2)
    tally = Tally()
    clients = await rest_reads.arrive(server.http_url, [token for token, _ in people], tally)
    figures = await closed_loop.count(clients[:2], tally, seconds=SECONDS, server=os.getpid())
    for client in clients:
        client.leave()
    assert figures.count > 0
    assert not tally.refusals


async def test_a_refused_handshake_says_why(server: Served) -> None:
    with pytest.raises(ClosedError, match="400"):
        await connect(server.socket_url, lambda _frame: None, subprotocol="none.of.ours")


def test_the_bare_server_echoes() -> None:
    figures = limit_echo.run(seconds=SECONDS)
    assert figures.name == "limit_echo"
    assert figures.count > 0


def test_colyseus_plays_in_memory() -> None:
    with peer.serving() as (url, process):
        figures = peer.measured("colyseus_memory_2", url, process, duels=2, seconds=SECONDS)
    assert figures.count > 0


@pytest.mark.django_db(transaction=True)
def test_colyseus_keeps_every_action_that_it_acknowledges() -> None:
    with peer.serving(_database_url()) as (url, process):
        tally = Tally()

        async def play() -> int:
            clients = await colyseus_load.arrive(url, 2, tally)
            return (await closed_loop.count(clients, tally, seconds=SECONDS, server=process)).count

        counted = asyncio.run(play())
        kept = _count("SELECT count(*) FROM duel_actions")
        highest = _count("SELECT sum(m) FROM (SELECT max(version) m FROM duel_actions GROUP BY duel) AS each")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE duel_actions")
    assert 0 < counted <= kept == highest


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _database_url() -> str:
    given = settings.DATABASES["default"]
    host = given["HOST"] or "localhost"
    name, port = connection.settings_dict["NAME"], given["PORT"] or 5432
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@/{name}?host={host}&port={port}"
