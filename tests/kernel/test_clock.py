"""Time is the database's: a process with another clock reads it all the same."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection

from aether.celery import app
from aether.kernel import clock, timekeeping

HOUR_S = 3600.0


@pytest.fixture(autouse=True)
def _clock_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_origin", clock._origin)
    monkeypatch.setattr(timekeeping, "_asked_at", float("-inf"))


@pytest.fixture(params=[HOUR_S, -HOUR_S, 24 * HOUR_S])
def wrong_by_s(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """A process whose machine has another time."""
    monkeypatch.setattr(clock, "_origin", clock._origin + request.param)
    return float(request.param)


def database_now() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return float(cursor.fetchone()[0])


def is_right() -> bool:
    before = database_now()
    read = clock.now()
    return before - 0.05 <= read <= database_now() + 0.05


def test_what_the_database_does_not_disprove_stays() -> None:
    clock._origin = 1000.0
    clock.set_by(1050.0, asked_at=49.0, answered_at=51.0)
    assert clock._origin == 1000.0


@pytest.mark.parametrize(("origin", "corrected"), [(5000.0, 1001.0), (-5000.0, 999.0)])
def test_what_it_does_disprove_moves_to_the_nearest_possible(origin: float, corrected: float) -> None:
    clock._origin = origin
    clock.set_by(1050.0, asked_at=49.0, answered_at=51.0)
    assert clock._origin == corrected


def test_a_quicker_answer_makes_it_more_exact() -> None:
    clock._origin = 5000.0
    for half_a_way_s in (1.0, 0.1, 0.5):
        clock.set_by(1050.0, asked_at=50.0 - half_a_way_s, answered_at=50.0 + half_a_way_s)
    assert clock._origin == pytest.approx(1000.1)


def test_time_goes_on_by_the_monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: before + HOUR_S)
    assert 0 <= clock.now() - before < 1


@pytest.mark.django_db
def test_asking_sets_a_wrong_clock_right(wrong_by_s: float) -> None:
    assert not is_right()
    timekeeping.ask(connection)
    assert is_right()


@pytest.mark.django_db(transaction=True)
def test_a_process_asks_as_soon_as_it_has_a_connection(wrong_by_s: float) -> None:
    connection.close()
    connection.ensure_connection()
    assert is_right()


@pytest.mark.django_db(transaction=True)
async def test_a_server_asks_before_it_does_anything_else(wrong_by_s: float) -> None:
    await timekeeping.ask_from_the_loop()
    assert abs(clock.now() - time.time()) < 1


@pytest.mark.django_db
def test_a_worker_asks_before_a_job(wrong_by_s: float) -> None:
    app.tasks["kernel.wake"].apply()
    assert is_right()


@pytest.mark.django_db
def test_nobody_asks_twice_in_a_short_time(wrong_by_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    timekeeping.ask_if_due()
    asked: list[object] = []
    monkeypatch.setattr(timekeeping, "ask", asked.append)
    timekeeping.ask_if_due()
    assert not asked


def test_during_an_outage_time_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(on: object) -> None:
        raise OperationalError

    monkeypatch.setattr(timekeeping, "ask", refuse)
    before = clock.now()
    timekeeping.ask_if_due()
    assert clock.now() >= before
