"""The relay takes leases: it may be killed anywhere, and any number may run."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from aether import celery
from aether.kernel import facts
from aether.kernel.facts import outbox, relay
from aether.kernel.facts.types import Fact
from aether.kernel.models import OutboxFact
from tests.kernel.facts.conftest import Listen, born, published

pytestmark = pytest.mark.django_db(transaction=True)


def ignore(fact: Fact, event_id: int) -> None:
    pass


def test_a_claimed_fact_is_not_claimed_again_while_the_lease_lasts(listen: Listen) -> None:
    name = listen(ignore)
    published(born())

    assert outbox.claim(10) == [outbox.Delivery(OutboxFact.objects.get().pk, name)]
    assert outbox.claim(10) == []


def test_a_fact_whose_message_was_lost_is_due_again(listen: Listen) -> None:
    listen(ignore)
    published(born())
    lost = outbox.claim(10)

    outbox.make_all_due()

    assert outbox.claim(10) == lost


def test_only_what_is_missing_is_sent_again(listen: Listen) -> None:
    done, missing = listen(ignore, "quests.greet"), listen(ignore, "chat.greet")
    published(born())
    facts.deliver(outbox.claim(10)[0].event_id, done)

    outbox.make_all_due()

    assert [delivery.subscriber for delivery in outbox.claim(10)] == [missing]


def test_a_broker_that_is_away_costs_no_fact(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    listen(ignore)
    published(born())

    def refuse(*_args: object, **_options: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(relay.deliver_fact, "apply_async", refuse)
    with pytest.raises(ConnectionError):
        relay.relay_once()

    with connection.cursor() as cursor:
        cursor.execute("SELECT due_at < now() + interval '2 seconds' FROM kernel_outboxfact")
        assert cursor.fetchone() == (True,)


def test_the_embedded_worker_handles_what_is_published(listen: Listen) -> None:
    heard = threading.Event()
    listen(lambda fact, event_id: heard.set())
    stop = threading.Event()
    relaying = threading.Thread(target=relay.relay_until, args=[stop])
    celery.start_embedded()
    relaying.start()
    try:
        published(born())
        began = time.monotonic()
        assert heard.wait(10)
        assert time.monotonic() - began < 5
    finally:
        stop.set()
        relaying.join(5)
        celery.stop_embedded()
    assert facts.backlog().pending == 0
