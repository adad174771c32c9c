"""The shards of a cluster. The first one lends its database to the realm; each other has stores of its own.

They are on the servers of the first: another database of PostgreSQL, another number of Redis, another
virtual host of RabbitMQ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg import sql

from aether.operations.cluster.processes import SHARDS, ClusterError
from aether.operations.cluster.stores import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """`prefix` begins the names of its processes; `variables` are the settings that only it has."""

    id: str
    prefix: str
    port: int
    url: str
    stores: Sequence[Store]
    variables: dict[str, str]


def as_count(text: str) -> int:
    """Return what people wrote as a number of shards."""
    if text not in map(str, range(1, len(SHARDS) + 1)):
        raise ClusterError(
            f"{text!r} is not a number of shards: choose one from 1 to {len(SHARDS)}, as in SHARDS=2."
        )
    return int(text)


def shards_of(count: int, *, host: str, port: int, stores: Sequence[Store]) -> list[Shard]:
    """Return so many shards on ports that follow one another. One alone is what its operator calls it."""
    found = [_shard(number, host=host, port=port + number, stores=stores) for number in range(count)]
    return found if count > 1 else [replace(found[0], variables={})]


def make_database(shard: Shard, *, beside: Shard) -> None:
    """Make the database of a shard where it is missing, on the server of another's."""
    name = _name_of(_url(shard, "DATABASE_URL"))
    try:
        with psycopg.connect(_url(beside, "DATABASE_URL"), connect_timeout=3, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        raise ClusterError(
            f"The database {name} of shard {shard.id} cannot be made, make it yourself: {said}"
        ) from error


def _shard(number: int, *, host: str, port: int, stores: Sequence[Store]) -> Shard:
    shard, (english, french) = list(SHARDS.items())[number]
    url = f"http://{host}:{port}"
    own = [replace(store, url=_beside(store, shard, number)) for store in stores] if number else list(stores)
    variables = {
        "SHARD": shard,
        "SHARD_ADDRESS": url,
        "SHARD_NAME_EN": english,
        "SHARD_NAME_FR": french,
        "REALM_DATABASE_URL": next(store.url for store in stores if store.variable == "DATABASE_URL"),
    }
    variables |= {store.variable: store.url for store in own}
    prefix = f"{shard}-" if number else ""
    return Shard(id=shard, prefix=prefix, port=port, url=url, stores=own, variables=variables)


def _beside(store: Store, shard: str, number: int) -> str:
    """Return the address of the same store for another shard."""
    parts = urlsplit(store.url)
    path = {
        "DATABASE_URL": lambda: quote(f"{_name_of(store.url)}_{shard}"),
        "REDIS_URL": lambda: str(int(parts.path.strip("/") or 0) + number),
        "BROKER_URL": lambda: shard,
    }[store.variable]()
    return parts._replace(path=f"/{path}").geturl()


def _name_of(database_url: str) -> str:
    return unquote(urlsplit(database_url).path.lstrip("/"))


def _url(shard: Shard, variable: str) -> str:
    return next(store.url for store in shard.stores if store.variable == variable)
