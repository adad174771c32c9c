"""What a cluster consists of: one process for each role, its command and how it is seen to be well."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

GATEWAY_OPTIONS = (
    *("--loop", "uvloop", "--http", "h11", "--ws", "websockets-sansio"),
    *("--ws-max-size", "8192", "--ws-per-message-deflate", "false", "--ws-ping-interval", "0"),
    *("--lifespan", "on", "--log-level", "warning", "--no-access-log", "--no-server-header"),
    *("--timeout-graceful-shutdown", "10", "--timeout-keep-alive", "60"),
)
"""How uvicorn serves a gateway: as `aether.operations.play.server_config` does in one process."""

SERVICES = {
    "combat-1": ("combat", "--shard", "0/2"),
    "combat-2": ("combat", "--shard", "1/2"),
    "world": ("world",),
}
REMOTE_APPS = ",".join(sorted({app for app, *_ in SERVICES.values()}))

WORKER_QUEUES = {"worker-1": "accounts,economy,quests", "worker-2": "kernel,chat,world,combat"}


SHARDS = {
    "first": ("First", "Premier"),
    "second": ("Second", "Deuxième"),
    "third": ("Third", "Troisième"),
    "fourth": ("Fourth", "Quatrième"),
}
"""The shards that there may be, with their names in English and French."""


class ClusterError(Exception):
    """The cluster cannot start or go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process of the cluster. Groups stop one after the other, in the order of GROUPS."""

    name: str
    group: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 0
    """Where it answers `alive` and `ready`; one that has none is asked only if it listens there."""
    alive: str = "/healthz"
    ready: str = "/readyz"
    user: str = ""
    stop_signal: str = "TERM"
    patience_s: int = 15
    """How long it may take to stop before it is killed."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Settings that are its own, beside those of the whole cluster."""


GROUPS = ("gateways", "edge", "services", "background", "stores")
"""Players are told first, then nobody sends commands, then facts; the stores go last."""


def roles(
    ports: Iterator[int], *, scratch: Path, prefix: str = "", variables: Mapping[str, str] | None = None
) -> list[Process]:
    """Return the processes of every role of a shard, on free ports; their names begin with the prefix."""
    schedule = ("--schedule", str(scratch / f"{prefix}beat-schedule"))
    found = [
        *(_worker(name, queues, next(ports)) for name, queues in WORKER_QUEUES.items()),
        _background("relay", (sys.executable, "manage.py", "runrelay"), next(ports)),
        _background("beat", (*_celery("beat"), *schedule), next(ports)),
        *(_service(name, asked, next(ports)) for name, asked in SERVICES.items()),
        *(_gateway(f"gateway-{number}", next(ports)) for number in (1, 2)),
    ]
    return [replace(each, name=prefix + each.name, variables=variables or {}) for each in found]


def _gateway(name: str, port: int) -> Process:
    uvicorn = (sys.executable, "-m", "uvicorn", "aether.asgi:application")
    where = ("--host", "127.0.0.1", "--port", str(port), "--forwarded-allow-ips", "127.0.0.1")
    return Process(
        name=name,
        group="gateways",
        command=(*uvicorn, *where, *GATEWAY_OPTIONS),
        port=port,
        patience_s=20,
    )


def _service(name: str, asked: Sequence[str], port: int) -> Process:
    command = (sys.executable, "manage.py", "runservice", *asked)
    return Process(
        name=name, group="services", command=_telling_health(command, port), port=port, patience_s=20
    )


def _worker(name: str, queues: str, port: int) -> Process:
    options = ("--hostname", f"{name}@%h", "--queues", queues, "--concurrency", "2", "--loglevel", "WARNING")
    return _background(name, (*_celery("worker"), *options, "--without-gossip"), port)


def _background(name: str, command: Sequence[str], port: int) -> Process:
    # A job may take 30 s; one that is cut off is delivered again.
    return Process(
        name=name, group="background", command=_telling_health(command, port), port=port, patience_s=35
    )


def _telling_health(command: Sequence[str], port: int) -> tuple[str, ...]:
    return ("env", f"HEALTH_PORT={port}", *command)


def _celery(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "aether.celery", command)
