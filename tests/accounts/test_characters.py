"""Who may be made, and under which name."""

from __future__ import annotations

import pytest

from aether.kernel.errors import NotFoundError
from aether.kernel.models import OutboxFact
from apps.accounts import selectors
from apps.accounts.errors import NameTakenError, TooManyCharactersError, UnknownClassError
from tests.accounts import cast

pytestmark = pytest.mark.django_db


def test_a_character_is_made_and_its_making_is_a_fact() -> None:
    alice = cast.account()
    made = cast.character(alice, "Maren")
    assert selectors.character(made.id) == made
    assert [record.name for record in selectors.characters_of(alice.pk)] == ["Maren"]
    assert OutboxFact.objects.get().type == "character.created"


def test_a_sixth_character_is_refused() -> None:
    alice = cast.account()
    for name in ("Ana", "Bea", "Cleo", "Dora", "Edda"):
        cast.character(alice, name)
    with pytest.raises(TooManyCharactersError):
        cast.character(alice, "Fenna")


def test_a_class_that_is_not_in_the_content_is_refused() -> None:
    with pytest.raises(UnknownClassError):
        cast.character(cast.account(), class_id="dragon")


def test_a_name_that_is_taken_is_refused_and_leaves_nothing() -> None:
    cast.character(cast.account("alice"), "Maren")
    bob = cast.account("bob")
    with pytest.raises(NameTakenError):
        cast.character(bob, "maren")
    assert selectors.characters_of(bob.pk) == []


def test_a_character_of_another_account_is_as_if_it_did_not_exist() -> None:
    maren = cast.character(cast.account("alice"))
    with pytest.raises(NotFoundError):
        selectors.character_of_account(cast.account("bob").pk, maren.id)


def test_a_character_is_found_by_its_name_in_any_case() -> None:
    maren = cast.character(cast.account(), "Maren")
    assert selectors.character_named("MAREN").id == maren.id
