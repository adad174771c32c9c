"""No transaction calls Redis: what it needs is read before, and it begins again where that shows late."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from aether.kernel import live
from aether.kernel.transactions import (
    NetworkInTransactionError,
    is_under_way,
    read_before,
    transactional,
    transactional_after,
)

COUNT = "SELECT count(*) FROM django_session"
ADD = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())"


class Reader:
    """Reads letters of numbers from far away, and notes when."""

    def __init__(self) -> None:
        self.reads: list[list[int]] = []

    def __call__(self, keys: list[int]) -> dict[int, str]:
        assert not is_under_way()
        self.reads.append(keys)
        return {key: chr(key) for key in keys if key < 100}


@pytest.fixture
def reader() -> Reader:
    return Reader()


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return int(cursor.fetchone()[0])


def add(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD, [str(number)])


@pytest.mark.django_db
def test_redis_may_not_be_called_in_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(AssertionError, match="Redis is called"):
        live.redis().get("anything")
    with transaction.atomic(), pytest.raises(AssertionError, match="Redis is called"):
        live.redis().pipeline().set("anything", 1).execute()
    assert live.redis().get("anything") is None


@pytest.mark.django_db
def test_what_is_foreseen_is_read_before_the_only_beginning(reader: Reader) -> None:
    begun = []

    def ask(number: int) -> dict[int, str]:
        return read_before("letter", [number], reader)

    @transactional_after(ask)
    def work(number: int) -> str:
        begun.append(number)
        return ask(number)[number]

    assert work(65) == "A"
    assert (begun, reader.reads) == ([65], [[65]])
    with pytest.raises(KeyError):
        work(100)
    assert (begun, reader.reads) == ([65, 100], [[65], [100]]), "that there is nothing is known as well"


@pytest.mark.django_db
def test_a_transaction_begins_again_with_what_it_asked_for(reader: Reader) -> None:
    begun = []

    @transactional
    def work() -> tuple[int, dict[int, str]]:
        begun.append(rows())
        add(1)
        first = read_before("letter", [65], reader)
        return rows(), first | read_before("letter", [65, 66, 200], reader)

    assert work() == (1, {65: "A", 66: "B"})
    assert begun == [0, 0, 0]
    assert reader.reads == [[65], [66, 200]]
    assert rows() == 1


@pytest.mark.django_db
def test_a_part_of_a_transaction_begins_the_whole_of_it_again(reader: Reader) -> None:
    @transactional
    def part() -> dict[int, str]:
        add(2)
        return read_before("letter", [67], reader)

    @transactional
    def whole() -> dict[int, str]:
        add(1)
        return part()

    assert whole() == {67: "C"}
    assert rows() == 2


@pytest.mark.django_db
def test_what_was_read_is_forgotten_with_the_transaction(reader: Reader) -> None:
    @transactional
    def work() -> dict[int, str]:
        return read_before("letter", [65], reader)

    assert work() == work() == {65: "A"}
    assert reader.reads == [[65], [65]]


@pytest.mark.django_db
def test_outside_a_transaction_reading_is_only_reading(reader: Reader) -> None:
    assert read_before("letter", [65, 300], reader) == {65: "A"}
    assert reader.reads == [[65, 300]]


@pytest.mark.django_db
def test_a_transaction_that_cannot_begin_again_is_a_bug(reader: Reader) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        read_before("letter", [65], reader)


@pytest.mark.django_db
def test_what_a_transaction_raises_undoes_it(reader: Reader) -> None:
    @transactional
    def work() -> None:
        add(1)
        read_before("letter", [65], reader)
        raise KeyError("no")

    with pytest.raises(KeyError):
        work()
    assert rows() == 0
