"""Recording inside a Django transaction, reading, and what people see."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from aether.kernel.errors import IdReusedError
from aether.kernel.journal import (
    Receipt,
    StreamKind,
    VersionConflictError,
    begin,
    entries,
    receipts,
    record,
)
from aether.kernel.journal.models import JournalLine

pytestmark = pytest.mark.django_db


def test_entries_come_back_in_order() -> None:
    for number in range(3):
        record(StreamKind.AUDIT, 1, {"n": number}, actor_id=5)
    found = list(entries(StreamKind.AUDIT, 1, after=1))
    assert [(entry.version, entry.payload, entry.actor_id) for entry in found] == [
        (2, b'{"n":1}', 5),
        (3, b'{"n":2}', 5),
    ]


def test_a_new_stream_begins_once() -> None:
    begin(StreamKind.BATTLE, 9, {"n": 1})
    with pytest.raises(VersionConflictError):
        begin(StreamKind.BATTLE, 9, {"n": 2})
    assert record(StreamKind.BATTLE, 9, {"n": 2}) == 2


def test_people_read_the_payload_as_json() -> None:
    record(StreamKind.QUEST, 3, {"quest": "mq1", "mot": "été"})
    line = JournalLine.objects.get(pk="4:3:1")
    assert line.payload == {"quest": "mq1", "mot": "été"}
    assert len(line.hash) == 64


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_bug() -> None:
    with pytest.raises(RuntimeError):
        record(StreamKind.AUDIT, 1, {})


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_stream_queue_up() -> None:
    def write() -> None:
        with transaction.atomic():
            record(StreamKind.LEDGER, 1, {"n": 1})
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.version for entry in entries(StreamKind.LEDGER, 1)] == list(range(1, 9))


def test_a_stored_reply_answers_the_same_body_only() -> None:
    receipts.store(Receipt(1, "c-1", b"digest", b'{"ok":1}'))
    stored = receipts.find(1, "c-1")
    assert stored is not None
    assert stored.answer_to(b"digest") == b'{"ok":1}'
    with pytest.raises(IdReusedError):
        stored.answer_to(b"other")


def test_a_command_has_one_receipt() -> None:
    receipts.store(Receipt(1, "c-1", b"digest", b"{}"))
    with pytest.raises(IntegrityError), transaction.atomic():
        receipts.store(Receipt(1, "c-1", b"digest", b"{}"))
    assert receipts.find(2, "c-1") is None
