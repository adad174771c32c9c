"""supervisord: keeps the processes up, writes their logs, and stops them group by group."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import SupervisorTransport

from aether.operations.cluster.processes import GROUPS, ClusterError, Process
from aether.settings.environment import PROJECT

START_S = 10
STOP_S = 90
SOCKET_PATH_MAX = 90
UNANSWERED = (OSError, HTTPException, Fault)


@dataclass(frozen=True, slots=True)
class State:
    """What supervisord says of a process: `RUNNING`, `BACKOFF` and so on, and since when or why."""

    word: str
    said: str
    pid: int


class Supervisor:
    """The supervisord of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.logs = folder / "logs"
        self.settings = folder / "cluster" / "supervisord.conf"
        self._socket = folder / "cluster" / "supervisor.sock"
        self._note = folder / "cluster" / "supervisord.session"
        self._running: subprocess.Popen[bytes] | None = None
        if len(str(self._socket)) > SOCKET_PATH_MAX:
            raise ClusterError(
                f"The path {folder} is too long for a socket in it: choose another with DATA=…."
            )

    def start(self, processes: Sequence[Process], environment: Mapping[str, str]) -> None:
        """Start it with processes that do not run yet; all inherit the environment."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(configuration(processes, socket=self._socket, logs=self.logs))
        command = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "-c", str(self.settings)]
        # In a session of its own: Ctrl-C is for us, and whoever is left over can be found by it.
        self._running = subprocess.Popen(  # noqa: S603
            command, cwd=PROJECT, env=dict(environment), stdout=subprocess.DEVNULL, start_new_session=True
        )
        self._note.write_text(f"{self._running.pid} {psutil.Process(self._running.pid).create_time()}")
        deadline = time.monotonic() + START_S
        while not self.is_answering():
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(0.05)
            if self._running.returncode is not None or time.monotonic() > deadline:
                raise ClusterError(f"The process manager does not start: {self.last_line('supervisord')}")

    def start_group(self, group: str) -> None:
        """Start the processes of a group, without waiting for them."""
        self._ask().startProcessGroup(group, False)

    def kill(self, process: Process) -> None:
        """Kill a process that hangs; it comes back by itself."""
        with suppress(*UNANSWERED):
            self._ask().signalProcess(f"{process.group}:{process.name}", "KILL")

    def states(self) -> dict[str, State]:
        """Return how every process is; raise ClusterError where the manager itself is gone."""
        try:
            found: Any = self._ask().getAllProcessInfo()
        except UNANSWERED as error:
            raise ClusterError("The process manager has died; everything is stopped.") from error
        return {
            one["name"]: State(one["statename"], one["spawnerr"] or one["description"], one["pid"])
            for one in found
        }

    def last_line(self, name: str) -> str:
        """Return the last line of a process's log."""
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace")[-4000:].strip().splitlines() if path.exists() else []
        return lines[-1] if lines else f"{path} is empty"

    def is_answering(self) -> bool:
        try:
            self._ask().getState()
        except UNANSWERED:
            return False
        return True

    def stop(self) -> None:
        """Stop every process, group by group, then supervisord; kill who is still there at the end."""
        with suppress(*UNANSWERED, psutil.Error):
            self._ask().shutdown()
            if leader := self._leader():
                leader.wait(STOP_S)
        self._end_session()
        self._socket.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _end_session(self) -> None:
        """End what a supervisord that was killed has left behind."""
        number = self._noted()
        left = [one for one in psutil.process_iter() if number and _session_of(one) == number]
        for process in left:
            with suppress(psutil.Error):
                process.terminate()
        _, stubborn = psutil.wait_procs(left, timeout=10)
        for process in stubborn:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(stubborn, timeout=5)

    def _leader(self) -> psutil.Process | None:
        """Return the noted supervisord, while it runs."""
        number = self._noted()
        return psutil.Process(number) if number and psutil.pid_exists(number) else None

    def _noted(self) -> int:
        """Return the number of supervisord's session, unless it belongs to somebody else by now."""
        try:
            number, began = self._note.read_text().split()
        except (FileNotFoundError, ValueError):
            return 0
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(int(number)).create_time() != float(began):
                return 0
        return int(number)

    def _ask(self) -> Any:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        return ServerProxy("http://supervisor", transport=transport).supervisor


def configuration(processes: Sequence[Process], *, socket: Path, logs: Path) -> str:
    """Return supervisord's configuration. Who dies is started again, each time after a second more."""
    sections: dict[str, dict[str, object]] = {
        "unix_http_server": {"file": socket, "chmod": "0700"},
        "supervisorctl": {"serverurl": f"unix://{socket}"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
        "supervisord": {
            "logfile": logs / "supervisord.log",
            "pidfile": socket.with_name("supervisord.pid"),
            "silent": "true",
        }
        | ({"user": "root"} if os.geteuid() == 0 else {}),
    }
    for priority, group in enumerate(reversed(GROUPS)):
        names = [process.name for process in processes if process.group == group]
        if names:
            sections[f"group:{group}"] = {"programs": ",".join(names), "priority": priority}
    for process in processes:
        sections[f"program:{process.name}"] = _program(process, logs)
    return "".join(
        f"[{name}]\n"
        + "".join(f"{key} = {str(value).replace('%', '%%')}\n" for key, value in section.items())
        for name, section in sections.items()
    )


def _program(process: Process, logs: Path) -> dict[str, object]:
    own = ",".join(f'{name}="{value}"' for name, value in process.variables.items())
    return {
        "command": shlex.join(process.command),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 2,
        "startretries": 1_000_000,
        "stopsignal": process.stop_signal,
        "stopwaitsecs": process.patience_s,
        "stopasgroup": "true" if process.stop_signal == "TERM" and process.group == "stores" else "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": logs / f"{process.name}.log",
        "stdout_logfile_maxbytes": "20MB",
        "stdout_logfile_backups": 3,
        "environment": own,
    } | ({"user": process.user} if process.user else {})


def _session_of(process: psutil.Process) -> int:
    try:
        return os.getsid(process.pid)
    except (OSError, psutil.Error):
        return 0
