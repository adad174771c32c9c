"""What other commands may know of the game that runs on a data folder: its address and its process.

Uses the standard library only, so that it also works before anything is installed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree


@dataclass(frozen=True, slots=True)
class RunningGame:
    url: str
    pid: int


def announce(folder: Path, game: RunningGame) -> None:
    """Leave a note in the data folder that this game is up."""
    (folder / "running.json").write_text(json.dumps(asdict(game)))


def withdraw(folder: Path) -> None:
    """Take the note away."""
    (folder / "running.json").unlink(missing_ok=True)


def running_game(folder: Path) -> RunningGame | None:
    """Return the game that runs on the data folder; a note left by a killed process does not count."""
    try:
        game = RunningGame(**json.loads((folder / "running.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return game if _is_alive(game.pid) else None


def clean_data(folder: Path) -> str | None:
    """Delete the data folder; return a sentence that says why not, if not."""
    if not folder.exists():
        return None
    if not (folder / "secret-key").exists():
        return f"{folder} is not a data folder of Aether; nothing was deleted."
    if game := running_game(folder):
        return f"The game is running on {folder} ({game.url}): stop it first (Ctrl-C)."
    _stop_database(folder / "postgres" / "postmaster.pid")
    rmtree(folder)
    return None


def _stop_database(pid_file: Path) -> None:
    """Stop a database that a killed process has left behind."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGQUIT)
    except (OSError, ValueError):
        return


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(clean_data(Path(sys.argv[1]).resolve()))
