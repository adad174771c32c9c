"""Is the cluster well? Asks every process, says what changes, and kills what hangs so that it comes back."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

from aether.operations.cluster.processes import Process
from aether.operations.cluster.supervising import State, Supervisor

ANSWER_S = 3.0
HANGS_AFTER_S = 25.0
"""Who was not alive for so long is killed. Who is alive but takes no work waits for something."""

STARTS_WITHIN_S = 180.0
"""Who has not come alive since its start has more time: the machine may be busy."""

Say = Callable[[str], None]


def problem_of(process: Process, state: State | None) -> str:
    """Return why the process takes no work, in a few words; nothing if it does."""
    if state is None or state.word != "RUNNING":
        return f"{state.word.lower()}, {state.said}" if state else "unknown"
    return _ask(process, process.ready) if process.port else ""


def is_alive(process: Process) -> bool:
    """Tell if the process turns; a new start would mend one that does not."""
    return not process.port or not _ask(process, process.alive)


def _ask(process: Process, path: str) -> str:
    try:
        if not path:
            with closing(socket.create_connection((process.host, process.port), ANSWER_S)):
                return ""
        with closing(urllib.request.urlopen(f"http://{process.host}:{process.port}{path}", timeout=ANSWER_S)):
            return ""
    except urllib.error.HTTPError as error:
        with closing(error):
            return _down_parts(error.read()) or f"answers {error.code}"
    except OSError as error:
        return f"does not answer: {getattr(error, 'reason', error)}"


def _down_parts(body: bytes) -> str:
    """Return the parts that the health page calls down."""
    try:
        parts = json.loads(body)
        return ", ".join(f"{name} is {word}" for name, word in parts.items() if word not in {"ok", True})
    except (ValueError, AttributeError):
        return ""


@dataclass(slots=True)
class Watch:
    """Looks at all processes again and again."""

    supervisor: Supervisor
    processes: Sequence[Process]
    say: Say
    _problems: dict[str, str] = field(default_factory=dict)
    _dead_since: dict[str, float] = field(default_factory=dict)
    _pids: dict[str, int] = field(default_factory=dict)
    _has_lived: dict[str, int] = field(default_factory=dict)

    def problems(self) -> dict[str, str]:
        """Return who takes no work, and why."""
        states = self.supervisor.states()
        with ThreadPoolExecutor(len(self.processes)) as pool:
            found = pool.map(lambda one: problem_of(one, states.get(one.name)), self.processes)
            problems = {one.name: problem for one, problem in zip(self.processes, found, strict=True)}
        self._tell_restarts(states)
        return {name: problem for name, problem in problems.items() if problem}

    def look(self) -> None:
        """Say who has fallen or got up since the last look; kill who hangs."""
        problems = self.problems()
        for name in problems.keys() - self._problems.keys():
            self.say(f"{name} is not well: {problems[name]}")
        for name in self._problems.keys() - problems.keys():
            self.say(f"{name} is well again.")
        self._problems = problems
        for process in self.processes:
            if process.name in problems and not is_alive(process):
                self._bear(process)
            else:
                self._dead_since.pop(process.name, None)
                self._has_lived[process.name] = self._pids.get(process.name, 0)

    def _bear(self, process: Process) -> None:
        """Give a process that does not turn some time, then kill it."""
        now = time.monotonic()
        since = self._dead_since.setdefault(process.name, now)
        has_lived = self._has_lived.get(process.name) == self._pids.get(process.name)
        if now - since > (HANGS_AFTER_S if has_lived else STARTS_WITHIN_S):
            self.say(f"{process.name} hangs: it is killed and started again.")
            self.supervisor.kill(process)
            del self._dead_since[process.name]

    def _tell_restarts(self, states: dict[str, State]) -> None:
        for process in self.processes:
            state = states.get(process.name)
            if state is None or not state.pid:
                continue
            before = self._pids.get(process.name)
            if before and before != state.pid:
                self.say(f"{process.name} was started again (process {state.pid}).")
                self._dead_since.pop(process.name, None)
            self._pids[process.name] = state.pid
