"""nginx in front of the gateways: the files of docker/nginx, filled in for this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from aether.operations.cluster.processes import ClusterError, Process
from aether.settings.environment import PROJECT

SOURCE = PROJECT / "docker" / "nginx"
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin"
"""Where systems put servers, which is not in everybody's PATH."""


@dataclass(frozen=True, slots=True)
class Front:
    """Where people come to play on a shard, and the ports of its gateways on this machine."""

    shard: str
    port: int
    gateways: Sequence[int]


def process(place: Path, *, host: str, port: int) -> Process:
    """Return the nginx whose files are in `place`; it says on `port` that it is well."""
    return Process(
        name="nginx",
        group="edge",
        command=command(place),
        host="127.0.0.1" if host == "0.0.0.0" else host,  # noqa: S104
        port=port,
        alive="/nginx-health",
        ready="/nginx-health",
    )


def command(place: Path) -> tuple[str, ...]:
    """Return how to run the nginx whose files are in `place`."""
    program = shutil.which("nginx") or shutil.which("nginx", path=SYSTEM_FOLDERS)
    if program is None:
        raise ClusterError(
            "nginx is not installed: install it, as in apt install nginx or brew install nginx."
        )
    options = ("-p", str(place), "-e", "stderr", "-c", str(place / "nginx.conf"))
    return (program, *options, "-g", f"daemon off; pid {place / 'nginx.pid'};")


def write(place: Path, *, host: str, fronts: Sequence[Front], hops: Sequence[str]) -> None:
    """Write the files of an nginx before the gateways of every shard."""
    for folder in ("conf.d", "scratch"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "nginx.conf", place / "nginx.conf")
    believed = " ".join(f"set_real_ip_from {hop};" for hop in hops)
    _fill(place, "aether", TRUSTED_HOPS=believed, SCRATCH=str(place / "scratch"))
    for front in fronts:
        _fill(
            place,
            "shard",
            f"shard-{front.shard}",
            SHARD=front.shard,
            PORT=f"{host}:{front.port}",
            GATEWAYS=_servers(front.gateways, "max_fails=2 fail_timeout=3s"),
            SOCKETS=_servers(front.gateways, "max_fails=0"),
        )


def _fill(place: Path, template: str, name: str = "", **values: str) -> None:
    text = (SOURCE / "templates" / f"{template}.conf.template").read_text()
    # nginx's own variables have no braces and stay as they are.
    (place / "conf.d" / f"{name or template}.conf").write_text(Template(text).safe_substitute(values))


def _servers(ports: Sequence[int], options: str) -> str:
    return " ".join(f"server 127.0.0.1:{port} {options};" for port in ports)


def check(command: Sequence[str]) -> None:
    """Let nginx read its files; raise with what it says if it does not take them."""
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ClusterError(f"nginx does not take its configuration: {done.stderr.strip().splitlines()[0]}")
