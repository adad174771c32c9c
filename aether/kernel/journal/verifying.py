"""Proof that the journal is whole: every stream is contiguous from 1 and every hash is true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from aether.kernel.journal.chain import EMPTY, Entry, Head, Stream, StreamKind

PAGE_ROWS = 2_000

_PAGE = """
SELECT kind, id, version, payload, actor_id, at_us, hash FROM journal
WHERE (kind, id, version) > (%s, %s, %s) ORDER BY kind, id, version LIMIT %s
"""


class Flaw(NamedTuple):
    """A row that is not what was committed, or the gap before it."""

    stream: Stream
    version: int
    problem: str

    def __str__(self) -> str:
        try:
            kind = StreamKind(self.stream.kind).name.lower()
        except ValueError:
            kind = f"kind {self.stream.kind}"
        return f"{kind} {self.stream.id}, version {self.version}: {self.problem}"


class Survey:
    """One walk through the whole journal, a page at a time; `rows` and `streams` count what was seen."""

    def __init__(self) -> None:
        self.rows = 0
        self.streams = 0

    def flaws(self) -> Iterator[Flaw]:
        """Yield every flaw. After one, the walk goes on from the row as it is."""
        stream, head = Stream(StreamKind.BATTLE, 0), EMPTY
        for entry in _all_entries():
            if entry.stream != stream:
                stream, head = entry.stream, EMPTY
                self.streams += 1
            self.rows += 1
            problem = _problem(entry, head)
            if problem:
                yield Flaw(stream, entry.version, problem)
            head = entry.head


def _problem(entry: Entry, head: Head) -> str:
    if entry.version != head.version + 1:
        return f"version {head.version + 1} is missing before it"
    if not entry.is_chained_to(head):
        return "its hash does not follow from its content and the entry before it"
    return ""


def _all_entries() -> Iterator[Entry]:
    place = (-1, 0, 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PAGE, [*place, PAGE_ROWS])
            rows = cursor.fetchall()
        for kind, stream_id, version, payload, actor_id, at_us, link in rows:
            yield Entry(Stream(kind, stream_id), version, bytes(payload), actor_id, at_us, bytes(link))
        if len(rows) < PAGE_ROWS:
            return
        place = rows[-1][:3]
