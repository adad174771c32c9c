"""Whatever is asked at the same moment: one answer counts, one reward is paid, every fact counts once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from aether.kernel import facts
from apps.accounts import selectors as accounts
from apps.economy import auditing
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.quests import services
from apps.quests.rules.machine import Event
from tests.economy.cast import all_at_once
from tests.quests.cast import ILSE, MQ1, battle, hero, progress, publish, say, state

pytestmark = pytest.mark.django_db(transaction=True)


def codes(results: list[Any]) -> list[str]:
    raised = [result for result in results if isinstance(result, Exception)]
    return [getattr(error, "code", repr(error)) for error in raised]


@pytest.fixture
def ready() -> int:
    """Somebody who has done everything but report."""
    alice = hero()
    say(alice, "accept")
    publish(battle(1, alice))
    hook = next(each.id for each in economy.inventory(alice).items if each.item == "reed_hook")
    economy_services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    publish()
    assert state(alice) == "ready"
    return alice


def test_r09_a_quest_reported_from_all_sides_is_paid_once(ready: int) -> None:
    glim, experience = economy.glim(ready), accounts.character(ready).xp_total
    works = [lambda: services.complete(character_id=ready, quest_id=MQ1, cause="race")] * 8
    assert codes(all_at_once(*works)) == ["quests.not_active"] * 7
    assert economy.count_of(ready, "moor_licence") == 1
    assert economy.glim(ready) == glim + 50
    assert accounts.character(ready).xp_total == experience + 120
    assert auditing.audit_ledger() == []


def test_r09_the_same_answer_of_two_tabs_is_given_once(ready: int) -> None:
    shown = services.talk(character_id=ready, npc_id=ILSE, language="en")

    def answer() -> object:
        return services.choose(
            character_id=ready, npc_id=ILSE, rev=shown.rev, option_id="report", language="en"
        )

    assert codes(all_at_once(*[answer] * 6)) == ["quests.stale_talk"] * 5
    assert economy.count_of(ready, "moor_licence") == 1


def test_events_at_the_same_moment_are_all_counted_and_capped() -> None:
    alice = hero()
    say(alice, "accept")
    won = Event(type="battle.won", fields={"zone": "reedmoor_flats", "mode": "pve"})
    works = [lambda: services.observe(character_ids=[alice], events=[won], cause="race")] * 6
    assert codes(all_at_once(*works)) == []
    assert progress(alice) == {"win": 1, "wear": 0}


def test_a_fact_delivered_by_many_workers_counts_once() -> None:
    alice = hero()
    say(alice, "accept")
    with transaction.atomic():
        facts.publish(battle(1, alice))
    glim = economy.glim(alice)
    assert codes(all_at_once(*[facts.drain] * 4)) == []
    assert progress(alice) == {"win": 1, "wear": 0}
    assert 6 <= economy.glim(alice) - glim <= 12
