"""What the database server may do to its clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection


def _end_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def end_other_connections(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Cut everybody off the database but the thread that asks; the test's own connection is opened anew."""
    yield _end_other_connections
    connection.close()
