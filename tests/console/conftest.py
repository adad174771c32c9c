"""Staff at the console's door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from aether.console.roles import GAME_MASTERS
from aether.kernel.live import redis
from apps.accounts.models import Account
from tests.accounts import cast


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    yield
    cache.clear()
    redis().flushdb()


def game_master(name: str = "gwen") -> Account:
    account = cast.account(name, is_staff=True)
    account.groups.add(Group.objects.get(name=GAME_MASTERS))
    return account


def sign_in(name: str, password: str = cast.PASSWORD, code: str = "") -> Client:
    client = Client()
    client.post("/gm/login/?next=/gm/", {"username": name, "password": password, "code": code})
    return client


@pytest.fixture
def gwen(db: None) -> Account:
    return game_master()


@pytest.fixture
def console(gwen: Account) -> Client:
    """A game master's browser, signed in."""
    return sign_in("gwen")
