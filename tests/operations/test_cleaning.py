"""Deleting the data folder: what still runs there is stopped first, and has put its files away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from aether.operations import running

# No shell: one that is begun in the background ignores SIGQUIT, and so do all that it begins.
DATABASE = """
import os, signal, sys

def stop(*_):
    os.remove(sys.argv[1])
    sys.exit()

signal.signal(signal.SIGQUIT, stop)
print("ready", flush=True)
sys.stdin.readline()
"""


def test_a_database_that_was_left_is_gone_before_its_files_are(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"
    command = [sys.executable, "-c", DATABASE, str(pid_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as database:
        assert database.stdout is not None
        assert database.stdout.readline() == b"ready\n"
        pid_file.write_text(f"{database.pid}\n")
        running._stop_database(pid_file)
        assert not pid_file.exists()
