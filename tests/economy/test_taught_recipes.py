"""A recipe that has to be taught is made by whoever has used what teaches it, once and for good."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction

from apps.accounts.services import Journey
from apps.economy import auditing, services
from apps.economy import making_selectors as making
from apps.economy.errors import InsufficientError
from apps.economy.making_errors import RecipeKnownError, RecipeLockedError
from apps.economy.models import Entry, LearntRecipe
from apps.economy.services import luggage, surroundings
from apps.economy.services.professions import learn
from tests.economy.cast import all_at_once, character, give, stacks

pytestmark = pytest.mark.django_db

LAMP, PAGE = "r_inkglass_lamp", "inkglass_page"


@pytest.fixture(autouse=True)
def _everywhere_and_lawful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"workbench"}])
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def alice() -> int:
    """Somebody who has all that the lamp takes, but does not know it."""
    alice = character()
    give(alice, glim=500, ink_sac=6, wright_cog=2, inkglass_page=2)
    with transaction.atomic():
        learn(alice, "tinker", 10**6)
    return alice


def make(who: int) -> None:
    services.craft(character_id=who, recipe_id=LAMP, count=1, idempotency_key=f"craft:{who}")


def read(who: int, key: str = "u") -> int:
    return services.use(character_id=who, item=PAGE, idempotency_key=f"use:{who}:{key}").left


def test_what_was_not_taught_is_not_made(alice: int) -> None:
    with pytest.raises(RecipeLockedError):
        make(alice)
    assert making.crafting(alice).recipes == []


def test_who_has_read_it_knows_it_and_the_page_is_used_up(alice: int) -> None:
    assert read(alice) == 1
    assert making.crafting(alice).recipes == [LAMP]
    make(alice)
    entry = Entry.objects.get(kind="use")
    lines = entry.lines.values_list("account__owner_type", "asset", "amount")
    assert sorted(lines) == [("character", PAGE, -1), ("system", PAGE, 1)]


def test_the_same_command_teaches_once(alice: int) -> None:
    assert read(alice) == read(alice) == 1


def test_who_knows_it_uses_up_no_other_page(alice: int) -> None:
    read(alice)
    with pytest.raises(RecipeKnownError):
        read(alice, key="again")
    assert stacks(alice)[PAGE] == 1


def test_who_has_no_page_learns_nothing() -> None:
    bob = character("Bob")
    with pytest.raises(InsufficientError):
        read(bob)
    assert not LearntRecipe.objects.exists()


def test_what_was_learnt_goes_along_to_another_shard(alice: int) -> None:
    read(alice)
    journey = Journey(transfer=uuid4(), character_id=alice, fee=0)
    brought = luggage.pack(journey)
    assert not LearntRecipe.objects.exists()
    luggage.put_back(journey, brought)
    assert making.crafting(alice).recipes == [LAMP]


@pytest.mark.django_db(transaction=True)
def test_two_pages_read_at_once_use_up_one(alice: int) -> None:
    results = all_at_once(lambda: read(alice, "a"), lambda: read(alice, "b"))
    assert sum(isinstance(each, RecipeKnownError) for each in results) == 1
    assert stacks(alice)[PAGE] == 1
