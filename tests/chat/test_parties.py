"""Parties: who may ask, answer, leave, send away and lead, and what time does to them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from aether.kernel import clock, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.live import redis
from aether.protocol import parties as wire
from aether.protocol.base import Update
from apps.chat import parties, selectors, services
from apps.chat.errors import (
    AlreadyInPartyError,
    AlreadyInvitedError,
    InvitationGoneError,
    NoPartyError,
    NotAMemberError,
    NotPartyLeaderError,
    OneselfError,
    PartyFullError,
    TheyHavePartyError,
    TooManyInvitationsError,
    UnknownCharacterError,
    UnreachableError,
)
from apps.chat.models import Party, PartyInvitation
from apps.chat.services import parties as inviting
from tests.chat.cast import person

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Alice", "Bob", "Carol", "Dora", "Edgar", "Fanny")


@pytest.fixture
def cast() -> dict[str, int]:
    return {name: person(name).pk for name in NAMES}


@contextmanager
def later(span: timedelta) -> Iterator[None]:
    """Let time pass; who is online stays so."""
    moment = clock.now() + span.total_seconds()
    for member in redis().zrange("presence", 0, -1):
        redis().zadd("presence", {member: moment})
    with clock.replaced(lambda: moment):
        yield


def invite(cast: dict[str, int], who: str, whom: str) -> int:
    return services.invite(character_id=cast[who], name=whom).invitation


def together(cast: dict[str, int], leader: str, *others: str) -> int:
    """Let a party be; return its id."""
    for other in others:
        joined = services.accept_invitation(
            character_id=cast[other], invitation_id=invite(cast, leader, other)
        )
    return joined.party


def members(party_id: int) -> list[str]:
    found = parties.shown(party_id)
    assert found is not None
    return [member.name for member in found[1].members]


def leader(cast: dict[str, int], party_id: int) -> str:
    found = parties.shown(party_id)
    assert found is not None
    return next(name for name, who in cast.items() if who == found[1].leader)


def test_a_party_begins_with_the_first_who_is_asked(cast: dict[str, int]) -> None:
    invite(cast, "Alice", "Bob")
    hers = parties.standing(cast["Alice"]).party
    assert hers is not None
    assert [member.name for member in hers.members] == ["Alice"]
    assert [asked.name for asked in hers.invited] == ["Bob"]
    (his,) = parties.standing(cast["Bob"]).invitations
    assert (his.name, his.members) == ("Alice", 1)


def test_who_accepts_is_in_the_party_and_its_leader_stays(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob", "Carol")
    assert members(party) == ["Alice", "Bob", "Carol"]
    assert leader(cast, party) == "Alice"
    assert selectors.company_of(cast["Bob"]) == selectors.Company(
        id=party, leader=cast["Alice"], members=(cast["Alice"], cast["Bob"], cast["Carol"])
    )


def test_each_change_counts_one_up(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob")
    before = parties.versions([party])[party]
    assert before is not None
    services.promote_in_party(leader_id=cast["Alice"], character_id=cast["Bob"])
    assert parties.versions([party])[party] == before + 1


def test_who_declines_is_asked_no_more_and_a_party_of_one_is_over(cast: dict[str, int]) -> None:
    services.decline_invitation(character_id=cast["Bob"], invitation_id=invite(cast, "Alice", "Bob"))
    assert parties.standing(cast["Alice"]).party is None
    assert not Party.objects.exists()


def test_only_the_leader_asks_sends_away_and_promotes(cast: dict[str, int]) -> None:
    together(cast, "Alice", "Bob", "Carol")
    with pytest.raises(NotPartyLeaderError):
        invite(cast, "Bob", "Dora")
    with pytest.raises(NotPartyLeaderError):
        services.remove_from_party(leader_id=cast["Bob"], character_id=cast["Carol"])
    with pytest.raises(NotPartyLeaderError):
        services.promote_in_party(leader_id=cast["Bob"], character_id=cast["Bob"])


def test_nobody_asks_promotes_or_sends_away_oneself_or_strangers(cast: dict[str, int]) -> None:
    together(cast, "Alice", "Bob")
    with pytest.raises(OneselfError):
        invite(cast, "Alice", "Alice")
    with pytest.raises(UnknownCharacterError):
        invite(cast, "Alice", "Zoltan")
    for act in (services.remove_from_party, services.promote_in_party):
        with pytest.raises(OneselfError):
            act(leader_id=cast["Alice"], character_id=cast["Alice"])
        with pytest.raises(NotAMemberError):
            act(leader_id=cast["Alice"], character_id=cast["Dora"])
        with pytest.raises(NoPartyError):
            act(leader_id=cast["Dora"], character_id=cast["Alice"])


def test_a_party_has_four_members_at_most(cast: dict[str, int]) -> None:
    first, *others = [invite(cast, "Alice", name) for name in ("Bob", "Carol", "Dora", "Edgar")]
    for name, invitation in zip(("Carol", "Dora", "Edgar"), others, strict=True):
        services.accept_invitation(character_id=cast[name], invitation_id=invitation)
    with pytest.raises(PartyFullError):
        services.accept_invitation(character_id=cast["Bob"], invitation_id=first)
    with pytest.raises(PartyFullError):
        invite(cast, "Alice", "Fanny")


def test_nobody_is_asked_twice_or_out_of_a_party(cast: dict[str, int]) -> None:
    invite(cast, "Alice", "Bob")
    with pytest.raises(AlreadyInvitedError):
        invite(cast, "Alice", "Bob")
    together(cast, "Carol", "Dora")
    with pytest.raises(TheyHavePartyError):
        invite(cast, "Alice", "Dora")


def test_who_is_away_cannot_be_asked_whomever_they_hear(cast: dict[str, int]) -> None:
    services.block(character_id=cast["Bob"], name="Alice")
    for name in ("Bob", "Carol"):
        redis().zrem("presence", str(cast[name]))
        with pytest.raises(UnreachableError):
            invite(cast, "Alice", name)
    assert not Party.objects.exists()


def test_no_more_than_eight_invitations_are_open(cast: dict[str, int]) -> None:
    for number in range(8):
        person(f"Guest {'abcdefgh'[number]}")
        invite(cast, "Alice", f"Guest {'abcdefgh'[number]}")
    with pytest.raises(TooManyInvitationsError):
        invite(cast, "Alice", "Bob")


def test_an_invitation_lapses_after_a_minute(cast: dict[str, int]) -> None:
    invitation = invite(cast, "Alice", "Bob")
    with later(timedelta(seconds=61)):
        assert parties.standing(cast["Bob"]).invitations == ()
        with pytest.raises(InvitationGoneError):
            services.accept_invitation(character_id=cast["Bob"], invitation_id=invitation)
        with pytest.raises(InvitationGoneError):
            services.decline_invitation(character_id=cast["Bob"], invitation_id=invitation)
        services.keep_parties()
        assert not PartyInvitation.objects.exists()
        assert not Party.objects.exists()


def test_an_invitation_is_only_for_whom_it_names(cast: dict[str, int]) -> None:
    invitation = invite(cast, "Alice", "Bob")
    for act in (services.accept_invitation, services.decline_invitation):
        with pytest.raises(InvitationGoneError):
            act(character_id=cast["Carol"], invitation_id=invitation)
    assert parties.standing(cast["Bob"]).invitations


def test_two_who_ask_one_another_come_together(cast: dict[str, int]) -> None:
    his, hers = invite(cast, "Alice", "Bob"), invite(cast, "Bob", "Alice")
    services.accept_invitation(character_id=cast["Bob"], invitation_id=his)
    with pytest.raises(InvitationGoneError):
        services.accept_invitation(character_id=cast["Alice"], invitation_id=hers)
    assert Party.objects.count() == 1


def test_who_has_company_does_not_come_into_another_party(cast: dict[str, int]) -> None:
    invitation = invite(cast, "Alice", "Carol")
    together(cast, "Carol", "Dora")
    with pytest.raises(AlreadyInPartyError):
        services.accept_invitation(character_id=cast["Carol"], invitation_id=invitation)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Keep who is told which answer to an invitation."""
    told: list[tuple[int, str]] = []

    def tell(character_id: int, update: Update) -> None:
        if isinstance(update, wire.PartyInvitationClosed):
            told.append((character_id, update.answer))

    monkeypatch.setattr(realtime, "tell_character", tell)
    return told


def test_who_is_blocked_asks_in_vain_until_it_lapses(
    cast: dict[str, int], closed: list[tuple[int, str]]
) -> None:
    services.block(character_id=cast["Bob"], name="Alice")
    invitation = invite(cast, "Alice", "Bob")
    assert [asked.name for asked in parties.standing(cast["Alice"]).party.invited] == ["Bob"]  # type: ignore[union-attr]
    assert parties.standing(cast["Bob"]).invitations == ()
    for act in (services.accept_invitation, services.decline_invitation):
        with pytest.raises(InvitationGoneError):
            act(character_id=cast["Bob"], invitation_id=invitation)
    with later(timedelta(seconds=61)):
        services.keep_parties()
    assert closed == [(cast["Alice"], "expired")]


def test_what_is_not_heard_keeps_nobody_from_asking(
    cast: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "INVITATIONS_MAX", 1)
    services.block(character_id=cast["Bob"], name="Alice")
    invite(cast, "Alice", "Bob")
    invite(cast, "Carol", "Bob")
    assert [asked.name for asked in parties.standing(cast["Bob"]).invitations] == ["Carol"]


def test_who_comes_into_one_party_leaves_the_others_that_asked_as_if_it_had_declined(
    cast: dict[str, int], closed: list[tuple[int, str]]
) -> None:
    pair = together(cast, "Alice", "Bob")
    for asking in ("Alice", "Carol"):
        invite(cast, asking, "Edgar")
    before = parties.versions([pair])[pair]
    assert before is not None
    closed.clear()
    joined = together(cast, "Dora", "Edgar")
    assert parties.standing(cast["Carol"]).party is None
    assert list(Party.objects.order_by("pk").values_list("pk", flat=True)) == [pair, joined]
    found = parties.shown(pair)
    assert found is not None
    assert (found[0], found[1].invited) == (before + 1, ())
    assert {(cast["Alice"], "declined"), (cast["Carol"], "declined"), (cast["Dora"], "accepted")} <= {*closed}


def test_what_has_lapsed_is_told_as_lapsed_by_whatever_closes_it(
    cast: dict[str, int], closed: list[tuple[int, str]]
) -> None:
    invite(cast, "Alice", "Bob")
    with later(timedelta(seconds=61)):
        invite(cast, "Alice", "Carol")
        assert sorted(closed) == sorted([(cast["Alice"], "expired"), (cast["Bob"], "expired")])
    with later(timedelta(seconds=122)):
        closed.clear()
        together(cast, "Dora", "Carol")
        assert {(cast["Alice"], "expired"), (cast["Carol"], "expired")} <= {*closed}
        assert parties.standing(cast["Alice"]).party is None


async def test_who_is_asked_by_two_and_accepts_both_at_once_leaves_no_party_of_one(
    cast: dict[str, int],
) -> None:
    asked = [await in_database_thread(invite, cast, name, "Carol") for name in ("Alice", "Bob")]

    def accept(invitation: int) -> Any:
        return services.accept_invitation(character_id=cast["Carol"], invitation_id=invitation)

    await asyncio.gather(*(in_database_thread(accept, each) for each in asked), return_exceptions=True)
    (party,) = [party async for party in Party.objects.all()]
    assert len(await in_database_thread(members, party.pk)) == 2


async def test_of_two_parties_accepted_at_once_one_is_entered(cast: dict[str, int]) -> None:
    first = await in_database_thread(invite, cast, "Alice", "Carol")
    second = await in_database_thread(invite, cast, "Bob", "Carol")

    def accept(invitation: int) -> Any:
        return services.accept_invitation(character_id=cast["Carol"], invitation_id=invitation)

    results = await asyncio.gather(
        in_database_thread(accept, first), in_database_thread(accept, second), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], (AlreadyInPartyError, InvitationGoneError))


async def test_of_two_who_accept_the_last_place_at_once_one_gets_it(cast: dict[str, int]) -> None:
    asked = [await in_database_thread(invite, cast, "Alice", name) for name in ("Dora", "Edgar")]
    party = await in_database_thread(together, cast, "Alice", "Bob", "Carol")

    def accept(name: str, invitation: int) -> Any:
        return services.accept_invitation(character_id=cast[name], invitation_id=invitation)

    results = await asyncio.gather(
        in_database_thread(accept, "Dora", asked[0]),
        in_database_thread(accept, "Edgar", asked[1]),
        return_exceptions=True,
    )
    assert sum(isinstance(result, PartyFullError) for result in results) == 1
    assert len(await in_database_thread(members, party)) == 4


def test_the_first_who_came_leads_when_the_leader_goes(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob", "Carol")
    services.note_presence(character_id=cast["Bob"], is_online=False)
    services.leave_party(character_id=cast["Alice"])
    assert (members(party), leader(cast, party)) == (["Bob", "Carol"], "Carol")
    with pytest.raises(NoPartyError):
        services.leave_party(character_id=cast["Alice"])


def test_the_last_two_part(cast: dict[str, int]) -> None:
    together(cast, "Alice", "Bob")
    services.remove_from_party(leader_id=cast["Alice"], character_id=cast["Bob"])
    assert selectors.company_of(cast["Alice"]) is None
    assert not Party.objects.exists()


def test_who_is_away_stays_in_the_party_and_is_shown_so(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob")
    services.note_presence(character_id=cast["Bob"], is_online=False)
    found = parties.shown(party)
    assert found is not None
    assert [member.is_online for member in found[1].members] == [True, False]
    services.note_presence(character_id=cast["Bob"], is_online=True)
    assert [member.is_online for member in parties.shown(party)[1].members] == [True, True]  # type: ignore[index]


def test_a_leader_who_stays_away_is_followed_by_somebody_who_is_there(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob", "Carol")
    redis().zrem("presence", str(cast["Alice"]))
    services.keep_parties()
    with later(timedelta(seconds=119)):
        services.keep_parties()
        assert leader(cast, party) == "Alice"
    with later(timedelta(seconds=121)):
        services.keep_parties()
        assert (leader(cast, party), members(party)) == ("Bob", ["Alice", "Bob", "Carol"])


def test_a_party_of_which_nobody_is_there_keeps_its_leader(cast: dict[str, int]) -> None:
    party = together(cast, "Alice", "Bob")
    redis().delete("presence")
    services.keep_parties()
    with later(timedelta(hours=1)):
        services.keep_parties()
        assert leader(cast, party) == "Alice"


def test_a_member_is_shown_where_it_stands(cast: dict[str, int], zones: dict[int, str]) -> None:
    party = together(cast, "Alice", "Bob")
    zones[cast["Bob"]] = "reedmoor_flats.1"
    found = parties.shown(party)
    assert found is not None
    assert [member.zone for member in found[1].members] == [None, "reedmoor_flats"]
