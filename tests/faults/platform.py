"""The platform as it runs on real services: every role a process, every link of it through a fault proxy."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from kombu import Connection

from tests.faults.proxy import FaultProxy
from tests.faults.services import OwnPostgres, OwnRabbit, OwnRedis, until
from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "aether"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "aether.settings.services",
    "SECRET_KEY": "only-for-tests-" * 5,
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_TLS": "no",
    "ALLOW_WEAK_CREDENTIALS": "yes",
    "ALLOW_FAILPOINTS": "yes",
    "COMMANDS_PER_20_S": "100000",
    "COMMAND_BURST": "10000",
    "UNAUTHENTICATED_PER_ADDRESS": "2000",
    "SIGN_UPS_PER_MINUTE": "10000",
}
QUEUES = ("kernel", "accounts", "economy", "quests", "chat", "world", "combat")
PYTHON = sys.executable
GATEWAY = ("-m", "uvicorn", "aether.asgi:application", "--ws", "websockets-sansio", "--loop", "uvloop")
GATEWAY_OPTIONS = ("--ws-max-size", "8192", "--timeout-graceful-shutdown", "10", "--log-level", "warning")
WORKER = ("-m", "celery", "-A", "aether.celery", "worker", "--concurrency", "2", "--loglevel", "warning")
RELAY = ("manage.py", "runrelay")
COMBAT = ("manage.py", "runservice", "combat")
APART = {"combat-1": "0/2", "combat-2": "1/2"}
"""Processes that execute the commands of combat, and the partitions that each takes."""


class Links:
    """The ways of one process to the services."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.database = FaultProxy([("127.0.0.1", platform.postgres.port)], seed=seed)
        self.redis = FaultProxy([("127.0.0.1", platform.redis.port)], seed=seed + 1)
        self.broker = FaultProxy([("127.0.0.1", platform.rabbit.port)], seed=seed + 2)

    def all(self) -> tuple[FaultProxy, ...]:
        return (self.database, self.redis, self.broker)


class Role:
    """One process of the platform, which may be killed, paused and started again."""

    def __init__(
        self, name: str, command: tuple[str, ...], environment: dict[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._command, self.environment = command, environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def is_stopped(self) -> bool:
        """Tell if it stands still, as after SIGSTOP."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2]
        return after_name.split()[0] == "T"

    def start(self, **environment: str) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PYTHON, *self._command],
                cwd=PROJECT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_again(self, **environment: str) -> None:
        if self.is_running:
            self.kill()
        self.start(**environment)

    def kill(self) -> None:
        """kill -9, with all its children."""
        self._signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """SIGTERM, as a deployment does; `wait` for its end."""
        assert self._process is not None
        self._process.terminate()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def wait(self, within_s: float = 30) -> int:
        """Wait for its end and return its exit status."""
        assert self._process is not None
        return self._process.wait(within_s)

    def children(self) -> list[int]:
        """Return the processes that its threads have started."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/children")
        return [int(child) for thread in threads for child in thread.read_text().split()]

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


class Backstage:
    """A process with the platform's code on the database itself: migrates, makes people rich, checks."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "tests.faults.backstage"],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def __call__(self, do: str, **given: Any) -> Any:
        """Have something done and return what comes of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"backstage has died:\n{self._log.read_text()[-3000:]}"
        body = json.loads(answer)
        assert "error" not in body, body["error"]
        return body["ok"]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


class Platform:
    """Two gateways behind one address, a worker with two children, a relay; PostgreSQL, Redis, RabbitMQ."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.rabbit = OwnRabbit(folder)  # it takes longest, so it starts first
        self.postgres, self.redis = OwnPostgres(folder), OwnRedis(folder)
        self.postgres.execute(f"CREATE DATABASE {DATABASE}")
        self.backstage = Backstage(self._environment(None), folder / "backstage.log")
        self.links: dict[str, Links] = {}
        self.roles: dict[str, Role] = {}
        self.armed: set[Role] = set()
        """Roles that do not run as they should, and are started again before the next test."""
        self._ports = {name: free_port() for name in ("gateway-1", "gateway-2", *APART)}
        for number, name in enumerate((*self._ports, "worker", "relay")):
            self.links[name] = Links(self, seed + 10 * number)
            self.roles[name] = Role(name, self._command(name), self._environment(self.links[name]), folder)
        self._apart = {name: self.roles.pop(name) for name in APART}
        for service in self._apart.values():
            service.environment["REMOTE_APPS"] = "combat"
        ports = [self.port_of(gateway) for gateway in self.gateways]
        self.front = FaultProxy([("127.0.0.1", port) for port in ports], seed=seed)
        self.backstage("migrate")
        self.rabbit.await_up()

    @property
    def url(self) -> str:
        """Return the one address that players know."""
        return f"http://127.0.0.1:{self.front.port}"

    @property
    def gateways(self) -> tuple[Role, Role]:
        return self.roles["gateway-1"], self.roles["gateway-2"]

    @property
    def services(self) -> tuple[Role, ...]:
        """Return the processes that execute the commands of combat, if that is not done by the gateways."""
        return tuple(self.roles[name] for name in APART if name in self.roles)

    def serve_combat_apart(self) -> None:
        """Let two processes of their own execute the commands of combat."""
        self.roles |= self._apart
        self._restart_gateways(REMOTE_APPS="combat")

    def serve_combat_here(self) -> None:
        """Let the gateways execute the commands of combat, as they do at first."""
        for service in self.services:
            del self.roles[service.name]
            if service.is_running:
                service.kill()
        self._restart_gateways(REMOTE_APPS="")

    def _restart_gateways(self, **environment: str) -> None:
        for gateway in self.gateways:
            if environment.items() <= gateway.environment.items():
                continue
            gateway.environment |= environment
            if gateway.is_running:
                gateway.kill()
        self.restore()

    def port_of(self, gateway: Role) -> int:
        return self._ports[gateway.name]

    def restore(self) -> None:
        """Make everything well again: services, links, roles."""
        self.front.heal()
        for links in self.links.values():
            for proxy in links.all():
                proxy.heal()
        if not self.postgres.is_accepting():
            self.postgres.start()
        if not self.redis.is_up():
            self.redis.start()
        for role in self.roles.values():
            if role in self.armed or not role.is_running:
                role.start_again()
        self.armed.clear()
        self._await_all((*self.gateways, *self.services))

    def restart(self, *roles: Role, **environment: str) -> None:
        """Start roles again, side by side: as they should run, or in the way that is given."""
        for role in roles:
            role.start_again(**environment)
        if environment:
            self.armed.update(roles)
        else:
            self.armed.difference_update(roles)
        self._await_all(roles)

    def arm(self, points: Mapping[Role, str]) -> None:
        """Start roles again, side by side, each with a point, as in `before_tx=exit:3`."""
        for role, point in points.items():
            role.start_again(FAILPOINTS=point)
        self.armed.update(points)
        self._await_all(points)

    def _await_all(self, roles: Iterable[Role]) -> None:
        for role in roles:
            if role.name in self._ports:
                self.await_well(role)

    def await_well(self, role: Role, within_s: float = 60) -> float:
        """Wait until a gateway or service says that it is well; return how long that took."""
        began = time.monotonic()
        until(lambda: self._is_well(role), f"{role.name} is well", within_s=within_s)
        return time.monotonic() - began

    def try_ticket(self, token: str) -> int:
        """Ask for a ticket to a socket and return the status of the answer."""
        headers = {"X-Session-Token": token}
        path = f"{self.url}/api/v1/socket-tickets"
        return httpx.post(path, json={"character": None}, headers=headers, timeout=10).status_code

    def until_messages(self, are_right: Callable[[int], bool]) -> None:
        """Wait until the number of messages in all queues is right."""
        until(lambda: are_right(self._messages()), "the queues hold what they should")

    def all_consumed(self) -> None:
        """Wait until no message waits, nor is in anybody's hands."""
        with Connection(self.rabbit.url) as connection:
            # Each `rabbitmqctl` starts a virtual machine, so it is asked when there can be few left.
            look = partial(connection.default_channel.queue_declare, passive=True)
            until(lambda: not any(look(queue).message_count for queue in QUEUES), "the queues are empty")
        self.until_messages(lambda waiting: waiting == 0)

    def _messages(self) -> int:
        return sum(
            int(line) for line in self.rabbit.control("list_queues", "messages").split() if line.isdigit()
        )

    def close(self) -> None:
        for role in self.roles.values():
            if role.is_running:
                role.kill()
        for proxy in (self.front, *(proxy for links in self.links.values() for proxy in links.all())):
            proxy.close()
        self.backstage.close()
        self.rabbit.close()
        self.redis.close()
        self.postgres.close()

    def logs(self) -> str:
        """Return the last lines of every log."""
        tails = []
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-4:]
            tails.append(f"== {log.name}\n" + "\n".join(lines))
        return "\n".join(tails)

    def _is_well(self, role: Role) -> bool:
        assert role.is_running, f"{role.name} has died:\n{role.log.read_text()[-3000:]}"
        try:
            return httpx.get(f"http://127.0.0.1:{self.port_of(role)}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def _command(self, name: str) -> tuple[str, ...]:
        match name.partition("-")[0]:
            case "gateway":
                return (*GATEWAY, "--port", str(self._ports[name]), *GATEWAY_OPTIONS)
            case "combat":
                return (*COMBAT, "--shard", APART[name], "--health-port", str(self._ports[name]))
            case "worker":
                return WORKER
            case _:
                return RELAY

    def _environment(self, links: Links | None) -> dict[str, str]:
        """Return what a process is told: the proxies of its links, or the services themselves."""
        database = links.database.port if links else self.postgres.port
        redis = links.redis.port if links else self.redis.port
        broker = links.broker.port if links else self.rabbit.port
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AETHER_")},
            **SETTINGS,
            "DATA": str(self.folder),
            "REMOTE_APPS": "",
            "DATABASE_URL": self.postgres.url(database, DATABASE),
            "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "BROKER_URL": f"amqp://guest:guest@127.0.0.1:{broker}//",
        }


@contextlib.contextmanager
def running_platform(seed: int) -> Iterator[Platform]:
    """Start everything in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="aether-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        platform = Platform(folder, seed)
        try:
            yield platform
        finally:
            platform.close()
