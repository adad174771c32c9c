"""The watch over a cluster tells what changes, and kills what hangs, but nobody who only waits or starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from aether.operations.cluster import watching
from aether.operations.cluster.processes import Process
from aether.operations.cluster.supervising import State
from aether.operations.cluster.watching import HANGS_AFTER_S, STARTS_WITHIN_S, Watch
from tests.operations.cluster.conftest import Gateway


class Manager:
    """Says that the process runs, under the number that it is given; notes whom it shall kill."""

    def __init__(self) -> None:
        self.pid = 100
        self.killed: list[str] = []

    def states(self) -> dict[str, State]:
        return {"gateway-1": State("RUNNING", "", self.pid)}

    def kill(self, process: Process) -> None:
        self.killed.append(process.name)
        self.pid += 1


class Watched:
    """A watch over one gateway of straw, and the clock that it reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gateway = Gateway("gateway-1")
        self.manager = Manager()
        self.said: list[str] = []
        self._now_s = 0.0
        monkeypatch.setattr(watching.time, "monotonic", lambda: self._now_s)
        process = Process(name="gateway-1", group="gateways", command=(), port=self.gateway.port)
        manager: Any = self.manager
        self._watch = Watch(manager, [process], self.said.append)

    def look(self, after_s: float = 0) -> None:
        self._now_s += after_s
        self._watch.look()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watched = Watched(monkeypatch)
    yield watched
    watched.gateway.stop()


def test_what_hangs_is_killed_after_a_while(watched: Watched) -> None:
    watched.look()
    watched.gateway.stop()
    watched.look(1)
    watched.look(HANGS_AFTER_S)
    assert watched.manager.killed == []
    watched.look(1)
    assert watched.manager.killed == ["gateway-1"]
    assert watched.said[0].startswith("gateway-1 is not well: does not answer")
    assert watched.said[-1] == "gateway-1 hangs: it is killed and started again."


def test_what_starts_has_more_time(watched: Watched) -> None:
    watched.look()
    watched.gateway.stop()
    watched.manager.pid += 1
    watched.look(1)
    watched.look(STARTS_WITHIN_S - 1)
    assert watched.manager.killed == []
    watched.look(2)
    assert watched.manager.killed == ["gateway-1"]


def test_what_only_waits_for_something_is_left_alone(watched: Watched) -> None:
    watched.gateway.refused = {"/readyz"}
    for _ in range(3):
        watched.look(STARTS_WITHIN_S)
    assert watched.manager.killed == []
    watched.gateway.refused = set()
    watched.look(1)
    assert watched.said[0].startswith("gateway-1 is not well: gateway is gateway-1"), (
        "it says what it was told"
    )
    assert watched.said[1:] == ["gateway-1 is well again."]


def test_a_new_start_is_told(watched: Watched) -> None:
    watched.look()
    watched.manager.pid = 200
    watched.look(1)
    assert watched.said == ["gateway-1 was started again (process 200)."]
