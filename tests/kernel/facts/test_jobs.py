"""The jobs of facts: a worker that died counts as a failure, and what is long done is forgotten."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection

from aether.kernel import facts
from aether.kernel.facts import delivery, tasks
from aether.kernel.facts.types import Fact
from aether.kernel.models import FailedFact, HandledFact, OutboxFact
from tests.kernel.facts.conftest import Listen, born, published

pytestmark = pytest.mark.django_db(transaction=True)


def ignore(fact: Fact, event_id: int) -> None:
    pass


def run_job(event_id: int, name: str, *, redelivered: bool) -> None:
    message = SimpleNamespace(request=SimpleNamespace(delivery_info={"redelivered": redelivered}))
    tasks.deliver_fact.run.__func__(message, event_id, name)


def age(days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_outboxfact SET created_at = now() - %s * interval '1 day'", [days])


def test_a_message_that_comes_back_is_handled_and_forgiven(listen: Listen) -> None:
    name = listen(ignore)
    published(born())
    run_job(OutboxFact.objects.get().pk, name, redelivered=True)
    assert HandledFact.objects.count() == 1
    assert not FailedFact.objects.exists()


def test_a_fact_that_kills_its_worker_each_time_is_parked(listen: Listen) -> None:
    name = listen(ignore)
    published(born())
    event_id = OutboxFact.objects.get().pk
    for _ in range(delivery.FAILURES_MAX - 1):
        delivery.count_failure(event_id, name, "the worker died")

    run_job(event_id, name, redelivered=True)

    assert not HandledFact.objects.exists()
    assert facts.backlog() == facts.Backlog(pending=0, parked=1)


@pytest.mark.parametrize(("days", "left"), [(tasks.KEPT_DAYS + 1, 0), (tasks.KEPT_DAYS - 1, 1)])
def test_facts_that_were_done_long_ago_are_forgotten(listen: Listen, days: int, left: int) -> None:
    listen(ignore)
    published(born())
    facts.drain()
    age(days)
    tasks.prune_facts()
    assert (OutboxFact.objects.count(), HandledFact.objects.count()) == (left, left)


def test_facts_that_are_open_or_parked_are_never_forgotten(listen: Listen) -> None:
    name = listen(ignore)
    published(born())
    published(born())
    parked = OutboxFact.objects.earliest("id").pk
    for _ in range(delivery.FAILURES_MAX):
        delivery.count_failure(parked, name, "stuck")
    age(1000)
    tasks.prune_facts()
    assert OutboxFact.objects.count() == 2
