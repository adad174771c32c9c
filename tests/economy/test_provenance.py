"""Where a sword was, ever: told to its holder over REST, and to nobody else."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from apps.accounts.models import Character
from apps.economy import services
from tests.economy.cast import character, give, item_id
from tests.economy.undoing import hand_over_item

pytestmark = pytest.mark.django_db


def client_of(character_id: int) -> Client:
    client = Client()
    client.force_login(Character.objects.get(pk=character_id).account)
    return client


def test_the_holder_is_told_of_every_holder_before() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    services.unequip(character_id=alice, slot="weapon", idempotency_key="u")
    hand_over_item(alice, bob, hook, "gift")
    told = client_of(bob).get(f"/api/v1/items/{hook}/history").json()
    assert [(each["holder"], each["kind"]) for each in told["stations"]] == [
        ("Alice", "grant"),
        ("Bob", "trade"),
    ]
    assert told["item"] == "reed_hook"


def test_to_others_the_item_does_not_exist() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    for item in (item_id(alice, "reed_hook"), str(uuid.uuid4())):
        assert client_of(bob).get(f"/api/v1/items/{item}/history").status_code == 404
    assert Client().get(f"/api/v1/items/{item}/history").status_code in (401, 403)
