"""Requests over HTTP: one trip to one thread, whatever middleware they pass."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from aether.http import THREADS, WAITING_MAX, OneTripHandler
from aether.kernel import clock
from aether.kernel.rest import throttles

pytestmark = pytest.mark.urls(__name__)


def whole(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def in_parts(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(part for part in (b"one", b"two"))


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


go_on = threading.Event()


def wait(request: HttpRequest) -> HttpResponse:
    assert go_on.wait(30)
    return HttpResponse(b"at last")


urlpatterns = [
    path("whole", whole),
    path("in-parts", in_parts),
    path("echo", echo),
    path("wait", wait),
]


async def ask(handler: OneTripHandler, address: str, body: bytes = b"") -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-length", str(len(body)).encode())],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await handler(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.fixture
def handler(settings: Any) -> Any:
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    settings.ALLOWED_HOSTS = ["localhost"]
    made = OneTripHandler()
    yield made
    made.close()


async def test_a_request_stays_in_one_thread(handler: OneTripHandler) -> None:
    heard: list[str] = []

    def hear(**_signal: object) -> None:
        heard.append(threading.current_thread().name)

    for signal in (request_started, request_finished):
        signal.connect(hear, sender=OneTripHandler)
    status, name = await ask(handler, "/whole")
    for signal in (request_started, request_finished):
        signal.disconnect(hear, sender=OneTripHandler)
    assert (status, [name.decode()] * 2) == (200, heard)
    assert name.startswith(b"http")


async def test_threads_are_kept_and_bounded(handler: OneTripHandler) -> None:
    names = {(await ask(handler, "/whole"))[1] for _ in range(3 * THREADS)}
    assert 1 <= len(names) <= THREADS


async def test_what_comes_in_parts_arrives_whole(handler: OneTripHandler) -> None:
    assert await ask(handler, "/in-parts") == (200, b"onetwo")


async def test_a_body_is_read(handler: OneTripHandler) -> None:
    assert await ask(handler, "/echo", b"well met") == (200, b"well met")


async def test_what_is_not_there_is_said_to_be_so(handler: OneTripHandler) -> None:
    assert (await ask(handler, "/nowhere"))[0] == 404


async def test_who_comes_when_too_many_wait_is_told_to_come_again(handler: OneTripHandler) -> None:
    go_on.clear()
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(handler, "/wait")) for _ in range(THREADS + WAITING_MAX)]
        refused = [group.create_task(ask(handler, "/whole")) for _ in range(3)]
        for each in refused:
            assert await each == (503, b"")
        go_on.set()
    assert {each.result() for each in asked} == {(200, b"at last")}
    assert (await ask(handler, "/whole"))[0] == 200


async def test_who_waits_is_let_go_when_the_server_stops(handler: OneTripHandler) -> None:
    go_on.clear()
    asked = [asyncio.create_task(ask(handler, "/wait")) for _ in range(2 * THREADS)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(handler.close))
    await asyncio.wait(asked[THREADS:], timeout=30)
    go_on.set()
    await closing
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert answers[:THREADS] == [(200, b"at last")] * THREADS
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[THREADS:])


def test_a_redis_that_is_away_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def away() -> Any:
        asked.append(clock.now())
        return Redis(unix_socket_path="/nowhere", retry=Retry(NoBackoff(), 0))

    monkeypatch.setattr(throttles, "redis", away)
    monkeypatch.setattr(throttles, "_failed_at", float("-inf"))
    for now in (1_000.0, 1_000.1, 1_000.9, 1_001.1, 1_001.2):
        with clock.replaced(lambda now=now: now):  # type: ignore[misc]  # mypy knows no such lambda
            assert throttles._count("key", 60) == 0
    assert asked == [1_000.0, 1_001.1]
