"""Every room of every app opens for a game master, and stands up to what may be typed into it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

ROOMS = list(admin.site._registry)
QUERIES = ["", "abc", "9" * 30, "-1", "%", "' OR 1=1 --", "\x00", "🗝", "a" * 5000]


def list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", ROOMS, ids=lambda model: model._meta.label)
def test_a_game_master_may_look_into_the_room(console: Client, model: Any) -> None:
    assert console.get(list_of(model)).status_code == 200


@pytest.mark.parametrize("model", ROOMS, ids=lambda model: model._meta.label)
def test_no_search_makes_the_room_fail(console: Client, model: Any) -> None:
    for query in QUERIES:
        assert console.get(list_of(model), {"q": query}).status_code < 500, query


@pytest.mark.parametrize("model", ROOMS, ids=lambda model: model._meta.label)
def test_no_address_makes_the_room_fail(console: Client, model: Any) -> None:
    for object_id in ("0", "x", "9" * 30, "-1", "1:2:3", "%00"):
        assert console.get(f"{list_of(model)}{object_id}/change/").status_code < 500, object_id
    for query in (
        "?o=99",
        "?p=-5",
        "?all=1",
        "?nothing=1",
        "?id__exact=x",
        "?account__password=p",
    ):
        assert console.get(list_of(model) + query).status_code < 500, query
