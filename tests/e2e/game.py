"""The whole game in a process of its own, which tests may kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

PROJECT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 90
NOT_FOR_THE_GAME = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "AMQP_URL", "EMBEDDED_REDIS"}
"""Settings of the test run that a freshly started game must not see."""

OpenWindow = Callable[..., Page]


class Game:
    """Keeps its port and its data when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data = folder / "data"
        self._log = folder / "log.txt"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "manage.py", "play", "--port", str(self.port)],
                cwd=PROJECT,
                env=_clean_environment(self._data),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        _wait_until_up(self._server, self.url, self._log)

    def shell(self, code: str) -> None:
        """Run something beside the game, on its database, as an operator may."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", code],
            cwd=PROJECT,
            env=_clean_environment(self._data),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """Begin a command beside the game, on its data; what it prints is for the caller to read."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=_clean_environment(self._data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """End it without a word, as a power cut would."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        if self._server is None:
            return
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean_environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_GAME}
    return {**kept, "DATA": str(data), "PYTHONUNBUFFERED": "1"}


def _wait_until_up(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, TimeoutError, ConnectionError):
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.2)
    pytest.fail(f"the game did not start:\n{log.read_text()[-4000:]}")
