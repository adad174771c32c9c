"""The people of these tests, as services make them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from aether.kernel import clock
from apps.accounts import services
from apps.accounts.models import Account
from apps.accounts.selectors import CharacterRecord

PASSWORD = "correct horse battery"


def account(name: str = "alice", **fields: object) -> Account:
    return Account.objects.create_user(name, password=PASSWORD, **fields)


def game_master(name: str = "gwen") -> Account:
    return Account.objects.create_superuser(name, password=PASSWORD)


def character(owner: Account, name: str = "Maren", class_id: str = "anchorite") -> CharacterRecord:
    return services.create_character(account_id=owner.pk, name=name, class_id=class_id)


def signed_in(owner: Account) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def in_an_hour() -> datetime:
    return clock.utc_now() + timedelta(hours=1)
