"""Ranks: nobody touches one at or above the own, nor hands out what it lacks."""

from __future__ import annotations

import pytest

from apps.chat import guilds, services
from apps.chat.errors import (
    BadTextError,
    LackedPermissionError,
    LastRankError,
    NotPermittedError,
    RankNameTakenError,
    RankTooHighError,
    TooManyRanksError,
    UnknownRankError,
)
from apps.chat.models import GuildRank
from apps.chat.rules import guilds as rules
from tests.chat.guild_cast import PRICE, Hall, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    """Alice leads; Bob, a steward, may change ranks, and Carol is a member."""
    found = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob", "Carol")})
    add(found, "Alice", "Steward", below="Leader", permissions=("invite", "promote", "ranks"))
    found.takes_in("Bob", rank="Steward")
    found.takes_in("Carol")
    return found


def add(hall: Hall, who: str, name: str, *, below: str, permissions: tuple[str, ...] = ()) -> None:
    services.add_rank(
        character_id=hall.people[who], name=name, permissions=permissions, below=hall.ranks[below]
    )
    hall.learn_ranks()


def edit(hall: Hall, who: str, rank: str, *permissions: str, name: str | None = None) -> None:
    services.edit_rank(
        character_id=hall.people[who],
        rank_id=hall.ranks[rank],
        name=name or rank,
        permissions=permissions,
    )


def ranks(hall: Hall) -> dict[str, tuple[str, ...]]:
    return {rank.name: rank.permissions for rank in guilds.ranks_shown(hall.guild)}


def test_a_rank_stands_just_below_another(hall: Hall) -> None:
    add(hall, "Alice", "Scout", below="Officer")
    assert list(ranks(hall)) == ["Leader", "Steward", "Officer", "Scout", "Member"]
    add(hall, "Bob", "Novice", below="Member")
    assert list(ranks(hall))[-1] == "Novice"


def test_ranks_take_the_permission(hall: Hall) -> None:
    with pytest.raises(NotPermittedError):
        add(hall, "Carol", "Scout", below="Member")
    with pytest.raises(NotPermittedError):
        edit(hall, "Carol", "Member")
    with pytest.raises(NotPermittedError):
        services.remove_rank(character_id=hall.people["Carol"], rank_id=hall.ranks["Member"])


def test_nobody_makes_or_changes_a_rank_at_or_above_the_own(hall: Hall) -> None:
    with pytest.raises(RankTooHighError):
        add(hall, "Bob", "Vice", below="Leader")
    for rank in ("Leader", "Steward"):
        with pytest.raises(RankTooHighError):
            edit(hall, "Bob", rank)
        with pytest.raises(RankTooHighError):
            services.remove_rank(character_id=hall.people["Bob"], rank_id=hall.ranks[rank])


def test_nobody_gives_a_permission_that_it_lacks(hall: Hall) -> None:
    with pytest.raises(LackedPermissionError) as refusal:
        add(hall, "Bob", "Scout", below="Officer", permissions=("kick", "invite"))
    assert refusal.value.details == {"permission": "kick"}
    with pytest.raises(LackedPermissionError):
        edit(hall, "Bob", "Member", "dissolve")
    with pytest.raises(LackedPermissionError):
        services.change_member_rank(
            character_id=hall.people["Bob"], name="Carol", rank_id=hall.ranks["Officer"]
        )


def test_what_a_rank_has_already_is_given_by_nobody(hall: Hall) -> None:
    edit(hall, "Bob", "Officer", "kick", "props", "ranks", name="Warden")
    assert ranks(hall)["Warden"] == ("kick", "ranks", "props")


def test_the_leader_renames_the_own_rank_which_keeps_everything(hall: Hall) -> None:
    edit(hall, "Alice", "Leader", *rules.PERMISSIONS, name="Lampmaster")
    assert ranks(hall)["Lampmaster"] == rules.PERMISSIONS
    with pytest.raises(RankTooHighError):
        edit(hall, "Alice", "Leader", "invite")


def test_who_has_a_rank_that_goes_takes_the_next(hall: Hall) -> None:
    services.remove_rank(character_id=hall.people["Alice"], rank_id=hall.ranks["Steward"])
    assert hall.members() == {"Alice": "Leader", "Bob": "Officer", "Carol": "Member"}
    assert list(ranks(hall)) == ["Leader", "Officer", "Member"]
    with pytest.raises(UnknownRankError):
        services.remove_rank(character_id=hall.people["Alice"], rank_id=hall.ranks["Steward"])


def test_doing_away_with_a_rank_gives_nobody_what_one_lacks(hall: Hall) -> None:
    add(hall, "Alice", "Scout", below="Steward")
    services.change_member_rank(character_id=hall.people["Alice"], name="Carol", rank_id=hall.ranks["Scout"])
    with pytest.raises(LackedPermissionError):
        services.remove_rank(character_id=hall.people["Bob"], rank_id=hall.ranks["Scout"])


def move(hall: Hall, who: str, rank: str, *, below: str) -> None:
    services.move_rank(character_id=hall.people[who], rank_id=hall.ranks[rank], below=hall.ranks[below])


def test_a_rank_goes_up_and_down(hall: Hall) -> None:
    add(hall, "Alice", "Scout", below="Officer")
    move(hall, "Alice", "Scout", below="Leader")
    assert list(ranks(hall)) == ["Leader", "Scout", "Steward", "Officer", "Member"]
    move(hall, "Alice", "Scout", below="Officer")
    assert list(ranks(hall)) == ["Leader", "Steward", "Officer", "Scout", "Member"]
    move(hall, "Bob", "Scout", below="Steward")
    assert list(ranks(hall)) == ["Leader", "Steward", "Scout", "Officer", "Member"]
    assert hall.members() == {"Alice": "Leader", "Bob": "Steward", "Carol": "Member"}


def test_where_it_stands_already_a_rank_stays_and_nobody_is_told(hall: Hall) -> None:
    before = (hall.version(), ranks(hall))
    for below in ("Steward", "Officer"):
        move(hall, "Alice", "Officer", below=below)
    assert (hall.version(), ranks(hall)) == before


def test_nobody_moves_a_rank_at_or_above_the_own_nor_puts_one_there(hall: Hall) -> None:
    with pytest.raises(NotPermittedError):
        move(hall, "Carol", "Member", below="Leader")
    for rank in ("Leader", "Steward"):
        with pytest.raises(RankTooHighError):
            move(hall, "Bob", rank, below="Member")
    with pytest.raises(RankTooHighError):
        move(hall, "Bob", "Member", below="Leader")
    with pytest.raises(RankTooHighError):
        move(hall, "Alice", "Leader", below="Member")


def test_nobody_lets_newcomers_have_what_one_lacks(hall: Hall) -> None:
    for rank, below in (("Officer", "Member"), ("Member", "Steward")):
        with pytest.raises(LackedPermissionError):
            move(hall, "Bob", rank, below=below)
    move(hall, "Alice", "Officer", below="Member")
    assert list(ranks(hall))[-1] == "Officer"
    dora = person("Dora")
    hall.people["Dora"] = dora
    services.accept_guild_invitation(character_id=dora, invitation_id=hall.invites("Alice", "Dora"))
    assert hall.members()["Dora"] == "Officer"


def test_the_last_rank_stays(hall: Hall) -> None:
    with pytest.raises(LastRankError):
        services.remove_rank(character_id=hall.people["Alice"], rank_id=hall.ranks["Member"])


def test_a_guild_has_eight_ranks_at_most(hall: Hall) -> None:
    for n in range(4):
        add(hall, "Alice", f"Scout {'abcd'[n]}", below="Officer")
    with pytest.raises(TooManyRanksError):
        add(hall, "Alice", "One more", below="Officer")


def test_no_two_ranks_are_called_the_same(hall: Hall) -> None:
    with pytest.raises(RankNameTakenError) as refusal:
        add(hall, "Alice", "STEWARD", below="Officer")
    assert refusal.value.details == {"name": "STEWARD"}
    with pytest.raises(RankNameTakenError):
        edit(hall, "Alice", "Member", name="officer")
    edit(hall, "Alice", "Member", name="MEMBER")
    assert list(ranks(hall)) == ["Leader", "Steward", "Officer", "MEMBER"]


def test_ranks_that_were_called_the_same_before_keep_their_names(hall: Hall) -> None:
    GuildRank.objects.filter(pk=hall.ranks["Officer"]).update(name="Steward")
    edit(hall, "Alice", "Officer", "kick", name="Steward")
    assert GuildRank.objects.get(pk=hall.ranks["Officer"]).permissions == rules.bits(("kick",))


def test_a_rank_is_called_in_plain_text(hall: Hall) -> None:
    with pytest.raises(BadTextError):
        add(hall, "Alice", "a\nb", below="Officer")
    with pytest.raises(BadTextError):
        edit(hall, "Alice", "Member", name=" \u200b ")


def test_ranks_of_other_guilds_are_unknown(hall: Hall) -> None:
    dora = person("Dora", glim=PRICE)
    other = Hall.founded({"Dora": dora}, "Dora", "Night Watch")
    with pytest.raises(UnknownRankError):
        services.change_member_rank(
            character_id=hall.people["Alice"], name="Carol", rank_id=other.ranks["Member"]
        )
    with pytest.raises(UnknownRankError):
        services.edit_rank(
            character_id=hall.people["Alice"], rank_id=other.ranks["Member"], name="X", permissions=()
        )
