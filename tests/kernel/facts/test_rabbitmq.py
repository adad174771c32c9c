"""The same facts through a real broker: quorum queues, a relay and a worker as processes of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import kombu
import pytest
from django.db import connection

from aether.celery import QUEUES
from aether.kernel import facts
from aether.kernel.facts import canary, queues, registry
from aether.kernel.facts.types import BattleEnded
from aether.kernel.models import FailedFact, HandledFact, OutboxFact
from tests.kernel.facts.conftest import published
from tests.kernel.facts.test_killed import PROJECT, database_url

BROKER = os.environ.get("TEST_BROKER_URL")
PATIENCE_S = 90
LISTENERS = len(registry.subscribers_of(BattleEnded.type_name))

WORKER = ["-m", "celery", "-A", "aether.celery", "worker", "-Q", ",".join(QUEUES), "-c", "1"]
RELAY = ["manage.py", "runrelay"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not BROKER and os.environ.get("AETHER_REQUIRE") != "all",
        reason="TEST_BROKER_URL names no RabbitMQ: facts were NOT tried on a real broker",
    ),
]


class Rabbit:
    """What the tests do to the broker behind everybody's back."""

    def __init__(self, line: Any) -> None:
        self._line = line

    def forget_everything(self) -> None:
        """Delete every queue with what is in it."""
        for name in QUEUES:
            for each in (name, queues.dead(name)):
                self._line.channel().queue_delete(each)

    def messages(self, name: str) -> int:
        """Return how many messages a queue holds, none where there is no such queue."""
        try:
            return int(self._line.channel().queue_declare(name, passive=True).message_count)
        except self._line.channel_errors:
            return 0

    def refuse(self, name: str) -> None:
        """Take the facts of a queue and give them back, as workers do that die."""
        with self._line.channel() as channel:
            while letter := channel.basic_get(name):
                if letter.headers["task"] == "facts.deliver":
                    channel.basic_reject(letter.delivery_tag, requeue=True)
                    return
                channel.basic_ack(letter.delivery_tag)

    def shout(self, name: str, text: str) -> None:
        """Put nonsense into a queue."""
        self._line.Producer().publish(text, routing_key=name, content_type="text/plain")


@pytest.fixture
def rabbit(alone_on_real_services: None) -> Iterator[Rabbit]:
    assert BROKER, "AETHER_REQUIRE=all asks for TEST_BROKER_URL"
    with kombu.Connection(BROKER) as line:
        found = Rabbit(line)
        found.forget_everything()
        yield found


Run = Callable[..., int]


@pytest.fixture
def run(rabbit: Rabbit) -> Iterator[Run]:
    """Start a process of the services profile; its health port is returned."""
    running: list[subprocess.Popen[bytes]] = []

    def start(command: list[str]) -> int:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "aether.settings.services",
            "SECRET_KEY": "only-for-tests-" * 5,
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": database_url(),
            "REDIS_URL": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9"),
            "BROKER_URL": str(BROKER),
            "ALLOW_WEAK_CREDENTIALS": "yes",
            "HEALTH_PORT": str(port),
        }
        command = [sys.executable, *command]
        running.append(subprocess.Popen(command, env=environment, cwd=PROJECT, stderr=subprocess.DEVNULL))
        return port

    yield start
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


def wait_for(find: Callable[[], Any]) -> Any:
    """Return what is found, as soon as it is."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := find():
            return found
        connection.connection.execute("SELECT pg_sleep(0.1)")
    pytest.fail(f"nothing after {PATIENCE_S} s")


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except (URLError, OSError) as error:
        return getattr(error, "code", 0), str(error)


def test_facts_and_canaries_go_through_rabbitmq(rabbit: Rabbit, run: Run) -> None:
    worker, relay = run(WORKER), run(RELAY)
    for battle in range(20):
        published(ended(battle))

    wait_for(lambda: not facts.backlog().pending)
    assert facts.backlog() == facts.Backlog(pending=0, parked=0)
    assert HandledFact.objects.count() == 20 * LISTENERS

    wait_for(lambda: len([seen for seen in canary.sightings() if seen.lag_s < seen.age_s]) == len(QUEUES))
    wait_for(lambda: get(worker, "/readyz")[0] == 200)
    assert get(relay, "/readyz") == (200, '{"database": "ok", "broker": "ok", "relay": "ok"}')
    metrics = get(relay, "/metrics")[1]
    assert 'aether_canaries_lost{queue="economy"} 0.0' in metrics
    assert 'aether_queue_consumers{queue="economy"}' in metrics


def test_what_the_broker_has_forgotten_is_sent_again(rabbit: Rabbit, run: Run) -> None:
    run(RELAY)
    for battle in range(20):
        published(ended(battle))
    wait_for(lambda: rabbit.messages("world") >= 20)

    rabbit.forget_everything()
    run(WORKER)

    wait_for(lambda: not facts.backlog().pending)
    assert HandledFact.objects.count() == 20 * LISTENERS
    assert not FailedFact.objects.exists()


def test_what_is_delivered_too_often_waits_for_a_game_master(rabbit: Rabbit, run: Run) -> None:
    run(RELAY)
    published(ended(7))
    wait_for(lambda: rabbit.messages("world"))
    rabbit.shout(queues.dead("world"), "no message of ours")

    def parked() -> FailedFact | None:
        rabbit.refuse("world")
        return FailedFact.objects.filter(parked_at__isnull=False).first()

    failed = wait_for(parked)

    assert failed.subscriber.startswith("world.")
    assert "broker gave up" in failed.error
    wait_for(lambda: rabbit.messages(queues.dead("world")) == 0)
    facts.retry(failed.fact_id, failed.subscriber)
    run(WORKER)
    wait_for(lambda: not facts.backlog().pending)
    assert json.loads(OutboxFact.objects.get().payload)["battle"] == 7
    assert HandledFact.objects.count() == LISTENERS
