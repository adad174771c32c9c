"""What is due is done one by one: what fails, or finds the database busy with it, holds up no other."""

from __future__ import annotations

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from apps.economy.metrics import DUE_FAILED
from apps.economy.services.due import each_alone

pytestmark = pytest.mark.django_db


def failing_at(two: BaseException) -> tuple[list[int], int]:
    done: list[int] = []

    def work(one: int) -> bool:
        if one == 2:
            raise two
        done.append(one)
        return True

    return done, each_alone(work, [1, 2, 3], what="test")


def failures() -> float:
    return DUE_FAILED.labels("test")._value.get()


@pytest.mark.parametrize("error", [OperationalError("canceling statement due to lock timeout"), ValueError()])
def test_the_others_go_on_and_it_is_told(error: Exception) -> None:
    before = failures()
    assert failing_at(error) == ([1, 3], 2)
    assert failures() == before + 1


def test_an_absent_database_or_the_end_of_our_time_ends_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SoftTimeLimitExceeded):
        failing_at(SoftTimeLimitExceeded())
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        failing_at(OperationalError("server closed the connection unexpectedly"))
