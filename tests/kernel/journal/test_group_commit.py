"""Appends that arrive together commit together; who lost the race hurts nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from asgiref.sync import sync_to_async

from aether.kernel import clock, journal
from aether.kernel.errors import IdReusedError, UnavailableError
from aether.kernel.journal import EMPTY, Append, Batch, Head, Receipt, Rider, Stream, StreamKind
from aether.kernel.journal.models import CommandReceipt, JournalEntry

pytestmark = pytest.mark.usefixtures("writer")

RELEASES = Batch(
    "INSERT INTO kernel_contentrelease (hash, release, compiled, recorded_at)"
    " SELECT hash, release, ''::bytea, now() FROM {rows}",
    (("hash", "text"), ("release", "text")),
)


def battle(number: int) -> Stream:
    return Stream(StreamKind.BATTLE, number)


def opening(number: int, **changes: object) -> Append:
    return Append(stream=battle(number), expected=EMPTY, payload=b'{"a":1}', **changes)  # type: ignore[arg-type]  # test shorthand


def receipt(command_id: str = "c-1", digest: bytes = b"body") -> Receipt:
    return Receipt(character_id=7, command_id=command_id, digest=digest, reply=b'{"version":1}')


async def receipts() -> int:
    return await CommandReceipt.objects.acount()


async def test_an_append_moves_the_head() -> None:
    first = await journal.append(opening(1))
    second = await journal.append(Append(stream=battle(1), expected=first, payload=b"{}", actor_id=9))
    assert await journal.head(battle(1)) == second
    assert [entry.actor_id for entry in await journal.read(battle(1))] == [0, 9]
    assert second.version == 2


async def test_appends_that_arrive_together_all_commit() -> None:
    heads = await asyncio.gather(*(journal.append(opening(number)) for number in range(1, 60)))
    assert {head.version for head in heads} == {1}
    assert await JournalEntry.objects.acount() == 59


async def test_of_two_writers_of_one_head_one_commits() -> None:
    results = await asyncio.gather(
        journal.append(opening(1)),
        journal.append(opening(1)),
        journal.append(opening(2)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Head, journal.VersionConflictError, Head]


async def test_an_entry_that_lost_the_race_leaves_no_receipt() -> None:
    await journal.append(opening(1))
    with pytest.raises(journal.VersionConflictError):
        await journal.append(opening(1, receipt=receipt()))
    assert await receipts() == 0


async def test_an_entry_chained_to_another_past_is_refused() -> None:
    await journal.append(opening(1))
    forged = Head(1, b"x" * 32)
    with pytest.raises(journal.VersionConflictError):
        await journal.append(Append(stream=battle(1), expected=forged, payload=b"{}"))


async def test_an_entry_from_the_future_is_refused() -> None:
    with pytest.raises(journal.VersionConflictError):
        await journal.append(Append(stream=battle(1), expected=Head(5, b"x" * 32), payload=b"{}"))


async def test_the_same_command_answers_what_it_answered_first() -> None:
    head = await journal.append(opening(1, receipt=receipt()))
    with pytest.raises(journal.CommandReplayed) as replayed:
        await journal.append(Append(stream=battle(1), expected=head, payload=b"{}", receipt=receipt()))
    assert replayed.value.reply == b'{"version":1}'
    assert await journal.head(battle(1)) == head


async def test_the_same_command_twice_at_once_is_one_entry() -> None:
    results = await asyncio.gather(
        *(journal.append(opening(number, receipt=receipt())) for number in (1, 2)),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {Head, journal.CommandReplayed}
    assert await JournalEntry.objects.acount() == await receipts() == 1


async def test_a_command_id_with_another_body_is_refused() -> None:
    await journal.append(opening(1, receipt=receipt()))
    with pytest.raises(IdReusedError):
        await journal.append(opening(2, receipt=receipt(digest=b"other")))


async def test_riders_commit_with_their_entry_only() -> None:
    await journal.append(opening(1, riders=(Rider(RELEASES, ("aa", "one")),)))
    with pytest.raises(journal.VersionConflictError):
        await journal.append(opening(1, riders=(Rider(RELEASES, ("bb", "two")),)))
    rows = await journal.fetch("SELECT hash FROM kernel_contentrelease", [])
    assert rows == [("aa",)]


async def test_a_rider_that_breaks_a_constraint_fails_its_own_append_only() -> None:
    await journal.append(opening(1, riders=(Rider(RELEASES, ("aa", "one")),)))
    results = await asyncio.gather(
        journal.append(opening(2, riders=(Rider(RELEASES, ("aa", "again")),))),
        journal.append(opening(3, riders=(Rider(RELEASES, ("cc", "three")),))),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [UnavailableError, Head]


async def test_a_cut_connection_loses_nothing_and_doubles_nothing(
    end_other_connections: Callable[[], None],
) -> None:
    head = await journal.append(opening(1))
    await sync_to_async(end_other_connections)()
    results = await asyncio.gather(
        *(journal.append(opening(number, receipt=receipt(f"c-{number}"))) for number in (2, 3))
    )
    assert [result.version for result in results] == [1, 1]
    assert await journal.head(battle(1)) == head
    assert await receipts() == 2


async def test_an_entry_whose_commit_was_not_heard_of_is_found_again() -> None:
    """The connection breaks between the commit and its answer; the second look sees the entry."""
    moment = 1_700_000_000.0
    with clock.replaced(lambda: moment):
        first = await journal.append(opening(1, receipt=receipt()))
        again = await journal.append(opening(1, receipt=receipt()))
    assert first == again
    assert await receipts() == 1


async def test_the_journal_refuses_changes() -> None:
    await journal.append(opening(1))
    for statement in (
        "UPDATE journal SET actor_id = 1",
        "DELETE FROM journal",
        "TRUNCATE journal",
    ):
        with pytest.raises(UnavailableError) as refused:
            await journal.fetch(statement, [])
        assert isinstance(refused.value.__cause__, psycopg.errors.RestrictViolation)
