"""Requests over HTTP: one trip to one thread, whatever middleware they pass."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from aether.http import THREADS, OneTripHandler

pytestmark = pytest.mark.urls(__name__)


def whole(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def in_parts(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(part for part in (b"one", b"two"))


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


urlpatterns = [path("whole", whole), path("in-parts", in_parts), path("echo", echo)]


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
