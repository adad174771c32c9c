"""The health of Celery's own processes: a worker that does not consume, and a clock that stands still."""

from __future__ import annotations

from typing import Any

from celery import bootsteps, signals
from celery.beat import PersistentScheduler, Scheduler
from celery.worker.consumer import Consumer
from django.conf import settings

from aether.kernel.health.checks import (
    Checks,
    is_broker_up,
    is_content_loaded,
    is_database_up,
    is_redis_up,
)
from aether.kernel.health.pulses import Pulse
from aether.kernel.health.serving import HealthServer

BEAT_S = 1.0
PAUSE_S = 0.01
"""So late a job of the timetable may be, for the clock to sleep between two looks."""

consuming = Pulse()
ticking = Pulse()

WORKER_NEEDS: Checks = {
    "database": is_database_up,
    "redis": is_redis_up,
    "broker": is_broker_up,
    "content": is_content_loaded,
    "consumer": consuming.is_fresh,
}
# A worker without a broker waits for it; one that stands still although there is a broker is stuck.
WORKER_LIVES: Checks = {"consumer": lambda: consuming.is_alive() or not is_broker_up()}
CLOCK_NEEDS: Checks = {"broker": is_broker_up, "clock": ticking.is_fresh}
CLOCK_LIVES: Checks = {"clock": ticking.is_alive}

_server: HealthServer | None = None


class ConsumerPulse(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Beats with the loop that reads from the broker, so only while that loop turns with a connection."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    _timer: Any = None

    def start(self, consumer: Any) -> None:
        self._timer = consumer.timer.call_repeatedly(BEAT_S, consuming.beat)

    def stop(self, consumer: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()


class PlainConsumer(Consumer):  # type: ignore[misc]  # celery has no types
    """Celery's consumer without the queues for delayed messages: 28 of them, and nothing here is delayed."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]  # celery has no types
        default_steps = tuple(
            step for step in Consumer.Blueprint.default_steps if "DelayedDelivery" not in step
        )


class PatientScheduler(Scheduler):  # type: ignore[misc]  # celery has no types
    """Celery's clock, which sleeps between two looks.

    Celery's own wakes a hundredth of a second before a job is due, and looks again and again until it is:
    that holds the interpreter while players wait for theirs.
    """

    def tick(self, *args: Any, **options: Any) -> float:
        return max(float(super().tick(*args, **options)), PAUSE_S)


class PulsingScheduler(PatientScheduler, PersistentScheduler):  # type: ignore[misc]
    """The same in a process of its own, where it says at every tick that it ticks."""

    def tick(self, *args: Any, **options: Any) -> float:
        ticking.beat()
        return super().tick(*args, **options)


def serve_on_start(app: Any) -> None:
    """Let the worker and the clock of `app` serve their health, if `HEALTH_PORT` says where."""
    app.steps["consumer"].add(ConsumerPulse)
    app.conf.worker_consumer = f"{__name__}:{PlainConsumer.__name__}"
    app.conf.beat_scheduler = PulsingScheduler
    app.conf.beat_max_loop_interval = BEAT_S * 2
    if settings.HEALTH_PORT:
        signals.celeryd_init.connect(_serve_worker, weak=False)
        signals.worker_process_init.connect(_leave_to_parent, weak=False)
        signals.beat_init.connect(_serve_clock, weak=False)


def _serve_worker(**_signal: object) -> None:
    _serve(WORKER_LIVES, WORKER_NEEDS)


def _serve_clock(**_signal: object) -> None:
    _serve(CLOCK_LIVES, CLOCK_NEEDS)


def _serve(alive: Checks, ready: Checks) -> None:
    global _server
    _server = HealthServer(settings.HEALTH_PORT, alive=alive, ready=ready)


def _leave_to_parent(**_signal: object) -> None:
    """A forked child would keep the port of a parent that was killed."""
    if _server is not None:
        _server.socket.close()
