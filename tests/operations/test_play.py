"""`manage.py play` as a person uses it: it comes up, recovers from a kill, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from aether.operations.running import clean_data, running_game
from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
UP = "Aether is up"


class Game:
    """One `manage.py play` in a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        variables = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        variables |= {
            "DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "aether.settings.embedded",
            "PYTHONUNBUFFERED": "1",
        }
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "play", "--port", str(port)],
            cwd=PROJECT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def output_until(self, words: str) -> str:
        """Read what it prints until a line has the words, or until it ends."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if words in line:
                break
        return said

    def stop(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        return self.process.wait(timeout=30)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    clean_data(tmp_path / "data")


def test_the_game_comes_up_survives_a_kill_and_stops_cleanly(folder: Path) -> None:
    first = Game(folder, free_port())
    said = first.output_until(UP)
    assert UP in said
    assert "password" in said.lower()
    assert urllib.request.urlopen(first.url + "/healthz", timeout=5).status == 200
    assert clean_data(folder) is not None, "data must not be deleted under a running game"
    first.stop(signal.SIGKILL)
    assert running_game(folder) is None

    second = Game(folder, free_port())
    said = second.output_until(UP)
    assert UP in said
    assert "password" not in said.lower(), "the password is printed once"
    assert urllib.request.urlopen(second.url + "/healthz", timeout=5).status == 200
    assert second.stop(signal.SIGINT) == 0
    assert "Traceback" not in second.output_until("nothing more")
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        game = Game(folder, other.getsockname()[1])
        said = game.output_until("is taken")
    assert game.process.wait(timeout=30) == 1
    assert "choose another" in said
    assert "Traceback" not in said


def test_a_data_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    game = Game(tmp_path / "file" / "data", free_port())
    said = game.output_until("nothing more")
    assert game.process.wait(timeout=30) != 0
    assert "cannot be used" in said
    assert "Traceback" not in said


def test_a_folder_that_is_not_ours_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert "not a data folder" in (clean_data(tmp_path) or "")
    assert (tmp_path / "letter.txt").exists()
