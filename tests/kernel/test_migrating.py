"""A migration that is killed, wherever it is, is done by whoever migrates next."""

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
    call_command("migrate", verbosity=0)


@pytest.mark.parametrize(
    ("app", "before"),
    [("kernel", "0003"), ("chat", "zero"), ("economy", "0004"), ("economy", "0018")],
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
        assert cursor.fetchone() == (0,)
