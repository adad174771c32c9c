"""Settings from the environment: a wrong value stops the start with one clear sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LIMITS_MS = {"statement_timeout": 5000, "lock_timeout": 2000, "idle_in_transaction_session_timeout": 10000}
PROJECT = Path(__file__).resolve().parents[2]


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is unset or empty."""
    return os.environ.get(name, "") or default


def required(name: str) -> str:
    """Return the variable; refuse to start without it."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: the services profile needs it.")
    return value


def integer(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    value = text(name, str(default))
    if not value.lstrip("-").isascii() or not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """Return the variable as yes or no."""
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    """Return the variable as one of a few words."""
    value = text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def names(name: str, default: str = "") -> list[str]:
    """Return the variable as a list, split at commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def some_of(name: str, known: Iterable[str]) -> list[str]:
    """Return the variable as a list of some of the known names."""
    given, possible = names(name), sorted(known)
    for each in given:
        if each not in possible:
            raise ImproperlyConfigured(f"{name} names {each!r}: there are {', '.join(possible)}.")
    return given


def shard() -> dict[str, Any]:
    """Return what the shard that this process serves (`SHARD`) tells others of itself."""
    name = text("SHARD", "first")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name):
        raise ImproperlyConfigured(
            f"SHARD must be up to 32 lower-case letters, digits or underscores, not {name!r}."
        )
    address = text("SHARD_ADDRESS").rstrip("/")
    if address and urlsplit(address).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"SHARD_ADDRESS must look like https://host, not {address!r}.")
    return {
        "id": name,
        "name_en": text("SHARD_NAME_EN", name.capitalize())[:48],
        "name_fr": text("SHARD_NAME_FR", text("SHARD_NAME_EN", name.capitalize()))[:48],
        "address": address,
        "capacity": integer("SHARD_CAPACITY", 2000),
    }


def databases(url: str) -> dict[str, dict[str, Any]]:
    """Return the shard's database and, where another one keeps the realm (`REALM_DATABASE_URL`), that too."""
    realm = text("REALM_DATABASE_URL")
    if not realm or realm == url:
        return {"default": database(url)}
    if not text("SECRET_KEY"):
        raise ImproperlyConfigured(
            "REALM_DATABASE_URL needs SECRET_KEY, the same on every shard: "
            "who signs in on one is known on all."
        )
    if not text("SHARD"):
        raise ImproperlyConfigured("REALM_DATABASE_URL needs SHARD: the name of this shard among the others.")
    return {"default": database(url), "realm": database(realm, called="REALM_DATABASE_URL")}


def channel_prefix(redis_url: str) -> str:
    """Return what the names of this cluster's channels begin with (`CHANNEL_PREFIX`).

    Channels know no database, so the number of the database tells clusters apart that share a Redis.
    """
    return text("CHANNEL_PREFIX", f"aether-{urlsplit(redis_url).path.strip('/') or 0}")


def data_folder() -> Path:
    """Return the folder that holds the database, the secret key and the logs (`DATA`)."""
    return Path(text("DATA", str(PROJECT / ".data"))).expanduser().resolve()


def database(url: str, *, called: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings of the PostgreSQL at `url`."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise ImproperlyConfigured(f"{called} is not a valid address: {error}.") from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{called} must look like postgresql://user:password@host:5432/name "
            "(only PostgreSQL is supported)."
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(port) if "host" not in query else query.get("port", ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "connect_timeout": 2,
            # What a connection asks again and again it plans a few times, and then keeps the plan.
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": " ".join(f"-c {name}={limit}" for name, limit in LIMITS_MS.items()),
        },
    }
