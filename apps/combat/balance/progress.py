"""A bar that grows while people wait; on anything but a terminal it stays silent."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol, Self

WIDTH = 30


class Screen(Protocol):
    def isatty(self) -> bool: ...

    def write(self, msg: str, *, ending: str | None = None) -> None: ...


class Progress:
    """Use it as `with Progress(total, screen) as progress`, and `show` how much is done."""

    def __init__(self, total: int, screen: Screen) -> None:
        self._total = total
        self._screen = screen
        self._began = time.perf_counter()
        self._is_shown = screen.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown:
            self._screen.write("\r\x1b[K", ending="")

    def show(self, done: int) -> None:
        if not self._is_shown:
            return
        seconds = max(1e-9, time.perf_counter() - self._began)
        left = seconds * (self._total - done) / max(1, done)
        self._screen.write(f"\r{bar(done, self._total)} {done / seconds:.0f}/s, {left:.0f} s left", ending="")


def bar(done: int, total: int) -> str:
    full = WIDTH * done // total
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {done}/{total}"
