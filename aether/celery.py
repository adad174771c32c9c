"""Jobs: what Celery is told, and the worker and the clock that live in the server process (embedded)."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")

import django
from celery import Celery, signals
from celery.beat import EmbeddedService
from celery.worker import state as worker_state
from django.apps import apps
from django.conf import settings

if not apps.ready:  # the `celery` command starts here
    django.setup()

from aether.kernel import structs, timekeeping
from aether.kernel.facts import outbox, queues
from aether.kernel.health.jobs import PatientScheduler, serve_on_start

QUEUES = ("kernel", "accounts", "economy", "quests", "chat", "world", "combat")
"""One queue per domain; facts travel in that of their subscriber."""

STOP_S = 10
WAITS_BEFORE_STOP = 2
"""A worker waits up to two seconds for a message, and once more after it was told to stop."""


def _transport_options() -> dict[str, Any]:
    if settings.PROFILE == "embedded":
        return {"polling_interval": 0.02}
    return {"confirm_publish": True}


app = Celery("aether", set_as_current=True)
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options=_transport_options(),
    task_queues=queues.all_of(QUEUES),
    task_default_queue="kernel",
    task_default_queue_type="quorum" if settings.PROFILE == "services" else "classic",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=20,
    task_time_limit=30,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    worker_prefetch_multiplier=1 if settings.PROFILE == "services" else 10,
    worker_enable_remote_control=settings.PROFILE == "services",
    worker_soft_shutdown_timeout=10,
    broker_heartbeat=10,
    broker_connection_timeout=2,
    CELERY_DB_REUSE_MAX=10_000,
    beat_schedule={
        "economy.fold": {
            "task": "economy.fold",
            "schedule": timedelta(seconds=5),
            "options": {"queue": "economy", "expires": 5},
        },
        "economy.sweep": {
            "task": "economy.sweep",
            "schedule": timedelta(seconds=2),
            "options": {"queue": "economy", "expires": 2},
        },
        "economy.undo": {
            "task": "economy.undo",
            "schedule": timedelta(seconds=5),
            "options": {"queue": "economy", "expires": 5},
        },
        "economy.show_dice": {
            "task": "economy.show_dice",
            "schedule": timedelta(minutes=1),
            "options": {"queue": "economy", "expires": 60},
        },
        "economy.collect_debts": {
            "task": "economy.collect_debts",
            "schedule": timedelta(minutes=1),
            "options": {"queue": "economy", "expires": 60},
        },
        "economy.watch": {
            "task": "economy.watch",
            "schedule": timedelta(minutes=1),
            "options": {"queue": "economy", "expires": 60},
        },
        "economy.watch_transfers": {
            "task": "economy.watch_transfers",
            "schedule": timedelta(minutes=10),
            "options": {"queue": "economy", "expires": 600},
        },
        "facts.prune": {"task": "facts.prune", "schedule": timedelta(hours=1)},
        "journal.prune_receipts": {"task": "journal.prune_receipts", "schedule": timedelta(minutes=5)},
        "accounts.forget_sessions": {
            "task": "accounts.forget_sessions",
            "schedule": timedelta(hours=6),
            "options": {"queue": "accounts"},
        },
        "accounts.forget_addresses": {
            "task": "accounts.forget_addresses",
            "schedule": timedelta(hours=6),
            "options": {"queue": "accounts"},
        },
        "accounts.move_characters": {
            "task": "accounts.move_characters",
            "schedule": timedelta(seconds=2),
            "options": {"queue": "accounts", "expires": 2},
        },
        "accounts.keep_names": {
            "task": "accounts.keep_names",
            "schedule": timedelta(hours=1),
            "options": {"queue": "accounts"},
        },
        "world.keep_dungeons": {
            "task": "world.keep_dungeons",
            "schedule": timedelta(seconds=10),
            "options": {"queue": "world", "expires": 10},
        },
        "chat.keep_parties": {
            "task": "chat.keep_parties",
            "schedule": timedelta(seconds=10),
            "options": {"queue": "chat", "expires": 10},
        },
        "chat.keep_guilds": {
            "task": "chat.keep_guilds",
            "schedule": timedelta(seconds=10),
            "options": {"queue": "chat", "expires": 10},
        },
        "world.prune_samples": {
            "task": "world.prune_samples",
            "schedule": timedelta(hours=6),
            "options": {"queue": "world"},
        },
    },
)
app.set_default()
serve_on_start(app)
app.autodiscover_tasks(["aether.kernel.facts", "aether.kernel.journal"])
app.autodiscover_tasks()
signals.task_prerun.connect(timekeeping.ask_if_due)
structs.make_ready()  # every process with threads comes past here: gateway, service, worker, relay


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def leave_logs_alone(**_signal: object) -> None:
    """Django has set the logs up; Celery, which finds somebody listening here, does not do it again."""


@app.task(name="kernel.wake")  # type: ignore[untyped-decorator]  # celery has no types
def wake() -> None:
    """Do nothing: a worker that waits for a message looks up."""


_worker: Any = None
_clock: Any = None
_worker_thread: threading.Thread | None = None


def start_embedded() -> None:
    """Start a worker and the clock of periodic jobs as threads of this process.

    The broker was in the memory of a process that is gone, so every fact that is not done is due again.
    """
    global _worker, _clock, _worker_thread
    app.finalize()
    outbox.make_all_due()
    worker_state.should_stop = None
    _worker = app.WorkController(
        hostname="embedded",
        pool_cls="threads",
        concurrency=2,
        queues=",".join(QUEUES),
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    _worker_thread = threading.Thread(target=_worker.start, name="worker", daemon=True)
    _worker_thread.start()
    _clock = EmbeddedService(app, thread=True, scheduler_cls=PatientScheduler)
    _clock.start()


def stop_embedded() -> None:
    """Stop both, letting the jobs in hand finish."""
    global _worker, _clock, _worker_thread
    if _worker_thread is None:
        return
    worker_state.should_stop = 0
    for _ in range(WAITS_BEFORE_STOP):
        wake.apply_async(queue="kernel")
    _clock.stop()
    _worker_thread.join(STOP_S)
    worker_state.should_stop = None
    _worker = _clock = _worker_thread = None
