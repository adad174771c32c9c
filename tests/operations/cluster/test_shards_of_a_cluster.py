"""What each shard of a cluster has of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aether.operations.cluster import edge, stores
from aether.operations.cluster.processes import ClusterError, roles
from aether.operations.cluster.shards import as_count, make_database, shards_of
from aether.operations.cluster.stores import Store
from aether.operations.cluster.supervising import configuration
from tests.operations.cluster.conftest import Edge, Gateway, running
from tests.ports import two_free_ports

SOCKETS = "/tmp/aether-0"
ADDRESSES = {
    "DATABASE_URL": f"postgresql://postgres:@/postgres?host={SOCKETS}",
    "REDIS_URL": "redis://:secret@127.0.0.1:6379/0",
    "BROKER_URL": "amqp://aether:secret@127.0.0.1:5672//",
}


def found() -> list[Store]:
    return [stores.given(variable, url) for variable, url in ADDRESSES.items()]


def test_one_shard_alone_is_what_its_operator_calls_it() -> None:
    (only,) = shards_of(1, host="localhost", port=8000, stores=found())
    assert (only.prefix, only.variables) == ("", {})
    assert {store.variable: store.url for store in only.stores} == ADDRESSES


def test_the_first_shard_lends_its_database_to_the_realm_and_the_second_has_stores_of_its_own() -> None:
    first, second = shards_of(2, host="localhost", port=8000, stores=found())
    assert (
        first.variables["REALM_DATABASE_URL"] == first.variables["DATABASE_URL"] == ADDRESSES["DATABASE_URL"]
    )
    assert second.variables == {
        "SHARD": "second",
        "SHARD_ADDRESS": "http://localhost:8001",
        "SHARD_NAME_EN": "Second",
        "SHARD_NAME_FR": "Deuxième",
        "REALM_DATABASE_URL": ADDRESSES["DATABASE_URL"],
        "DATABASE_URL": f"postgresql://postgres:@/postgres_second?host={SOCKETS}",
        "REDIS_URL": "redis://:secret@127.0.0.1:6379/1",
        "BROKER_URL": "amqp://aether:secret@127.0.0.1:5672/second",
    }


@pytest.mark.parametrize("text", ["0", "5", "-1", "two", "", "２"])
def test_a_number_of_shards_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ClusterError, match="choose one from 1 to 4, as in SHARDS=2"):
        as_count(text)


def test_a_database_that_cannot_be_made_is_named() -> None:
    lost = [stores.given("DATABASE_URL", "postgresql://aether:secret@127.0.0.1:1/aether"), *found()[1:]]
    first, second = shards_of(2, host="localhost", port=8000, stores=lost)
    with pytest.raises(ClusterError, match="The database aether_second of shard second cannot be made"):
        make_database(second, beside=first)


def test_each_process_gets_the_settings_of_its_shard() -> None:
    _, second = shards_of(2, host="localhost", port=8000, stores=found())
    played = roles(
        iter(range(9000, 9100)), scratch=Path("/tmp"), prefix=second.prefix, variables=second.variables
    )
    text = configuration(played, socket=Path("/tmp/s.sock"), logs=Path("/tmp"))
    assert "[program:second-gateway-1]" in text
    assert text.count('SHARD="second"') == len(played)


@pytest.fixture
def before_two_shards(nginx_needed: None, tmp_path: Path) -> Iterator[tuple[Edge, Edge]]:
    """One nginx before a gateway of each of two shards."""
    fronts = [
        Edge(port, [Gateway(name)]) for port, name in zip(two_free_ports(), ("near", "far"), strict=True)
    ]
    edge.write(
        tmp_path,
        host="127.0.0.1",
        fronts=[
            edge.Front(f"shard_{front.port}", front.port, [each.port for each in front.gateways])
            for front in fronts
        ],
        hops=[],
    )
    with running(edge.command(tmp_path), fronts[-1].port):
        yield fronts[0], fronts[1]
    for front in fronts:
        front.gateways[0].stop()


def test_each_port_leads_to_the_gateways_of_its_shard(before_two_shards: tuple[Edge, Edge]) -> None:
    for front, name in zip(before_two_shards, ("near", "far"), strict=True):
        status, told = front.ask("/api/v1/characters")
        assert status == 200
        assert isinstance(told, dict)
        assert told["gateway"] == name
