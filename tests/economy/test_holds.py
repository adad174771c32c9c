"""A hold sets assets aside and is resolved exactly once, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from aether.kernel import clock
from apps.economy import auditing, selectors, services
from apps.economy.buckets import escrow, sink
from apps.economy.errors import HoldExceededError, HoldResolvedError, InsufficientError
from apps.economy.models import Hold
from apps.economy.services.ledger import Move
from tests.economy.cast import all_at_once, character, give, item_id, stacks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


def terms(owner: int, key: str = "h", *, minutes: int = 10, **contents: int) -> services.HoldTerms:
    return services.HoldTerms(
        character_id=owner,
        purpose="craft",
        cause="craft:1",
        contents=contents,
        idempotency_key=f"{key}:{owner}",
        expires_at=clock.utc_now() + timedelta(minutes=minutes),
    )


def spend(owner: int, hold_id: int, asset: str, amount: int) -> Move:
    return Move(asset=asset, amount=amount, source=escrow(owner, "craft", hold_id), target=sink("craft"))


def test_what_is_held_is_not_carried() -> None:
    alice = character()
    give(alice, glim=100, reed_fibre=5)
    services.place_hold(terms(alice, glim=60, reed_fibre=5))
    assert (selectors.glim(alice), stacks(alice)) == (40, {})
    assert selectors.count_of(alice, "reed_fibre") == 0


def test_the_same_key_holds_once() -> None:
    alice = character()
    give(alice, glim=100)
    assert services.place_hold(terms(alice, glim=60)) == services.place_hold(terms(alice, glim=60))
    assert selectors.glim(alice) == 40


def test_what_one_has_not_cannot_be_held() -> None:
    alice = character()
    give(alice, glim=10)
    with pytest.raises(InsufficientError), transaction.atomic():
        services.place_hold(terms(alice, glim=11))
    assert not Hold.objects.exists()


def test_posting_uses_a_part_and_gives_the_rest_back() -> None:
    alice = character()
    give(alice, glim=100, reed_fibre=5)
    hold = services.place_hold(terms(alice, glim=60, reed_fibre=5))
    services.post_hold(hold, [spend(alice, hold, "reed_fibre", 3)], kind="craft")
    assert (selectors.glim(alice), stacks(alice)) == (100, {"reed_fibre": 2})


def test_posting_more_than_is_held_is_refused() -> None:
    alice = character()
    give(alice, reed_fibre=9)
    hold = services.place_hold(terms(alice, reed_fibre=5))
    with pytest.raises(HoldExceededError), transaction.atomic():
        services.post_hold(hold, [spend(alice, hold, "reed_fibre", 6)], kind="craft")
    assert Hold.objects.get().state == "pending"


def test_voiding_gives_everything_back_unique_items_too() -> None:
    alice = character()
    give(alice, glim=10, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    hold = services.place_hold(terms(alice, glim=10, **{f"item:{hook}": 1}))
    assert selectors.inventory(alice).items == []
    services.void_hold(hold)
    assert (selectors.glim(alice), item_id(alice, "reed_hook")) == (10, hook)


def test_a_resolved_hold_is_not_resolved_again() -> None:
    alice = character()
    give(alice, glim=10)
    hold = services.place_hold(terms(alice, glim=10))
    services.void_hold(hold)
    with pytest.raises(HoldResolvedError), transaction.atomic():
        services.void_hold(hold)
    with pytest.raises(HoldResolvedError), transaction.atomic():
        services.post_hold(hold, [spend(alice, hold, "glim", 10)], kind="craft")
    assert selectors.glim(alice) == 10


def test_the_sweeper_gives_back_what_has_expired_and_nothing_else() -> None:
    alice = character()
    give(alice, glim=30)
    services.place_hold(terms(alice, "soon", minutes=1, glim=10))
    services.place_hold(terms(alice, "late", minutes=9, glim=10))
    later = clock.now() + 120
    with clock.replaced(lambda: later):
        assert services.sweep() == 1
        assert services.sweep() == 0
    assert selectors.glim(alice) == 20
    assert sorted(Hold.objects.values_list("state", flat=True)) == ["expired", "pending"]


@pytest.mark.django_db(transaction=True)
def test_posting_voiding_and_expiring_at_once_resolve_once() -> None:
    alice = character()
    give(alice, glim=10)
    hold = services.place_hold(terms(alice, minutes=-1, glim=10))
    works = [
        lambda: services.void_hold(hold),
        services.expire_holds,
        lambda: services.post_hold(hold, [spend(alice, hold, "glim", 10)], kind="craft"),
    ] * 3
    results = all_at_once(*works)
    done = [r for r in results if not isinstance(r, HoldResolvedError) and r != 0]
    assert len(done) == 1
    state = Hold.objects.get().state
    assert selectors.glim(alice) == (0 if state == "posted" else 10)
