"""Founding a guild: what it may be called, what it costs, and that nothing is ever half done."""

from __future__ import annotations

import pytest

from apps.chat import guilds, services
from apps.chat.errors import (
    AlreadyInGuildError,
    GuildNameLengthError,
    GuildNameLettersError,
    GuildNameReservedError,
    GuildNameTakenError,
)
from apps.chat.models import Guild, GuildMember
from apps.chat.rules import guilds as rules
from apps.chat.services.guilds import founding
from apps.economy import selectors as economy
from apps.economy.auditing import audit_ledger
from apps.economy.errors import InsufficientError
from apps.economy.models import Line
from tests.chat.guild_cast import PRICE, Hall, person
from tests.shards.test_transfers import KilledError

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_guild_is_paid_for_into_a_sink() -> None:
    alice = person("Alice", glim=2000)
    Hall.founded({"Alice": alice})
    assert economy.glim(alice) == 2000 - PRICE
    paid = Line.objects.filter(account__bucket="sink:guild").values_list("amount", flat=True)
    assert list(paid) == [PRICE]
    assert audit_ledger() == []


def test_its_founder_leads_it_and_its_ranks_are_called_in_the_founders_language() -> None:
    alice, bob = person("Alice", glim=PRICE), person("Bob", glim=PRICE)
    hall = Hall.founded({"Alice": alice})
    assert (hall.leader, hall.members()) == ("Alice", {"Alice": "Leader"})
    services.found_guild(character_id=bob, name="Garde de nuit", language="fr")
    french = guilds.shown(guilds.memberships([bob])[bob].guild)
    assert french is not None
    assert [rank.name for rank in french[1].ranks] == ["Chef", "Officier", "Membre"]
    assert french[1].ranks[0].permissions == rules.PERMISSIONS


def test_who_cannot_pay_founds_nothing() -> None:
    alice = person("Alice", glim=PRICE - 1)
    with pytest.raises(InsufficientError):
        services.found_guild(character_id=alice, name="Lamplighters")
    assert not Guild.objects.exists()
    assert economy.glim(alice) == PRICE - 1


def test_what_costs_nothing_is_founded_without_a_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guilds, "price", lambda: 0)
    hall = Hall.founded({"Alice": person("Alice")})
    assert hall.members() == {"Alice": "Leader"}


@pytest.mark.parametrize(
    "name", ["Lamplighters", "LAMPLIGHTERS", "Lamp-lighters", "Làmplighters", "Iampiighters"]
)
def test_a_name_is_taken_with_all_that_look_like_it(name: str) -> None:
    Hall.founded({"Alice": person("Alice", glim=PRICE)})
    bob = person("Bob", glim=PRICE)
    with pytest.raises(GuildNameTakenError):
        services.found_guild(character_id=bob, name=name)
    assert economy.glim(bob) == PRICE


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("Ab", GuildNameLengthError),
        ("A" * 25, GuildNameLengthError),
        ("Two  spaces", GuildNameLettersError),
        ("The 7th", GuildNameLettersError),
        ("Ordеr", GuildNameLettersError),
        ("Order\u200bly", GuildNameLettersError),
        ("-Order", GuildNameLettersError),
        ("Game Masters", GuildNameReservedError),
        ("Admin team", GuildNameReservedError),
        ("Support", GuildNameReservedError),
        ("GM Team", GuildNameReservedError),
        ("Support-Staff", GuildNameReservedError),
        ("Aether Staff", GuildNameReservedError),
        ("Friends of Àdmin", GuildNameReservedError),
    ],
)
def test_some_names_are_no_guilds(name: str, refusal: type[Exception]) -> None:
    alice = person("Alice", glim=PRICE)
    with pytest.raises(refusal):
        services.found_guild(character_id=alice, name=name)


@pytest.mark.parametrize(
    "name", ["Gens d’Ambre", "Les Veilleurs", "Øresund-Vakt", "  Trimmed  ", "Grimgmark"]
)
def test_names_have_words(name: str) -> None:
    services.found_guild(character_id=person("Alice", glim=PRICE), name=name)
    assert Guild.objects.get().name == name.strip()


def test_a_second_guild_is_refused_before_it_is_paid() -> None:
    alice = person("Alice", glim=2000)
    Hall.founded({"Alice": alice})
    with pytest.raises(AlreadyInGuildError):
        services.found_guild(character_id=alice, name="Night Watch")
    assert economy.glim(alice) == 2000 - PRICE
    assert Guild.objects.count() == 1


def kill_at(patch: pytest.MonkeyPatch, point: str) -> None:
    def reach(reached: str) -> None:
        if reached == point:
            raise KilledError

    patch.setattr(founding, "_reach", reach)


@pytest.mark.parametrize("point", ["guild_named", "guild_paid"])
def test_what_was_cut_off_before_it_was_paid_never_was(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    alice = person("Alice", glim=PRICE)
    with monkeypatch.context() as patch:
        kill_at(patch, point)
        with pytest.raises(KilledError):
            services.found_guild(character_id=alice, name="Lamplighters")
    services.keep_guilds()
    assert economy.glim(alice) == PRICE
    assert not GuildMember.objects.exists()
    Hall.founded({"Alice": alice})
    assert economy.glim(alice) == 0


def test_what_was_paid_and_not_opened_is_opened_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = person("Alice", glim=PRICE)
    with monkeypatch.context() as patch:
        patch.setattr(founding, "_open", lambda guild: None)
        guild = services.found_guild(character_id=alice, name="Lamplighters").guild
    assert guilds.shown(guild) is None
    assert guilds.standing(alice).guild is None
    services.keep_guilds()
    assert guilds.standing(alice).guild == guild
    assert economy.glim(alice) == 0
