"""Clocks of single processes that jump while they run: Debian's faketime, by a file."""

from __future__ import annotations

from pathlib import Path

LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def library() -> Path | None:
    """Return what must be loaded into a process to lie to it about the time, if it is installed."""
    return next(Path("/").glob(LIBRARY.removeprefix("/")), None)


class OwnClock:
    """The clock of the machine as one process sees it; the time that has passed stays true, as in life."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.clock"
        self.jump("+0")

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process must be started with."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, to: str) -> None:
        """Set the clock so far from the true time as `+1h` or `-1d` says; it is seen within a second."""
        self._file.write_text(f"{to}\n")
