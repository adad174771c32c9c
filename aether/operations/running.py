"""What other commands may know of the game that runs on a data folder: its address and its process.

Uses the standard library only, so that it also works before anything is installed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from shutil import rmtree

PATIENCE_S = 5.0
LOOK_EVERY_S = 0.01


@dataclass(frozen=True, slots=True)
class RunningGame:
    url: str
    pid: int


@contextlib.contextmanager
def announced(folder: Path, game: RunningGame) -> Iterator[None]:
    """Leave a note in the data folder, for as long as this lasts, that the game is up.

    The note is locked, and the lock goes with the process: one left by a killed process does not count.
    """
    with _note(folder).open("w") as note:
        flock(note, LOCK_EX | LOCK_NB)
        json.dump(asdict(game), note)
        note.flush()
        try:
            yield
        finally:
            _note(folder).unlink(missing_ok=True)


def running_game(folder: Path) -> RunningGame | None:
    """Return the game that runs on the data folder, if one does."""
    try:
        with _note(folder).open() as note:
            try:
                flock(note, LOCK_SH | LOCK_NB)
            except BlockingIOError:
                return RunningGame(**json.load(note))
    except FileNotFoundError:
        pass
    return None


def clean_data(folder: Path) -> str | None:
    """Delete the data folder; return a sentence that says why not, if not."""
    if not folder.exists():
        return None
    if not (folder / "secret-key").exists():
        return f"{folder} is not a data folder of Aether; nothing was deleted."
    if game := running_game(folder):
        return f"The game is running on {folder} ({game.url}): stop it first (Ctrl-C)."
    if _is_cluster_left(folder):
        return f"A cluster was left running on {folder} by a kill: start it once more, and stop it (Ctrl-C)."
    _stop_database(folder / "postgres" / "postmaster.pid")
    _stop_redis(folder / "redis.socket")
    rmtree(folder)
    return None


def _is_cluster_left(folder: Path) -> bool:
    """Tell if the process manager of a cluster still answers, though nobody watches it."""
    path = folder / "cluster" / "supervisor.sock"
    with socket.socket(socket.AF_UNIX) as probe:
        return path.exists() and probe.connect_ex(str(path)) == 0


def _stop_database(pid_file: Path) -> None:
    """Stop a database that a killed process has left behind, and wait until it has put its files away."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGQUIT)
    except (OSError, ValueError):
        return
    give_up_at, nothing = time.monotonic() + PATIENCE_S, threading.Event()
    while pid_file.exists() and time.monotonic() < give_up_at:
        nothing.wait(LOOK_EVERY_S)


def _stop_redis(note: Path) -> None:
    """Stop a Redis that a killed process has left behind, and wait until it is gone."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        server.settimeout(PATIENCE_S)
        server.connect(note.read_text())
        server.sendall(b"SHUTDOWN NOSAVE\r\n")
        server.recv(1)


def _note(folder: Path) -> Path:
    return folder / "running.json"


if __name__ == "__main__":
    sys.exit(clean_data(Path(sys.argv[1]).resolve()))
