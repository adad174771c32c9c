"""The same facts through a real broker: quorum queues, a relay and a worker as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from aether.celery import QUEUES
from aether.kernel import facts
from aether.kernel.facts import registry
from aether.kernel.facts.types import BattleEnded
from aether.kernel.models import HandledFact
from tests.kernel.facts.conftest import published
from tests.kernel.facts.test_killed import PROJECT, database_url

BROKER = os.environ.get("TEST_BROKER_URL")
PATIENCE_S = 60

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not BROKER and os.environ.get("AETHER_REQUIRE") != "all",
        reason="TEST_BROKER_URL names no RabbitMQ: facts were NOT tried on a real broker",
    ),
]


@pytest.fixture
def processes(alone_on_real_services: None) -> Iterator[None]:
    assert BROKER, "AETHER_REQUIRE=all asks for TEST_BROKER_URL"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "aether.settings.services",
        "SECRET_KEY": "only-for-tests-" * 5,
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": database_url(),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9"),
        "BROKER_URL": BROKER,
        "ALLOW_WEAK_CREDENTIALS": "yes",
    }
    worker = ["-m", "celery", "-A", "aether.celery", "worker", "-Q", ",".join(QUEUES), "-c", "1"]
    relay = ["manage.py", "runrelay"]
    running = [
        subprocess.Popen([sys.executable, *command], env=environment, cwd=PROJECT, stderr=subprocess.DEVNULL)
        for command in (worker, relay)
    ]
    yield
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


def ended(battle: int) -> BattleEnded:
    return BattleEnded(
        battle=battle,
        mode="duel",
        zone="lastmoor",
        instance="lastmoor.1",
        group=None,
        rounds=1,
        participants=(),
        slain=(),
        is_rewarded=False,
    )


def test_facts_are_handled_once_each_through_rabbitmq(processes: None) -> None:
    for battle in range(20):
        published(ended(battle))

    wait_until_done()

    assert facts.backlog() == facts.Backlog(pending=0, parked=0)
    assert HandledFact.objects.count() == 20 * len(registry.subscribers_of(BattleEnded.type_name))


def wait_until_done() -> None:
    """Wait until nothing is on its way."""
    until = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while facts.backlog().pending and time.monotonic() < until:
        pause.wait(0.1)
