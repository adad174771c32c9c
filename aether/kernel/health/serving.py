"""The small health port of roles that serve no HTTP otherwise: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from aether.kernel.health.access import may_read_metrics
from aether.kernel.health.checks import Checks, told
from aether.kernel.health.exposing import CONTENT_TYPE, exposition


@contextmanager
def serving(port: int | None, *, alive: Checks, ready: Checks) -> Iterator[None]:
    """Serve the health of this process on `port`, in a thread, while the block runs; no port, no server.

    `alive` and `ready` name what `/healthz` and `/readyz` ask, for example
    `{"loop": pulse.is_alive}` and `{"database": is_database_up, "loop": pulse.is_fresh}`.
    """
    server = HealthServer(port, alive=alive, ready=ready) if port else None
    try:
        yield
    finally:
        if server is not None:
            server.stop()


class HealthServer(ThreadingHTTPServer):
    """Answers from its construction until `stop`."""

    daemon_threads = True

    def __init__(self, port: int, *, alive: Checks, ready: Checks) -> None:
        self.alive = alive
        self.ready = ready
        try:
            super().__init__((settings.HEALTH_HOST, port), _Answer)
        except (OSError, OverflowError) as error:
            raise ImproperlyConfigured(
                f"The health port {port} on {settings.HEALTH_HOST} cannot be used: {error}."
            ) from error
        threading.Thread(target=self.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    timeout = 5
    server: HealthServer

    def do_GET(self) -> None:
        try:
            self._answer()
        finally:
            connections.close_all()

    def _answer(self) -> None:
        match self.path.partition("?")[0]:
            case "/healthz":
                self._tell(self.server.alive)
            case "/readyz":
                self._tell(self.server.ready)
            case "/metrics" if self._may_read_metrics():
                self._send(HTTPStatus.OK, CONTENT_TYPE, exposition())
            case _:
                self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")

    def _may_read_metrics(self) -> bool:
        return may_read_metrics(
            self.client_address[0], self.headers.get("Authorization", ""), self.headers.keys()
        )

    def _tell(self, checks: Checks) -> None:
        is_well, parts = told(checks)
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        self._send(status, "application/json", json.dumps(parts).encode())

    def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: object) -> None:
        """Probes are not worth a line each."""
