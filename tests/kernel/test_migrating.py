"""A migration that is killed is done by whoever migrates next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture(autouse=True)
def _all_applied_again() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS somebody_elses")
    call_command("migrate", verbosity=0)


@pytest.mark.parametrize(
    ("app", "before"),
    [("kernel", "0003"), ("chat", "zero"), ("economy", "0004"), ("economy", "0014"), ("economy", "0018")],
)
def test_who_was_killed_before_it_was_written_down_is_followed_by_another(
    app: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for record, target in (("record_unapplied", [app, before]), ("record_applied", [app])):
        with monkeypatch.context() as patched:

            def killed(*_: Any) -> None:
                raise Killed

            patched.setattr(MigrationRecorder, record, killed)
            with pytest.raises(Killed):
                call_command("migrate", *target, verbosity=0)
            connection.close()
        call_command("migrate", *target, verbosity=0)
    assert invalid_indexes() == []


@pytest.mark.parametrize(
    ("before", "name", "columns"),
    [
        ("0014", "entry_reversed_once", "economy_entry (kind)"),
        ("0018", "order_open_of_character", "economy_order (id)"),
    ],
)
def test_an_index_that_was_half_built_is_built_again(before: str, name: str, columns: str) -> None:
    call_command("migrate", "economy", before, verbosity=0)
    with connection.cursor() as cursor:
        for left in (name, "somebody_elses"):
            cursor.execute(f"CREATE INDEX {left} ON {columns}")
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [left])
        call_command("migrate", "economy", verbosity=0)
        assert invalid_indexes() == ["somebody_elses"], "what is not the migration's own is let be"


def invalid_indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        return [name for (name,) in cursor.fetchall()]
