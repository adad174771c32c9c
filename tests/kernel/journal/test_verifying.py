"""Whoever changes a row behind the journal's back is found out, and the row is named."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aether.kernel.journal import StreamKind, record, verifying

pytestmark = pytest.mark.django_db


def tamper(statement: str) -> None:
    """Change rows as somebody who switches the trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def verify() -> str:
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


def found_flaws() -> list[str]:
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_journal", stderr=err)
    return err.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _journal() -> None:
    for stream_id in (1, 2):
        for number in range(5):
            record(StreamKind.BATTLE, stream_id, {"n": number})


def test_an_untouched_journal_is_whole() -> None:
    assert verify().strip() == "The journal is whole: 10 entries in 2 streams."


def test_pages_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PAGE_ROWS", 3)
    assert "10 entries in 2 streams" in verify()


def test_a_changed_payload_is_named() -> None:
    tamper("UPDATE journal SET payload = '{}' WHERE id = 2 AND version = 3")
    (flaw,) = found_flaws()
    assert flaw.startswith("battle 2, version 3:")


def test_a_row_rewritten_with_a_true_hash_breaks_the_next_one() -> None:
    tamper("UPDATE journal SET hash = sha256('x') WHERE id = 1 AND version = 5")
    assert found_flaws()[0].startswith("battle 1, version 5:")


@pytest.mark.parametrize("column", ["actor_id", "at_us"])
def test_a_changed_column_is_named(column: str) -> None:
    tamper(f"UPDATE journal SET {column} = {column} + 1 WHERE id = 1 AND version = 1")
    assert found_flaws()[0].startswith("battle 1, version 1:")


def test_a_missing_row_is_named() -> None:
    tamper("DELETE FROM journal WHERE id = 1 AND version = 2")
    (flaw,) = found_flaws()
    assert flaw == "battle 1, version 3: version 2 is missing before it"
