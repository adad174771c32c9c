"""The named people of the tests: accounts with a character, a login, and tickets for sockets."""

from __future__ import annotations

from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.test import Client

from aether.kernel import facts
from aether.kernel.live import tickets
from apps.accounts import services
from apps.accounts.models import Account

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who plays one character."""

    account_id: int
    character_id: int
    name: str
    session_key: str

    async def ticket(self) -> str:
        """Return a fresh ticket, as the account asks for one over REST."""
        return await sync_to_async(tickets.issue)(
            account_id=self.account_id, character_id=self.character_id, session_key=self.session_key
        )


async def alice() -> Player:
    return await player("alice", "Alice")


async def bob() -> Player:
    return await player("bob", "Bob", "kitewright")


async def player(account_name: str, name: str, class_id: str = "anchorite") -> Player:
    """Make an account with a character, signed in."""
    return await sync_to_async(_player)(account_name, name, class_id)


def _player(account_name: str, name: str, class_id: str) -> Player:
    account = Account.objects.create_user(account_name, password=PASSWORD)
    character = services.create_character(account_id=account.pk, name=name, class_id=class_id)
    # What a character is given at birth is there before it does anything.
    facts.drain()
    client = Client()
    client.force_login(account)
    session_key = client.session.session_key
    assert session_key is not None
    return Player(account.pk, character.id, name, session_key)
