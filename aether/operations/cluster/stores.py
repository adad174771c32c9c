"""PostgreSQL, Redis and RabbitMQ: asked if they answer, and started locally where no address was given.

The database of a local cluster is that of the data folder, the same that `make play` uses. Redis and
RabbitMQ hold nothing of value: what they have written goes when the cluster stops.
"""

from __future__ import annotations

import json
import secrets
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
import redis
from kombu.connection import Connection

from aether.operations.cluster.processes import SHARDS, ClusterError, Process
from aether.settings import embedded_postgres

CONNECTIONS_MAX = 200


@dataclass(frozen=True, slots=True)
class Store:
    """A store of the cluster, by its address; `processes` are those that we start for it."""

    title: str
    variable: str
    url: str
    ask: Callable[[str], object]
    processes: tuple[Process, ...] = ()

    def problem(self) -> str:
        """Return why it does not answer, in a line; nothing if it does."""
        try:
            self.ask(self.url)
        except (psycopg.Error, redis.RedisError, OSError, ValueError) as error:
            return (str(error).strip() or type(error).__name__).splitlines()[0]
        return ""


def ask_postgres(url: str) -> None:
    with psycopg.connect(url, connect_timeout=3) as connection:
        connection.execute("SELECT 1")


def ask_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as connection:
        connection.ping()


def ask_rabbitmq(url: str) -> None:
    with Connection(url, connect_timeout=3) as connection:  # type: ignore[no-untyped-call]  # it has no types
        connection.connect()


STORES = {
    "DATABASE_URL": ("PostgreSQL", ask_postgres),
    "REDIS_URL": ("Redis", ask_redis),
    "BROKER_URL": ("RabbitMQ", ask_rabbitmq),
}


def given(variable: str, url: str) -> Store:
    """Return the store that runs at `url`."""
    title, ask = STORES[variable]
    return Store(title=title, variable=variable, url=url, ask=ask)


def local(variable: str, folder: Path, ports: Iterator[int], *, shards: int = 1) -> Store:
    """Return a store of our own for so many shards, its files in the data folder; `ports` are free ones."""
    title, ask = STORES[variable]
    start = {"DATABASE_URL": _postgres, "REDIS_URL": _redis, "BROKER_URL": _rabbitmq}[variable]
    url, processes = start(folder, ports, shards)
    return Store(title=title, variable=variable, url=url, ask=ask, processes=processes)


Started = tuple[str, tuple[Process, ...]]


def _postgres(folder: Path, _ports: Iterator[int], shards: int) -> Started:
    server = embedded_postgres.program(folder)
    command = (*server.command, "-c", f"max_connections={CONNECTIONS_MAX * shards}")
    # SIGINT asks PostgreSQL not to wait for its clients.
    process = Process(
        name="postgres", group="stores", command=command, user=server.user, stop_signal="INT", patience_s=30
    )
    return server.url, (process,)


def _redis(folder: Path, ports: Iterator[int], _shards: int) -> Started:
    program = _program("redis-server", "REDIS_URL")
    place, port, password = _folder(folder, "redis"), next(ports), secrets.token_urlsafe(24)
    settings = [
        f"port {port}",
        "bind 127.0.0.1",
        f"requirepass {password}",
        f'dir "{place}"',
        'save ""',
        "appendonly no",
        "client-output-buffer-limit pubsub 32mb 8mb 60",
    ]
    command = (program, str(_written(place / "redis.conf", settings)))
    return f"redis://:{password}@127.0.0.1:{port}/0", (_store("redis", command, port),)


def _rabbitmq(folder: Path, ports: Iterator[int], shards: int) -> Started:
    program = Path(_program("rabbitmq-server", "BROKER_URL"))
    if program.resolve().name == "rabbitmq-script-wrapper":
        # Debian's wrapper insists on the system's own user and folders.
        program = program.resolve().with_name("rabbitmq-server")
    epmd = _program("epmd", "BROKER_URL")
    place, password = _folder(folder, "rabbitmq"), secrets.token_urlsafe(24)
    port, names_port, node_port = next(ports), next(ports), next(ports)
    settings = [
        f"listeners.tcp.1 = 127.0.0.1:{port}",
        f"load_definitions = {_written(place / 'definitions.json', [_definitions(password, shards)])}",
        "disk_free_limit.absolute = 1GB",
        "log.console = true",
        "log.console.level = warning",
        "log.file = false",
    ]
    variables = {
        "HOME": place,
        "ERL_EPMD_PORT": names_port,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_CONF_ENV_FILE": _written(place / "environment", []),
        "RABBITMQ_CONFIG_FILE": _written(place / "rabbitmq.conf", settings),
        "RABBITMQ_ENABLED_PLUGINS_FILE": _written(place / "plugins", ["[]."]),
        "RABBITMQ_NODENAME": "aether@localhost",
        "RABBITMQ_DIST_PORT": node_port,
        "RABBITMQ_MNESIA_BASE": place / "mnesia",
        "RABBITMQ_LOG_BASE": place / "log",
        "RABBITMQ_PID_FILE": place / "pid",
        # Schedulers that do not spin: the processors are for the game.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
    }
    environment = ("env", *(f"{name}={value}" for name, value in variables.items()))
    names = Process(
        name="rabbitmq-names",
        group="stores",
        command=(*environment, epmd),
        port=names_port,
        alive="",
        ready="",
    )
    server = _store("rabbitmq", (*environment, str(program)), port)
    return f"amqp://aether:{password}@127.0.0.1:{port}//", (names, server)


def _definitions(password: str, shards: int) -> str:
    """Return who may do what in which virtual host: each shard has one."""
    salt = secrets.token_bytes(4)
    digest = b64encode(salt + sha256(salt + password.encode()).digest()).decode()
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    vhosts = ["/", *list(SHARDS)[1:shards]]
    return json.dumps(
        {
            "users": [
                {
                    "name": "aether",
                    "password_hash": digest,
                    "hashing_algorithm": "rabbit_password_hashing_sha256",
                    "tags": "",
                }
            ],
            "vhosts": [{"name": vhost} for vhost in vhosts],
            "permissions": [{"user": "aether", "vhost": vhost, **everything} for vhost in vhosts],
        }
    )


def _store(name: str, command: tuple[str, ...], port: int) -> Process:
    return Process(name=name, group="stores", command=command, port=port, alive="", ready="", patience_s=30)


def _program(name: str, variable: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ClusterError(f"{name} is not installed: install it, or name a running one in {variable}.")
    return found


def _folder(folder: Path, name: str) -> Path:
    place = folder / "cluster" / name
    place.mkdir(mode=0o700, parents=True)
    return place


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path
