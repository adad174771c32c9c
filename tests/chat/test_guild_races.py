"""Two at the same moment: the last place, one name, one who is sent away while it leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from aether.kernel.errors import GameError
from apps.chat import services
from apps.chat.models import Guild, GuildMember
from apps.chat.rules import guilds as rules
from apps.economy import selectors as economy
from tests.chat.guild_cast import PRICE, Hall, person

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Let all begin together; return how each ended: "ok", or the code of its refusal, sorted."""
    ready, ended = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait()
            act()
            ended.append("ok")
        except GameError as refusal:
            ended.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == len(acts), "somebody was refused by a bug"
    return sorted(ended)


def test_two_join_the_last_place(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob", "Carol")})
    asked = {name: hall.invites("Alice", name) for name in ("Bob", "Carol")}
    monkeypatch.setattr(rules, "MEMBERS_MAX", 2)
    joins = [
        lambda name=name: services.accept_guild_invitation(
            character_id=hall.people[name], invitation_id=asked[name]
        )
        for name in asked
    ]
    assert at_once(*joins) == ["chat.guild_full", "ok"]
    assert GuildMember.objects.count() == 2


@pytest.mark.parametrize("n", range(ROUNDS))
def test_two_found_the_same_name(n: int) -> None:
    people = {name: person(name, glim=PRICE) for name in ("Alice", "Bob")}
    founds = [
        lambda who=who: services.found_guild(character_id=who, name="Lamplighters") for who in people.values()
    ]
    assert at_once(*founds) == ["chat.guild_name_taken", "ok"]
    assert sorted(economy.glim(who) for who in people.values()) == [0, PRICE]
    assert Guild.objects.get().founded_at is not None


@pytest.mark.parametrize("n", range(ROUNDS))
def test_one_founds_two_at_once(n: int) -> None:
    alice = person("Alice", glim=2 * PRICE)
    founds = [
        lambda name=name: services.found_guild(character_id=alice, name=name)
        for name in ("Lamplighters", "Night Watch")
    ]
    assert at_once(*founds) == ["chat.already_in_guild", "ok"]
    assert economy.glim(alice) == PRICE
    assert Guild.objects.count() == 1


@pytest.mark.parametrize("n", range(ROUNDS))
def test_one_is_sent_away_while_it_leaves(n: int) -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    hall.takes_in("Bob")
    before = hall.version()
    ended = at_once(
        lambda: services.remove_from_guild(character_id=hall.people["Alice"], name="Bob"),
        lambda: services.leave_guild(character_id=hall.people["Bob"]),
    )
    assert ended in (["chat.no_guild", "ok"], ["chat.not_in_guild", "ok"])
    assert hall.version() == before + 1
    assert list(hall.members()) == ["Alice"]


@pytest.mark.parametrize("n", range(ROUNDS))
def test_one_joins_two_guilds_at_once(n: int) -> None:
    people = {name: person(name, glim=PRICE) for name in ("Alice", "Bob", "Carol")}
    first, second = Hall.founded(people), Hall.founded(people, "Bob", "Night Watch")
    asked = [first.invites("Alice", "Carol"), second.invites("Bob", "Carol")]
    joins = [
        lambda each=each: services.accept_guild_invitation(character_id=people["Carol"], invitation_id=each)
        for each in asked
    ]
    assert at_once(*joins) == ["chat.already_in_guild", "ok"]


@pytest.mark.parametrize("n", range(ROUNDS))
def test_the_leader_hands_over_to_one_who_leaves(n: int) -> None:
    hall = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    hall.takes_in("Bob")
    ended = at_once(
        lambda: services.hand_over_guild(character_id=hall.people["Alice"], name="Bob"),
        lambda: services.leave_guild(character_id=hall.people["Bob"]),
    )
    assert ended in (["chat.guild_leader_stays", "ok"], ["chat.not_in_guild", "ok"])
    assert hall.members()[hall.leader] == "Leader"
