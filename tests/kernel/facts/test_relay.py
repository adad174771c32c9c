"""The relay takes leases: it may be killed anywhere, and any number may run."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from aether import celery
from aether.kernel import facts
from aether.kernel.facts import delivery, outbox, relay
from aether.kernel.facts.broker import Broker, QueueFullError
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
        relay.relay_once(Broker())

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


class FullFor:
    """A broker whose queue for one domain is full."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.sent: list[str] = []

    def send(self, task: object, arguments: tuple[object, ...], queue: str) -> None:
        if queue == self.queue:
            raise QueueFullError(queue)
        self.sent.append(queue)


def test_a_full_queue_holds_up_nobody_else(listen: Listen) -> None:
    listen(ignore, "chat.greet")
    listen(ignore, "quests.greet")
    published(born())
    published(born())

    broker = FullFor("chat")
    relay.relay_once(broker)  # type: ignore[arg-type]

    assert broker.sent == ["quests", "quests"]
    assert set(OutboxFact.objects.values_list("relayed", flat=True)) == {0}
    assert outbox.claim(10) == []


def test_a_broker_that_is_away_for_long_does_not_make_the_next_lease_longer(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(ignore)
    published(born())

    def refuse(*_args: object, **_options: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(relay.deliver_fact, "apply_async", refuse)
    for _ in range(5):
        outbox.make_due([OutboxFact.objects.get().pk], in_s=0)
        with pytest.raises(ConnectionError):
            relay.relay_once(Broker())

    assert OutboxFact.objects.get().relayed == 0


def test_what_an_empty_queue_must_have_lost_is_due_long_before_its_lease_ends(listen: Listen) -> None:
    name = listen(ignore, "chat.greet")
    published(born())
    lost = outbox.claim(10)
    lease("10 minutes", relayed=8)
    assert outbox.make_forgotten_due("quests") == 0

    assert outbox.make_forgotten_due("chat") == 1
    assert outbox.claim(10) == lost == [outbox.Delivery(lost[0].event_id, name)]


def test_what_was_relayed_lately_is_not_taken_for_lost(listen: Listen) -> None:
    listen(ignore, "chat.greet")
    published(born())
    outbox.claim(10)
    lease("10 seconds", relayed=1)
    assert outbox.make_forgotten_due("chat") == 0


def test_what_is_done_or_parked_is_not_taken_for_lost(listen: Listen) -> None:
    done, parked = listen(ignore, "chat.greet"), listen(ignore, "quests.greet")
    listen(ignore, "world.greet")
    published(born())
    event_id = OutboxFact.objects.get().pk
    facts.deliver(event_id, done)
    delivery.park(event_id, parked, error="given up")
    lease("10 minutes", relayed=8)
    assert outbox.make_forgotten_due("chat") == outbox.make_forgotten_due("quests") == 0
    assert outbox.make_forgotten_due("world") == 1


def lease(left: str, *, relayed: int) -> None:
    """Let the lease of every fact end so long from now, after so many of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_outboxfact SET relayed = %s, due_at = clock_timestamp() + %s::interval",
            [relayed, left],
        )


def test_several_relays_send_each_fact_once(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    listen(ignore)
    for character in range(60):
        published(born(character))
    sent: list[int] = []
    monkeypatch.setattr(relay.deliver_fact, "apply_async", lambda args, **_options: sent.append(args[0]))
    monkeypatch.setattr(relay, "BATCH", 7)

    def relay_all() -> None:
        while relay.relay_once(Broker()):
            pass
        connection.close()

    relays = [threading.Thread(target=relay_all) for _ in range(4)]
    for each in relays:
        each.start()
    for each in relays:
        each.join(20)

    assert sorted(sent) == sorted(OutboxFact.objects.values_list("id", flat=True))
