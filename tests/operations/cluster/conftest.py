"""A real nginx before gateways of straw, and ports for all of them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aether.operations.cluster import edge
from tests.ports import free_port


class Gateway(ThreadingHTTPServer):
    """Tells every request what arrived, or answers with `status`, or hangs up."""

    daemon_threads = True

    def __init__(self, name: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Echo)
        self.name, self.status, self.hangs_up, self.asked = name, 200, False, 0
        self.refused: set[str] = set()
        """Paths that it answers with 503."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def do_GET(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.hangs_up:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.headers.get("Upgrade") and self.server.status == 200:
            self._serve_socket()
            return
        told = {"gateway": self.server.name, **{key.lower(): value for key, value in self.headers.items()}}
        body = json.dumps(told).encode()
        self.send_response(503 if self.path in self.server.refused else self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _serve_socket(self) -> None:
        """Say one's name, and keep the line until the other end hangs up."""
        self.send_response(101)
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.wfile.write(f"{self.server.name}\n".encode())
        self.rfile.read()
        self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_line: object) -> None:
        pass


@dataclass
class Edge:
    """An nginx that runs, and the gateways behind it."""

    port: int
    gateways: list[Gateway] = field(default_factory=list)

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, Any] | str]:
        """Return the status, and the body, parsed where it is JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        try:
            return answer.status, json.loads(said)
        except ValueError:
            return answer.status, said

    def open_socket(self, stack: ExitStack) -> str:
        """Open a socket that stays open, and return who serves it, or the status of a refusal."""
        line = stack.enter_context(socket.create_connection(("127.0.0.1", self.port), 10))
        line.sendall(b"GET /ws/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        reader = stack.enter_context(line.makefile("r"))
        status = reader.readline().split()[1]
        while reader.readline().strip():
            continue
        return reader.readline().strip() if status == "101" else status


@pytest.fixture(scope="session")
def nginx_needed() -> None:
    """Skip loudly where nginx is missing; fail where everything is required."""
    if shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"):
        return
    if os.environ.get("AETHER_REQUIRE") == "all":
        pytest.fail("nginx is not installed (apt install nginx)")
    pytest.skip("nginx is not installed: what is in front of the gateways was NOT tried")


@pytest.fixture
def hops() -> list[str]:
    """The proxies that nginx believes."""
    return []


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose path leaves room for the name of a socket, which pytest's own may not."""
    with tempfile.TemporaryDirectory(prefix="aether-") as folder:
        yield Path(folder)


@contextmanager
def running(nginx: Sequence[str], port: int) -> Iterator[None]:
    """Run an nginx, from the moment at which it listens on the port."""
    edge.check(nginx)
    process = subprocess.Popen(nginx, stdout=subprocess.DEVNULL)
    while True:
        assert process.poll() is None, "nginx has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield
    process.terminate()
    process.wait(10)


@pytest.fixture
def before_gateways(nginx_needed: None, tmp_path: Path, hops: list[str]) -> Iterator[Edge]:
    """nginx before two gateways."""
    edge_ = Edge(free_port(), [Gateway("one"), Gateway("other")])
    edge.write(
        tmp_path,
        host="127.0.0.1",
        fronts=[edge.Front("first", edge_.port, [gateway.port for gateway in edge_.gateways])],
        hops=hops,
    )
    with running(edge.command(tmp_path), edge_.port):
        yield edge_
    for gateway in edge_.gateways:
        gateway.stop()
