"""Many at once, without the sign-up of each: people, tickets for sockets, and messages sent again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from aether.kernel.facts.registry import subscriber
from aether.kernel.facts.tasks import deliver_fact
from aether.kernel.live import tickets as issued
from apps.accounts import services as accounts
from apps.accounts.models import Account
from apps.economy import services as economy
from apps.world import ground, selectors
from apps.world.models import CharacterPlace

SOCKETS_PER_ACCOUNT = 5


def newcomers(*, count: int, npc: str, glim: int) -> list[dict[str, Any]]:
    """Return so many characters with a login each, rich and beside an NPC, before their first steps."""
    people = []
    for account in _accounts(count):
        name = "".join(random.SystemRandom().choices("abdegkopstuz", k=12)).capitalize()
        character = accounts.create_character(account_id=account.pk, name=name, class_id="kitewright").id
        _settle(character, npc)
        economy.grant(
            character_id=character, cause="faults:purse", idempotency_key=f"faults:{character}", glim=glim
        )
        people.append({"id": character, "token": _login(account)})
    return people


def _settle(character: int, npc: str) -> None:
    place = selectors.npc_place(npc)
    x, y = place.cell
    spot = ground.standable(place.zone, (x, y + 1), home=ground.home(place.zone))
    CharacterPlace.objects.create(
        character_id=character,
        zone=spot.zone,
        instance=ground.copy_name(spot.zone, 1),
        x=spot.cell[0],
        y=spot.cell[1],
        bind_zone=place.zone,
    )


def _accounts(count: int) -> Iterator[Account]:
    prefix = random.SystemRandom().getrandbits(40)
    for number in range(count):
        account = Account(username=f"f{prefix:x}.{number}")
        account.set_unusable_password()
        account.save()
        yield account


def _login(account: Account) -> str:
    """Return the key of a session, which is what the sign-in of programs hands out."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def tickets(*, count: int) -> list[str]:
    """Return so many fresh tickets, five for each of some accounts that only watch."""
    made: list[str] = []
    for account in _accounts(-(-count // SOCKETS_PER_ACCOUNT)):
        key = _login(account)
        made += [
            issued.issue(account_id=account.pk, character_id=None, session_key=key)
            for _ in range(SOCKETS_PER_ACCOUNT)
        ]
    return made[:count]


def redeliver(rows: Sequence[tuple[int, str]], *, times: int) -> int:
    """Send messages of facts that are long done, so many times each, in no order."""
    import aether.celery  # noqa: F401 - it says where the broker is

    messages = [row for row in rows for _ in range(times)]
    random.Random(len(messages)).shuffle(messages)
    for event_id, name in messages:
        deliver_fact.apply_async((event_id, name), queue=subscriber(name).queue)
    return len(messages)
