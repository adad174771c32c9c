"""A cluster from its start to its stop."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from types import FrameType

from aether.operations.cluster import edge, stores
from aether.operations.cluster.processes import GROUPS, REMOTE_APPS, ClusterError, Process, roles
from aether.operations.cluster.shards import Shard, make_database, shards_of
from aether.operations.cluster.stores import STORES, Store
from aether.operations.cluster.supervising import Supervisor
from aether.operations.cluster.watching import Say, Watch
from aether.operations.listening import listen
from aether.operations.running import RunningGame, announced, running_game
from aether.settings import environment
from aether.settings.local_secret import local_secret

START_S = 180
PATIENCE_S = 15
"""After so long, it says for whom it waits."""

LOOK_S = 1.0
STORE_PORTS, SHARD_PORTS = 8, 12


class StopAskedError(Exception):
    """The operator wants the cluster to stop."""


def run(*, host: str, port: int, folder: Path, say: Say, count: int = 1) -> None:
    """Run every role of so many shards behind nginx, from `port` on, until SIGINT or SIGTERM.

    Raises ClusterError or PortError, with a sentence for people, when it cannot start.
    """
    if game := running_game(folder):
        raise ClusterError(
            f"The game already runs on {folder}: {game.url} (process {game.pid}). "
            "Stop it, or choose another folder with DATA=…"
        )
    secret = local_secret(folder)
    name = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104
    with (
        announced(folder, RunningGame(url=f"http://{name}:{port}", pid=os.getpid())),
        stopping_on_signals(say) as stop,
        ExitStack() as undo,
    ):
        undo.callback(_clear, folder)
        supervisor = _without_leftovers(folder, say)
        for each in range(port, port + count):
            listen(host, each, command="make cluster").close()
        front = edge.process(folder / "cluster" / "nginx", host=host, port=port)
        ports = iter(_free_ports(STORE_PORTS + count * SHARD_PORTS))
        found = [_store(variable, folder, ports, say, count) for variable in STORES]
        shards = shards_of(count, host=name, port=port, stores=found)
        played = {
            shard.id: roles(ports, scratch=folder / "cluster", prefix=shard.prefix, variables=shard.variables)
            for shard in shards
        }
        fronts = [edge.Front(each.id, each.port, _gateways(played[each.id])) for each in shards]
        edge.write(folder / "cluster" / "nginx", host=host, fronts=fronts, hops=_hops())
        edge.check(front.command)
        variables = _variables(folder, secret, found)
        for shard in shards:
            _note_variables(folder / "cluster" / f"{shard.prefix}environment", variables | shard.variables)
        processes = [process for store in found for process in store.processes]
        processes += [process for those in played.values() for process in those] + [front]
        undo.callback(_stop, supervisor, say)
        supervisor.start(processes, os.environ | variables)
        _start(supervisor, processes, shards, variables, say=say, stop=stop)
        watch = Watch(supervisor, processes, say)
        watch.look()  # who is started again from now on is noticed
        say(_where(shards, supervisor))
        while not stop.wait(LOOK_S):
            watch.look()


@contextmanager
def stopping_on_signals(say: Say) -> Iterator[threading.Event]:
    """Set the event at the first SIGINT, SIGTERM or SIGHUP; the next ones change nothing."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        say(
            "Stopping: players are told to come back, then everything ends in order."
            if not stop.is_set()
            else "Already stopping …"
        )
        stop.set()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in signals}
    try:
        with suppress(StopAskedError):
            yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _without_leftovers(folder: Path, say: Say) -> Supervisor:
    """Return the manager of an empty cluster folder; end what a killed start has left there."""
    supervisor = Supervisor(folder)
    if supervisor.is_answering():
        say("A cluster was left running when its start was killed: it is stopped first.")
    supervisor.stop()
    _clear(folder)
    supervisor.settings.parent.mkdir(mode=0o700, parents=True)
    return supervisor


def _clear(folder: Path) -> None:
    shutil.rmtree(folder / "cluster", ignore_errors=True)


def _gateways(played: Sequence[Process]) -> list[int]:
    return [one.port for one in played if one.group == "gateways"]


def _store(variable: str, folder: Path, ports: Iterator[int], say: Say, count: int) -> Store:
    if url := environment.text(variable):
        return stores.given(variable, url)
    title = STORES[variable][0]
    if not environment.flag("CLUSTER_LOCAL", False):
        raise ClusterError(
            f"{variable} is not set: name a {title}, or let the cluster start its own with CLUSTER_LOCAL=1."
        )
    say(f"{title}: one of our own in {folder}")
    return stores.local(variable, folder, ports, shards=count)


def _hops() -> list[str]:
    """Return the proxies in front of nginx whose X-Forwarded-* is believed (TRUSTED_HOPS)."""
    try:
        return [str(ip_network(hop)) for hop in environment.names("TRUSTED_HOPS")]
    except ValueError as error:
        raise ClusterError(f"TRUSTED_HOPS must name addresses or networks: {error}.") from error


def _variables(folder: Path, secret: str, found: Sequence[Store]) -> dict[str, str]:
    """Return the settings of the roles: the operator's own before ours."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "aether.settings.services",
        "DATA": str(folder),
        "REMOTE_APPS": REMOTE_APPS,
        "PYTHONUNBUFFERED": "1",
    }
    defaults = {
        "SECRET_KEY": secret,
        "SECRET_KEY_FALLBACKS": "",
        "ALLOWED_HOSTS": "localhost,[::1]",
        "BEHIND_TLS": "no",
        "TRUSTED_PROXIES": "1",
    }
    chosen = {name: environment.text(name, value) for name, value in defaults.items()}
    # The watch asks the processes as 127.0.0.1.
    chosen["ALLOWED_HOSTS"] += ",127.0.0.1"
    return ours | chosen | {store.variable: store.url for store in found}


def _note_variables(path: Path, variables: Mapping[str, str]) -> None:
    """Write the settings where other commands of the operator find them."""
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items()))


def _start(
    supervisor: Supervisor,
    processes: Sequence[Process],
    shards: Sequence[Shard],
    variables: dict[str, str],
    *,
    say: Say,
    stop: threading.Event,
) -> None:
    """Start the stores, make the databases ready, start the roles; return when all are well."""
    own = [process for process in processes if process.group == "stores"]
    if own:
        supervisor.start_group("stores")
    first, *others = shards
    # A broker of our own takes longest to come up, and is not needed before.
    needed = [store for store in first.stores if store.variable != "BROKER_URL" or not store.processes]
    _wait_for_stores(supervisor, needed, stop)
    _prepare(variables | first.variables, stop)
    for shard in others:
        say(f"Shard {shard.id}: its database")
        make_database(shard, beside=first)
        _wait_for_stores(supervisor, shard.stores, stop)
        _prepare(variables | shard.variables, stop)
    _wait_for_stores(supervisor, first.stores, stop)
    played = [process for process in processes if process.group != "stores"]
    say("Starting " + ", ".join(process.name for process in played))
    for group in reversed(GROUPS):
        if any(process.group == group for process in played):
            supervisor.start_group(group)
    _wait_for_roles(supervisor, Watch(supervisor, played, say), stop)


def _wait_for_stores(supervisor: Supervisor, found: Sequence[Store], stop: threading.Event) -> None:
    deadline = time.monotonic() + START_S
    for store in found:
        while problem := store.problem():
            if not store.processes:
                raise ClusterError(f"{store.title} does not answer at {store.variable}: {problem}")
            if time.monotonic() > deadline:
                said = supervisor.last_line(store.processes[-1].name)
                raise ClusterError(
                    f"{store.title} is not up after {START_S} s: {problem}. Its log ends: {said}"
                )
            _pause(stop)


def _wait_for_roles(supervisor: Supervisor, watch: Watch, stop: threading.Event) -> None:
    began, has_told = time.monotonic(), False
    while problems := watch.problems():
        waited_s = time.monotonic() - began
        if waited_s > START_S:
            ends = (
                f"{name}: {why}. Its log ends: {supervisor.last_line(name)}" for name, why in problems.items()
            )
            raise ClusterError(f"Not up after {START_S} s:\n  " + "\n  ".join(ends))
        if waited_s > PATIENCE_S and not has_told:
            has_told = True
            watch.say("Still waiting for " + "; ".join(f"{name}: {why}" for name, why in problems.items()))
        _pause(stop)


def _prepare(variables: dict[str, str], stop: threading.Event) -> None:
    """Bring database and content to the present version, in the services profile."""
    running = subprocess.Popen(
        [sys.executable, "manage.py", "prepare"],
        cwd=environment.PROJECT,
        env=os.environ | variables,
        start_new_session=True,
    )
    while running.poll() is None:
        if stop.wait(0.1):
            running.terminate()
            running.wait()
            raise StopAskedError
    if running.returncode:
        raise ClusterError("The database could not be made ready; the lines above say why.")


def _pause(stop: threading.Event) -> None:
    if stop.wait(0.2):
        raise StopAskedError


def _stop(supervisor: Supervisor, say: Say) -> None:
    supervisor.stop()
    say("Everything has stopped.")


def _free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def _where(shards: Sequence[Shard], supervisor: Supervisor) -> str:
    control = Path(sys.executable).with_name("supervisorctl")
    up = " and ".join(f"{shard.url}/" for shard in shards)
    return (
        f"\n  Aether is up:  {up}\n  Game masters:  {shards[0].url}/gm/\n  Logs:          {supervisor.logs}/"
        f"\n  Processes:     {control} -c {supervisor.settings} status\n  Stop it with Ctrl-C.\n"
    )
