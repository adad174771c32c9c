"""A fact of the tests, and subscribers that do as they are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from aether.kernel import facts
from aether.kernel.facts import registry
from aether.kernel.facts.types import CharacterCreated, Fact

Listen = Callable[[Callable[[Fact, int], None], str], str]


def born(character: int = 7) -> CharacterCreated:
    return CharacterCreated(character=character, account=1, class_id="chainguard")


def published(fact: Fact) -> None:
    with transaction.atomic():
        facts.publish(fact)


@pytest.fixture
def listen(monkeypatch: pytest.MonkeyPatch) -> Listen:
    """Subscribe a function to CharacterCreated for the length of a test; nobody else listens."""
    monkeypatch.setattr(registry, "_subscribers", {})

    def subscribe(react: Callable[[Fact, int], None], name: str = "quests.greet") -> str:
        facts.subscribe(CharacterCreated, name=name)(react)
        return name

    return subscribe
