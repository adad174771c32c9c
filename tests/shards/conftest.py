"""Two shards on two databases: the test database lends itself to the realm, as a first shard does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from aether.kernel.live import redis
from tests.emptying import empty
from tests.shards.two_shards import TwoShards, made_second


@pytest.fixture(scope="session")
def second_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A second database with the same tables, as long as the tests last."""
    with django_db_blocker.unblock():
        wrapper = made_second()
        yield wrapper
        wrapper.creation.destroy_test_db(None, verbosity=0)


@pytest.fixture
def two_shards(transactional_db: None, second_database: Any) -> Iterator[TwoShards]:
    """A realm of two shards, both known to it and open, of which `first` is served."""
    realm = TwoShards(first=connections["default"], second=second_database)
    realm.announce()
    with realm.on("first"):
        yield realm
    empty(second_database)
    redis().flushdb()
