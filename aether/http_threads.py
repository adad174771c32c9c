"""Threads for requests over HTTP, kept from one request to the next together with their database connection.

A request has a thread to itself, as Django wants it. Where all that are kept are taken, by slow clients
perhaps, it gets one that ends with it, and so does its connection: nobody waits for somebody else.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

KEPT = 8
NAME = "http"

_free: list[ThreadPoolExecutor] = []
_made = 0


@asynccontextmanager
async def thread_of_its_own() -> AsyncIterator[None]:
    """Run what is synchronous in a request on one thread. Call on the event loop of the server."""
    thread = _take()
    if thread is None:
        yield
        return
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        _free.append(thread)


def close_connections_of_passing_threads(**_signal: object) -> None:
    """Leave no connection to a thread that ends: nobody could use it after the request."""
    if not threading.current_thread().name.startswith(NAME):
        connections.close_all()


def close() -> None:
    """End the threads that are kept, and their connections. Call from a thread."""
    global _made
    threads, _free[:], _made = list(_free), [], 0
    for thread in threads:
        thread.submit(connections.close_all)
        thread.shutdown(wait=True)


def _take() -> ThreadPoolExecutor | None:
    """The one that was used last is the warmest."""
    global _made
    if _free:
        return _free.pop()
    if _made == KEPT:
        return None
    _made += 1
    return ThreadPoolExecutor(1, thread_name_prefix=NAME)
