"""The clock of periodic jobs gives the interpreter away between two looks, and still sends what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.beat import PersistentScheduler, Scheduler

from aether.kernel.health import jobs

MINUTE = timedelta(seconds=60)


@pytest.mark.parametrize("kind", [jobs.PatientScheduler, jobs.PulsingScheduler])
@pytest.mark.parametrize("left_s", [0.0, 0.2, 5.0])
def test_it_sleeps_between_two_looks(kind: type[Scheduler], left_s: float, tmp_path: Path) -> None:
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {"a job": {"task": "a.job", "schedule": MINUTE}}
    app.conf.timezone = "UTC"
    kept = {"schedule_filename": str(tmp_path / "kept")} if issubclass(kind, PersistentScheduler) else {}
    clock, sent = kind(app=app, **kept), []

    def send(entry: Any, **_options: Any) -> None:
        sent.append(entry.task)

    clock.apply_entry = send
    clock.schedule["a job"].last_run_at = datetime.now(UTC) - MINUTE + timedelta(seconds=left_s)
    assert clock.tick() >= jobs.PAUSE_S
    assert sent == (["a.job"] if not left_s else [])
    clock.close()
