"""A fact has exactly one effect on each subscriber, and a failure is neither lost nor repeated for ever."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction
from redis.exceptions import ConnectionError as RedisConnectionError

from aether.kernel import facts
from aether.kernel.facts import delivery, outbox
from aether.kernel.facts.types import CharacterCreated, Fact, ZoneEntered
from aether.kernel.models import FailedFact, HandledFact, OutboxFact
from tests.kernel.facts.conftest import Listen, born, published

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    def __init__(self, failing: bool = False) -> None:
        self.heard: list[tuple[Fact, int]] = []
        self.failing = failing

    def __call__(self, fact: Fact, event_id: int) -> None:
        self.heard.append((fact, event_id))
        if self.failing:
            raise RuntimeError("the chest is stuck")


def only_fact() -> OutboxFact:
    return OutboxFact.objects.get()


def test_a_subscriber_gets_the_fact_that_was_published(listen: Listen) -> None:
    ear = Ear()
    listen(ear)
    published(born(character=7))

    facts.drain()

    assert ear.heard == [(born(character=7), only_fact().pk)]


def test_a_fact_of_a_transaction_that_is_undone_was_never_published(listen: Listen) -> None:
    ear = Ear()
    listen(ear)
    with transaction.atomic():
        facts.publish(born())
        transaction.set_rollback(True)

    facts.drain()

    assert not ear.heard


def test_publishing_outside_a_transaction_is_a_mistake_that_shows() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        facts.publish(born())


def test_a_fact_that_comes_twice_is_handled_once(listen: Listen) -> None:
    ear = Ear()
    name = listen(ear)
    published(born())
    event_id = only_fact().pk

    for _ in range(3):
        facts.deliver(event_id, name)

    assert len(ear.heard) == 1


def test_a_fact_is_done_when_every_subscriber_is(listen: Listen) -> None:
    first, second = listen(Ear(), "quests.greet"), listen(Ear(), "chat.greet")
    published(born())

    facts.deliver(only_fact().pk, first)
    assert only_fact().due_at is not None
    facts.deliver(only_fact().pk, second)
    assert only_fact().due_at is None


def test_a_fact_that_nobody_hears_is_done_at_once(listen: Listen) -> None:
    published(ZoneEntered(character=1, zone="lastmoor"))

    assert outbox.claim(10) == []
    assert only_fact().due_at is None


def test_what_a_failing_subscriber_did_is_undone(listen: Listen) -> None:
    def change_then_fail(fact: Fact, event_id: int) -> None:
        facts.publish(ZoneEntered(character=1, zone="lastmoor"))
        raise RuntimeError

    name = listen(change_then_fail)
    published(born())

    facts.deliver(only_fact().pk, name)

    assert OutboxFact.objects.count() == 1
    assert not HandledFact.objects.exists()


def test_a_failed_fact_is_tried_again_later_and_then_done(listen: Listen) -> None:
    ear = Ear(failing=True)
    name = listen(ear)
    published(born())
    facts.deliver(only_fact().pk, name)
    assert FailedFact.objects.get().parked_at is None
    assert outbox.claim(10) == []

    ear.failing = False
    facts.drain()

    assert not FailedFact.objects.exists()
    assert only_fact().due_at is None


def test_the_fifth_failure_parks_the_fact_with_its_error(listen: Listen) -> None:
    ear = Ear(failing=True)
    name = listen(ear)
    published(born())

    for _ in range(7):
        facts.deliver(only_fact().pk, name)

    failed = FailedFact.objects.get()
    assert len(ear.heard) == failed.failures == delivery.FAILURES_MAX
    assert failed.parked_at is not None
    assert "the chest is stuck" in failed.error
    assert facts.backlog() == facts.Backlog(pending=0, parked=1)


def test_a_parked_fact_does_not_hold_up_the_other_subscribers(listen: Listen) -> None:
    ear = Ear()
    listen(ear, "chat.greet")
    broken = listen(Ear(failing=True), "quests.greet")
    published(born())
    for _ in range(delivery.FAILURES_MAX):
        facts.deliver(only_fact().pk, broken)

    facts.drain()

    assert len(ear.heard) == 1
    assert only_fact().due_at is None


def test_a_retried_fact_is_handled(listen: Listen) -> None:
    ear = Ear(failing=True)
    name = listen(ear)
    published(born())
    for _ in range(delivery.FAILURES_MAX):
        facts.deliver(only_fact().pk, name)

    ear.failing = False
    delivery.retry(only_fact().pk, name)
    facts.drain()

    assert facts.backlog() == facts.Backlog(pending=0, parked=0)


def test_two_subscribers_cannot_share_a_name(listen: Listen) -> None:
    listen(Ear(), "quests.greet")
    with pytest.raises(ValueError, match=r"quests\.greet"):
        listen(Ear(), "quests.greet")


def test_whom_a_fact_does_not_concern_is_not_bothered(listen: Listen) -> None:
    ear = Ear()
    facts.subscribe(CharacterCreated, name="chat.greet_sevens", when=lambda born: born.character == 7)(ear)
    published(born(character=8))

    assert outbox.claim(10) == []
    assert only_fact().due_at is None

    published(born(character=7))
    facts.drain()

    assert [fact for fact, _ in ear.heard] == [born(character=7)]


def test_of_several_subscribers_the_concerned_ones_get_the_fact(listen: Listen) -> None:
    ear = Ear()
    name = listen(ear)
    facts.subscribe(CharacterCreated, name="chat.never", when=lambda _: False)(Ear(failing=True))
    published(born())

    assert [each.subscriber for each in outbox.claim(10)] == [name]
    assert only_fact().due_at is not None
    facts.deliver(only_fact().pk, name)

    assert only_fact().due_at is None


def test_a_fact_that_cannot_be_read_is_parked_with_everybody(listen: Listen) -> None:
    facts.subscribe(CharacterCreated, name="chat.never", when=lambda _: False)(Ear())
    published(born())
    OutboxFact.objects.update(payload='{"character": "seven"}')

    (delivery_left,) = outbox.claim(10)
    for _ in range(delivery.FAILURES_MAX):
        facts.deliver(delivery_left.event_id, delivery_left.subscriber)

    assert facts.backlog() == facts.Backlog(pending=0, parked=1)


def test_a_subscriber_of_another_release_is_no_failure(listen: Listen) -> None:
    """While processes of two releases run, a message may name somebody whom the other one has not."""
    ear = Ear()
    name = listen(ear)
    published(born())
    event_id = only_fact().pk

    for _ in range(delivery.FAILURES_MAX + 1):
        facts.deliver(event_id, "quests.of_another_release")

    assert not FailedFact.objects.exists()
    assert not HandledFact.objects.exists()
    assert only_fact().due_at is not None
    facts.deliver(event_id, name)
    assert len(ear.heard) == 1
    assert only_fact().due_at is None


def test_a_connection_that_broke_in_between_is_replaced(listen: Listen) -> None:
    ear = Ear()
    name = listen(ear)
    published(born())
    event_id = only_fact().pk
    connection.connection.close()

    facts.deliver(event_id, name)

    assert len(ear.heard) == 1
    assert not FailedFact.objects.exists()


@pytest.mark.parametrize("outage", [RedisConnectionError("refused"), OperationalError("shutting down")])
def test_an_outage_is_nobodys_failure_however_long_it_lasts(listen: Listen, outage: Exception) -> None:
    def fail(fact: Fact, event_id: int) -> None:
        raise outage

    listen(fail)
    published(born())
    for _ in range(delivery.FAILURES_MAX + 2):
        for each in outbox.open_deliveries():
            delivery.deliver(each.event_id, each.subscriber)

    assert not FailedFact.objects.exists()
    assert facts.backlog() == facts.Backlog(pending=1, parked=0)
