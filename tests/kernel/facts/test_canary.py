"""A canary that does not come back is noticed; one that does says how late the queue is."""

from __future__ import annotations

import pytest
from django.db import connection

from aether.kernel.facts import canary, metrics, tasks

pytestmark = pytest.mark.django_db(transaction=True)


def pass_s(seconds: int) -> None:
    """Let time pass for every canary that is away or waits to be sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_canary SET sent_at = sent_at - %s * interval '1 second', "
            "returned_at = returned_at - %s * interval '1 second'",
            [seconds, seconds],
        )


def sighting() -> canary.Sighting:
    (seen,) = canary.sightings()
    return seen


def shown(name: str) -> float:
    """Return a metric of the queue of these tests."""
    for family in metrics.DatabaseCollector().collect():
        for sample in family.samples:
            if (sample.name, sample.labels) == (name, {"queue": "economy"}):
                return float(sample.value)
    raise AssertionError(f"{name} is not shown")


def test_one_canary_is_sent_whoever_asks() -> None:
    assert [queue for queue, _ in canary.due(["economy"])] == ["economy"]
    assert canary.due(["economy"]) == []


def test_the_next_one_is_sent_when_the_last_has_come_back() -> None:
    ((queue, mark),) = canary.due(["economy"])
    pass_s(canary.EVERY_S + 1)
    assert canary.due(["economy"]) == []
    mark = _mark()
    tasks.sing(queue, mark)
    assert len(canary.due(["economy"])) == 1
    assert sighting().lost == 0


def test_one_that_does_not_come_back_is_an_alarm(capsys: pytest.CaptureFixture[str]) -> None:
    canary.due(["economy"])
    pass_s(canary.LOST_AFTER_S + 1)
    assert shown("aether_canary_lag_seconds") > canary.LOST_AFTER_S

    assert len(canary.due(["economy"])) == 1

    assert shown("aether_canaries_lost") == 1
    assert "nobody consumes this queue" in capsys.readouterr().err


def test_the_alarm_ends_when_one_comes_back() -> None:
    canary.due(["economy"])
    pass_s(canary.LOST_AFTER_S + 1)
    ((queue, mark),) = canary.due(["economy"])
    tasks.sing(queue, mark)
    assert shown("aether_canaries_lost") == 0
    assert shown("aether_canary_lag_seconds") < 5


def test_one_that_comes_back_too_late_counts_no_more() -> None:
    ((queue, old_mark),) = canary.due(["economy"])
    pass_s(canary.LOST_AFTER_S + 1)
    canary.due(["economy"])
    tasks.sing(queue, old_mark)
    assert sighting().lost == 1


def _mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sent_at::text FROM kernel_canary")
        return str(cursor.fetchone()[0])
