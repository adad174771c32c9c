"""What is thrown away is gone into a sink, once; what a quest may need stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aether.protocol.economy import Discarded
from apps.economy import auditing, selectors, services
from apps.economy.errors import InsufficientError, NeededItemError, NotHeldError, WornItemError
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.test_trading import expect_refusal
from tests.economy.undoing import system_sum

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def alice() -> int:
    found = character()
    give(found, glim=5, reed_fibre=7, reed_hook=1)
    return found


def discard(who: int, item: str, count: int = 1, key: str = "k") -> Discarded:
    return services.discard(character_id=who, item=item, count=count, idempotency_key=key)


def test_a_part_of_a_stack_is_gone(alice: int) -> None:
    assert discard(alice, "reed_fibre", 3) == Discarded(item="reed_fibre", count=3)
    assert stacks(alice) == {"reed_fibre": 4}
    assert system_sum("sink:discard", "reed_fibre") == 3


def test_a_retry_throws_nothing_more_away(alice: int) -> None:
    assert discard(alice, "reed_fibre", 3) == discard(alice, "reed_fibre", 3)
    assert stacks(alice) == {"reed_fibre": 4}


def test_an_item_is_gone_by_its_id(alice: int) -> None:
    hook = item_id(alice, "reed_hook")
    discard(alice, hook)
    assert selectors.inventory(alice).items == []
    assert system_sum("sink:discard", f"item:{hook}") == 1


def test_what_one_wears_is_taken_off_first(alice: int) -> None:
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    expect_refusal(discard, alice, hook, error=WornItemError)


def test_what_is_not_there_is_not_thrown_away(alice: int) -> None:
    bob = character("Bob")
    give(bob, reed_hook=1)
    hook, his = item_id(alice, "reed_hook"), item_id(bob, "reed_hook")
    for item, count in ((his, 1), (hook, 2), (f"item:{hook}", 1)):
        expect_refusal(discard, alice, item, count, error=NotHeldError)
    for item in ("glim", "nonsense", "reed_hook"):
        expect_refusal(discard, alice, item, error=InsufficientError)
    expect_refusal(discard, alice, "reed_fibre", 8, error=InsufficientError)
    assert (selectors.glim(alice), stacks(alice)) == (5, {"reed_fibre": 7})


def test_what_a_quest_may_need_stays(alice: int) -> None:
    give(alice, key="q", moor_licence=1)
    expect_refusal(discard, alice, "moor_licence", error=NeededItemError)
