"""What keeps a cluster from starting is one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aether.operations.cluster import edge
from aether.operations.cluster.processes import ClusterError
from aether.operations.cluster.running import run
from aether.operations.listening import PortError
from aether.operations.running import RunningGame, announced
from aether.settings.environment import PROJECT
from tests.ports import free_port

NOBODY = "127.0.0.1:1"
URLS = {
    "DATABASE_URL": f"postgresql://aether:secret@{NOBODY}/aether",
    "REDIS_URL": f"redis://:secret@{NOBODY}/0",
    "BROKER_URL": f"amqp://aether:secret@{NOBODY}//",
}


Refuse = Callable[..., str]


@pytest.fixture
def refusal(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Start a cluster that cannot start; return what it says."""

    def start(folder: Path | None = None, *, port: int | None = None, **variables: str) -> str:
        given = dict.fromkeys([*URLS, "CLUSTER_LOCAL", "TRUSTED_HOPS"], "") | variables
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        place = folder or short_path / "data"
        with pytest.raises((ClusterError, PortError)) as refused:
            run(host="127.0.0.1", port=port or free_port(), folder=place, say=lambda _line: None)
        assert not (place / "cluster").exists(), "something was left behind"
        assert "\n" not in str(refused.value)
        return str(refused.value)

    return start


def test_without_addresses_it_says_what_to_name(nginx_needed: None, refusal: Refuse) -> None:
    assert "DATABASE_URL is not set: name a PostgreSQL" in refusal()
    assert "CLUSTER_LOCAL=1" in refusal(DATABASE_URL=URLS["DATABASE_URL"])


def test_a_store_that_does_not_answer_is_named(nginx_needed: None, refusal: Refuse) -> None:
    assert "PostgreSQL does not answer at DATABASE_URL: connection" in refusal(**URLS)


def test_without_nginx_it_says_so(refusal: Refuse, short_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "SYSTEM_FOLDERS", str(short_path))
    assert "nginx is not installed: install it" in refusal(**URLS, PATH=str(short_path))


def test_a_local_store_that_is_missing_is_named(
    nginx_needed: None, refusal: Refuse, short_path: Path
) -> None:
    given = {"DATABASE_URL": URLS["DATABASE_URL"], "CLUSTER_LOCAL": "1", "PATH": str(short_path)}
    said = refusal(**given)
    assert "redis-server is not installed: install it, or name a running one in REDIS_URL" in said


def test_a_taken_port_is_named(refusal: Refuse) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(port=port, **URLS)
    assert f"Port {port} is taken: choose another, as in make cluster PORT=" in said


def test_a_game_on_the_same_folder_is_left_alone(refusal: Refuse, short_path: Path) -> None:
    (short_path / "data").mkdir()
    with announced(short_path / "data", RunningGame(url="http://localhost:8000", pid=1)):
        assert "The game already runs on" in refusal(**URLS)


def test_a_hop_must_be_an_address(nginx_needed: None, refusal: Refuse) -> None:
    assert "TRUSTED_HOPS must name addresses" in refusal(**URLS, TRUSTED_HOPS="proxy.example")


def test_a_folder_whose_name_is_too_long_for_a_socket_is_refused(refusal: Refuse, short_path: Path) -> None:
    assert "too long for a socket" in refusal(short_path / ("x" * 90), **URLS)


def test_people_get_the_sentence_and_no_traceback(short_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aether.operations.cluster", "--port", "８０００"],
        cwd=PROJECT,
        env=os.environ | {"DATA": str(short_path / "data")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("aether: '８０００' is not a port: choose one from 1 to 65535")
    assert len(done.stderr.splitlines()) == 1
