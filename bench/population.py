"""Accounts with characters for a crowd, made before the server starts; each signed in.

The password hash alone would take minutes for two thousand: these accounts have no password, and their
sessions are the ones that signing in would have made. Everything after that is asked of the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bench.server import PROJECT

CLASS = "kitewright"
CAPACITY = 80
IN_EACH_COPY = 4
FIBRE = 120
"""What two who trade begin with: the one carries both at the end, and it lasts for sixty trades."""


def populate(environment: dict[str, str], count: int, *, kind: str = "people") -> list[tuple[str, int]]:
    """Make so many characters; return the session token and the character of each."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.population", str(count), kind],
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    return [(str(token), int(character)) for token, character in json.loads(made.stdout)]


def make_people(count: int) -> list[tuple[str, int]]:
    """Make them where Django is set up already."""
    from apps.accounts.selectors import CHARACTERS_MAX
    from apps.accounts.services import create_character
    from bench.fighter import name_of

    people: list[tuple[str, int]] = []
    while len(people) < count:
        token, account_id = _sign_in(len(people))
        for number in range(len(people), min(count, len(people) + CHARACTERS_MAX)):
            character = create_character(account_id=account_id, name=name_of(number), class_id=CLASS)
            people.append((token, character.id))
    return people


def make_traders(count: int) -> list[tuple[str, int]]:
    """Make people with more than they can spend on the market, whatever it weighs."""
    from bench.market import ITEMS

    return _make_rich(count, dict.fromkeys(ITEMS, 10**6))


def make_partners(count: int) -> list[tuple[str, int]]:
    """Make people who have no end of glim, and fibre that the partner can carry, too."""
    return _make_rich(count, {"reed_fibre": FIBRE})


def _make_rich(count: int, items: dict[str, int]) -> list[tuple[str, int]]:
    """Make people in one copy of a zone: who trades is there together."""
    from apps.economy import services

    _open_copies(1, capacity=max(count, CAPACITY))
    people = make_people(count)
    for _, character in people:
        services.grant(
            character_id=character,
            cause="starter:bench",
            idempotency_key=f"bench:{character}",
            glim=10**9,
            items=items,
        )
    return people


def make_crowd(count: int) -> list[tuple[str, int]]:
    """Make very many, for whom there is one copy of the zone where they begin."""
    _open_copies(1, capacity=max(count, CAPACITY))
    return make_visitors(count)


def make_copies(count: int) -> list[tuple[str, int]]:
    """Make as many, for whom there are copies for a few each."""
    _open_copies(-(-count // IN_EACH_COPY), capacity=IN_EACH_COPY)
    return make_visitors(count)


def make_idle_copies(count: int) -> list[tuple[str, int]]:
    """Open copies, and make nobody for them."""
    _open_copies(count, capacity=CAPACITY)
    return []


def _open_copies(count: int, *, capacity: int) -> None:
    from apps.world import ground
    from apps.world.services import open_shared

    for _ in range(count):
        open_shared(ground.start().zone, capacity=capacity)


def make_visitors(count: int) -> list[tuple[str, int]]:
    """Make very many, who only walk and talk: they go without what one is given at birth."""
    from apps.accounts.models import Character
    from apps.accounts.rules.names import skeleton
    from apps.accounts.selectors import CHARACTERS_MAX
    from bench.fighter import name_of

    logins = [_sign_in(number) for number in range(-(-count // CHARACTERS_MAX))]
    characters = Character.objects.bulk_create(
        Character(
            account_id=logins[number // CHARACTERS_MAX][1],
            name=name_of(number),
            name_key=skeleton(name_of(number)),
            class_id=CLASS,
        )
        for number in range(count)
    )
    return [(logins[at // CHARACTERS_MAX][0], each.pk) for at, each in enumerate(characters)]


def make_spread(count: int) -> list[tuple[str, int]]:
    """Make very many who stand all over the zone where characters begin."""
    from random import Random

    from apps.world import ground
    from apps.world.models import CharacterPlace
    from apps.world.rules.walking import reachable

    people, start = make_crowd(count), ground.start()
    free = sorted(reachable(ground.map_of(start.zone), start.cell))
    rng = Random(1)
    CharacterPlace.objects.bulk_create(
        CharacterPlace(
            character_id=character,
            zone=start.zone,
            instance=ground.copy_name(start.zone, 1),
            x=cell[0],
            y=cell[1],
            bind_zone=start.zone,
        )
        for (_, character), cell in ((each, rng.choice(free)) for each in people)
    )
    return people


def _sign_in(number: int) -> tuple[str, int]:
    """Make an account and a session of it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

    account = get_user_model().objects.create_user(f"crowd{number}")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key), account.pk


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("content", "check", "--quiet")
    make = {
        "people": make_people,
        "traders": make_traders,
        "partners": make_partners,
        "crowd": make_crowd,
        "spread": make_spread,
        "visitors": make_visitors,
        "copies": make_copies,
        "idle_copies": make_idle_copies,
    }[sys.argv[2]]
    print(json.dumps(make(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
