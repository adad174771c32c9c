"""Deleting the data folder: what still runs there is stopped first, and has put its files away."""

from __future__ import annotations

import subprocess
from pathlib import Path

from aether.operations import running


def test_a_database_that_was_left_is_gone_before_its_files_are(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"
    script = f"trap 'sleep 0.1; rm {pid_file}; exit' QUIT; echo ready; read line"
    with subprocess.Popen(["bash", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as database:
        assert database.stdout is not None
        assert database.stdout.readline() == b"ready\n"
        pid_file.write_text(f"{database.pid}\n")
        running._stop_database(pid_file)
        assert not pid_file.exists()
