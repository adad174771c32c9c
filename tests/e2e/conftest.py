"""A live game of its own and real Chromium windows, for the stories of this folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
START_TIMEOUT_S = 90
PATIENCE_MS = 30_000
"""The pictures are painted without a graphics card here, two windows at a time."""

OpenWindow = Callable[[str], Page]


@pytest.fixture(scope="package")
def needed() -> None:
    """Skip loudly where the browser or the built client is missing; fail where everything is required."""
    missing = []
    if not CHROMIUM.exists():
        missing.append(f"{CHROMIUM} (apt install chromium, or set CHROMIUM)")
    if not (PROJECT / "client" / "dist" / "browser" / "en" / "index.html").exists():
        missing.append("the built client (make client)")
    if not missing:
        return
    reason = "the end-to-end tests need " + " and ".join(missing)
    if os.environ.get("AETHER_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def game_url(needed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole game in a process of its own, with an empty data folder."""
    folder = tmp_path_factory.mktemp("game")
    port = _free_port()
    log = (folder / "log.txt").open("w+b")
    server = subprocess.Popen(
        [sys.executable, "manage.py", "play", "--port", str(port)],
        cwd=PROJECT,
        env=_clean_environment(folder / "data"),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(server, url, Path(log.name))
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


@pytest.fixture(scope="package")
def chromium(needed: None) -> Iterator[Browser]:
    """One Chromium for the package.

    It ends with the package: while Playwright runs, its event loop keeps others out of the main thread.
    """
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Browser, game_url: str) -> Iterator[OpenWindow]:
    """Open the game in a language, in a window of its own: separate cookies, so a separate person.

    Whatever the page could not cope with fails the test that opened it.
    """
    contexts = []
    problems: list[str] = []

    def open_in(language: str) -> Page:
        context = chromium.new_context(
            base_url=game_url,
            locale=language,
            viewport={"width": 1280, "height": 720},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"/{language}/")
        return page

    yield open_in
    for context in contexts:
        context.close()
    assert problems == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean_environment(data: Path) -> dict[str, str]:
    """What `make play` would see: no settings or database of the test run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "AMQP_URL", "AETHER_PROFILE"}
    }
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
            time.sleep(0.2)
    pytest.fail(f"the game did not start:\n{log.read_text()[-4000:]}")
