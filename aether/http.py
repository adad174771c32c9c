"""Django over ASGI with one trip: a request is answered in one thread, from its first signal to its last.

Django's own handler changes between the event loop and a new thread for each middleware that knows one of
the two only, and for each signal: ten times the price of the request. Nothing here is a coroutine, so
there is nothing to gain on the loop.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.urls import set_script_prefix

THREADS = 4
"""More would not answer more: they would wait for the interpreter instead, which costs."""

WAITING_MAX = 100
"""Who comes when so many wait for a thread is told to come again: the queue must not grow without end."""

BUSY = {"status": 503, "headers": [(b"retry-after", b"1"), (b"content-length", b"0")]}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Any], Awaitable[None]]


class OneTripHandler(ASGIHandler):
    """Answers HTTP from a bounded pool of threads; who comes when all are busy waits, if not too many do."""

    def __init__(self) -> None:
        # That of the ASGI handler would load the middleware for the event loop.
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = _threads()
        self._places = Semaphore(THREADS + WAITING_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._answer(scope, body)
        if response is not None:
            await self.send_response(response, send)
            return
        await send({"type": "http.response.start", **BUSY})
        await send({"type": "http.response.body", "body": b""})

    def close(self) -> None:
        """Let the threads finish what they are at, and who waits go; who comes after all gets new ones."""
        threads, self._threads = self._threads, _threads()
        threads.shutdown(wait=True, cancel_futures=True)

    async def _answer(self, scope: Scope, body: IO[bytes]) -> Any:
        """Return the response of one of the threads when one has time, or none where too many wait."""
        if not self._places.acquire(blocking=False):
            return None
        context = contextvars.copy_context()
        answer = self._threads.submit(context.run, self._respond, scope, body)
        # When the thread is done, also with what nobody waits for any more.
        answer.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(answer)

    def _respond(self, scope: Scope, body: IO[bytes]) -> Any:
        """Return a response that has nothing left to do in this thread."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)  # whose signal its end is
        if response.streaming:
            response.streaming_content = _one_by_one(list(response.streaming_content))
        response.close()
        body.close()
        return response


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="http")


async def _one_by_one(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
