"""A live game of its own and real Chromium windows, for the stories of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.game import PROJECT, Game, OpenWindow

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
PATIENCE_MS = 30_000
"""The pictures are painted without a graphics card here, two windows at a time."""


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
def game(needed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Game]:
    """One game for the package, with an empty data folder."""
    game = Game(tmp_path_factory.mktemp("game"))
    try:
        game.start()
        yield game
    finally:
        game.stop()


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
def open_window(chromium: Browser, game: Game) -> Iterator[OpenWindow]:
    """Open the game in a language, in a window of its own: another person, or the same as in another window.

    Whatever the page could not cope with fails the test that opened it.
    """
    contexts = []
    problems: list[str] = []

    def open_in(language: str, *, like: Page | None = None) -> Page:
        context = chromium.new_context(
            base_url=game.url,
            locale=language,
            viewport={"width": 1280, "height": 720},
            reduced_motion="reduce",
            storage_state=like.context.storage_state() if like else None,
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
