"""The secret key of the embedded profile: drawn once, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def local_secret(folder: Path) -> str:
    """Return the key kept in `folder`, drawing it on the first call."""
    path = folder / "secret-key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(64))
            fresh.rename(path)
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"The data folder {folder} cannot be used: {error.strerror}.") from error
