"""nginx in front of the gateways: the files of docker/nginx, filled in for this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from string import Template

from aether.operations.cluster.processes import ClusterError
from aether.settings.environment import PROJECT

SOURCE = PROJECT / "docker" / "nginx"
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin"
"""Where systems put servers, which is not in everybody's PATH."""


def command(place: Path) -> tuple[str, ...]:
    """Return how to run the nginx whose files are in `place`."""
    program = shutil.which("nginx") or shutil.which("nginx", path=SYSTEM_FOLDERS)
    if program is None:
        raise ClusterError(
            "nginx is not installed: install it, as in apt install nginx or brew install nginx."
        )
    options = ("-p", str(place), "-e", "stderr", "-c", str(place / "nginx.conf"))
    return (program, *options, "-g", f"daemon off; pid {place / 'nginx.pid'};")


def write(place: Path, *, host: str, port: int, gateways: Sequence[int], hops: Sequence[str]) -> None:
    """Write the files of an nginx on `port` before the gateways on those ports of this machine."""
    for folder in ("conf.d", "scratch"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "nginx.conf", place / "nginx.conf")
    template = Template((SOURCE / "templates" / "aether.conf.template").read_text())
    # nginx's own variables have no braces and stay as they are.
    filled = template.safe_substitute(
        PORT=f"{host}:{port}",
        GATEWAYS=_servers(gateways, "max_fails=2 fail_timeout=3s"),
        SOCKETS=_servers(gateways, "max_fails=0"),
        TRUSTED_HOPS=" ".join(f"set_real_ip_from {hop};" for hop in hops),
        SCRATCH=str(place / "scratch"),
    )
    (place / "conf.d" / "aether.conf").write_text(filled)


def _servers(ports: Sequence[int], options: str) -> str:
    return " ".join(f"server 127.0.0.1:{port} {options};" for port in ports)


def check(command: Sequence[str]) -> None:
    """Let nginx read its files; raise with what it says if it does not take them."""
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ClusterError(f"nginx does not take its configuration: {done.stderr.strip().splitlines()[0]}")
