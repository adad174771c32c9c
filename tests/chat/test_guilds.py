"""Guilds: who may ask, answer, leave, send away, give ranks and lead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aether.kernel import clock, realtime
from aether.kernel.live import redis
from aether.protocol import guilds as wire
from aether.protocol.base import Update
from apps.accounts import services as accounts
from apps.accounts.models import Account, Character, CharacterName
from apps.chat import guilds, services
from apps.chat.errors import (
    AlreadyInGuildError,
    AlreadyInvitedError,
    BadTextError,
    GuildFullError,
    GuildNameWrongError,
    InvitationGoneError,
    LackedPermissionError,
    LeaderStaysError,
    NoGuildError,
    NotGuildLeaderError,
    NotInGuildError,
    NotPermittedError,
    OneselfError,
    RankTooHighError,
    TheyHaveGuildError,
    TooManyInvitationsError,
    UnknownCharacterError,
    UnknownRankError,
)
from apps.chat.models import Guild, GuildInvitation, GuildMember
from apps.chat.rules import guilds as rules
from tests.chat.guild_cast import Hall, person

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Alice", "Bob", "Carol", "Dora", "Edgar")


def later(span: timedelta) -> AbstractContextManager[None]:
    moment = clock.now() + span.total_seconds()
    return clock.replaced(lambda: moment)


@pytest.fixture
def hall() -> Hall:
    """Alice's guild, with Bob as its officer and Carol as a member; Dora and Edgar are in none."""
    found = Hall.founded({name: person(name, glim=2000) for name in NAMES})
    found.takes_in("Bob", rank="Officer")
    found.takes_in("Carol")
    return found


def test_who_accepts_is_in_the_guild_at_its_last_rank(hall: Hall) -> None:
    assert hall.members() == {"Alice": "Leader", "Bob": "Officer", "Carol": "Member"}
    own = guilds.standing(hall.people["Carol"])
    assert (own.guild, own.stream) == (hall.guild, f"guild:{hall.guild}")
    assert guilds.standing(hall.people["Dora"]).guild is None


def test_who_is_asked_sees_by_whom_and_into_what(hall: Hall) -> None:
    hall.invites("Bob", "dora")
    (asked,) = guilds.standing(hall.people["Dora"]).invitations
    assert (asked.guild, asked.name, asked.members) == ("Lamplighters", "Bob", 3)
    shown = guilds.shown(hall.guild)
    assert shown is not None
    assert [each.name for each in shown[1].invited] == ["Dora"]


def test_somebody_who_is_offline_can_be_asked(hall: Hall) -> None:
    redis().zrem("presence", str(hall.people["Dora"]))
    hall.invites("Alice", "Dora")
    assert guilds.standing(hall.people["Dora"]).invitations


def test_asking_takes_the_permission(hall: Hall) -> None:
    with pytest.raises(NotPermittedError) as refusal:
        hall.invites("Carol", "Dora")
    assert refusal.value.details == {"permission": "invite"}
    with pytest.raises(NoGuildError):
        hall.invites("Dora", "Edgar")


def test_nobody_asks_oneself_strangers_members_of_guilds_or_anybody_twice(hall: Hall) -> None:
    with pytest.raises(OneselfError):
        hall.invites("Alice", "Alice")
    with pytest.raises(UnknownCharacterError):
        hall.invites("Alice", "Zoltan")
    with pytest.raises(TheyHaveGuildError):
        hall.invites("Alice", "Carol")
    hall.invites("Alice", "Dora")
    with pytest.raises(AlreadyInvitedError):
        hall.invites("Bob", "Dora")


def test_only_so_many_are_asked_at_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "INVITATIONS_MAX", 1)
    hall.invites("Alice", "Dora")
    with pytest.raises(TooManyInvitationsError):
        hall.invites("Alice", "Edgar")


def test_a_full_guild_takes_nobody(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = hall.invites("Alice", "Dora")
    monkeypatch.setattr(rules, "MEMBERS_MAX", 3)
    with pytest.raises(GuildFullError):
        services.accept_guild_invitation(character_id=hall.people["Dora"], invitation_id=invitation)
    with pytest.raises(GuildFullError):
        hall.invites("Alice", "Edgar")


def test_an_invitation_is_for_whom_it_names_and_answered_once(hall: Hall) -> None:
    invitation = hall.invites("Alice", "Dora")
    for act in (services.accept_guild_invitation, services.decline_guild_invitation):
        with pytest.raises(InvitationGoneError):
            act(character_id=hall.people["Edgar"], invitation_id=invitation)
    services.decline_guild_invitation(character_id=hall.people["Dora"], invitation_id=invitation)
    with pytest.raises(InvitationGoneError):
        services.accept_guild_invitation(character_id=hall.people["Dora"], invitation_id=invitation)


def test_an_invitation_lapses_after_a_day(hall: Hall) -> None:
    invitation = hall.invites("Alice", "Dora")
    before = hall.version()
    with later(timedelta(days=1, seconds=1)):
        assert guilds.standing(hall.people["Dora"]).invitations == ()
        with pytest.raises(InvitationGoneError):
            services.accept_guild_invitation(character_id=hall.people["Dora"], invitation_id=invitation)
        services.guilds.keeping._close_lapsed(hall.guild)
        assert not GuildInvitation.objects.exists()
        assert hall.version() == before + 1
        hall.invites("Alice", "Dora")


@pytest.mark.parametrize("way", ["leaves", "is sent away", "ends"])
def test_who_is_gone_asks_nobody_any_more(hall: Hall, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, Update]] = []
    hall.invites("Bob", "Dora")
    kept = hall.invites("Alice", "Edgar")
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: told.append((who, update)))
    if way == "leaves":
        services.leave_guild(character_id=hall.people["Bob"])
    elif way == "is sent away":
        services.remove_from_guild(character_id=hall.people["Alice"], name="Bob")
    else:
        Character.objects.filter(name="Bob").delete()
        with later(timedelta(hours=1)):
            assert accounts.keep_names() == 1
    assert guilds.standing(hall.people["Dora"]).invitations == ()
    shown = guilds.shown(hall.guild)
    assert shown is not None
    assert [each.invitation for each in shown[1].invited] == [kept]
    closed = [update.answer for who, update in told if who == hall.people["Dora"]]  # type: ignore[attr-defined]
    assert closed == ["withdrawn"]


def test_that_its_invitations_end_is_told_with_who_is_gone(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Update] = []
    hall.invites("Bob", "Dora")
    monkeypatch.setattr(realtime, "send_numbered", lambda *numbered: told.append(numbered[-1]))
    services.leave_guild(character_id=hall.people["Bob"])
    services.leave_guild(character_id=hall.people["Carol"])
    assert told == [wire.GuildChanged(gone=("Bob",), invited=()), wire.GuildChanged(gone=("Carol",))]


def test_nobody_is_in_two_guilds(hall: Hall) -> None:
    other = Hall.founded(hall.people, "Edgar", "Night Watch")
    first, second = hall.invites("Alice", "Dora"), other.invites("Edgar", "Dora")
    services.accept_guild_invitation(character_id=hall.people["Dora"], invitation_id=first)
    with pytest.raises(AlreadyInGuildError):
        services.accept_guild_invitation(character_id=hall.people["Dora"], invitation_id=second)
    with pytest.raises(AlreadyInGuildError):
        services.found_guild(character_id=hall.people["Dora"], name="Third Way")


def test_who_is_blocked_asks_in_vain(hall: Hall) -> None:
    services.block(character_id=hall.people["Dora"], name="Alice")
    invitation = hall.invites("Alice", "Dora")
    shown = guilds.shown(hall.guild)
    assert shown is not None
    assert [each.name for each in shown[1].invited] == ["Dora"]
    assert guilds.standing(hall.people["Dora"]).invitations == ()
    for act in (services.accept_guild_invitation, services.decline_guild_invitation):
        with pytest.raises(InvitationGoneError):
            act(character_id=hall.people["Dora"], invitation_id=invitation)


def test_what_somebody_reads_at_hello_does_not_grow_with_who_asks_it(hall: Hall) -> None:
    hall.invites("Alice", "Dora")
    asked = [queries_of(hall.people["Dora"])]
    for name in ("Fenna", "Greta", "Henk"):
        asked_by(name, "Dora")
        asked.append(queries_of(hall.people["Dora"]))
    assert len(guilds.standing(hall.people["Dora"]).invitations) == 4
    assert len(set(asked)) == 1


def test_those_who_are_not_heard_hide_nobody(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guilds, "INVITATIONS_SHOWN", 1)
    hall.invites("Alice", "Dora")
    for name in ("Fenna", "Greta", "Henk"):
        asked_by(name, "Dora")
        services.block(character_id=hall.people["Dora"], name=name)
    (asked,) = guilds.standing(hall.people["Dora"]).invitations
    assert asked.name == "Alice"


def queries_of(character_id: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        guilds.standing(character_id)
    return len(asked)


def asked_by(founder: str, name: str) -> None:
    """Let somebody found a guild and ask somebody into it."""
    founded = Hall.founded({founder: person(founder, glim=2000)}, founder, f"Friends of {founder}")
    founded.invites(founder, name)


def test_members_leave_and_the_leader_does_not(hall: Hall) -> None:
    services.leave_guild(character_id=hall.people["Carol"])
    assert "Carol" not in hall.members()
    with pytest.raises(LeaderStaysError):
        services.leave_guild(character_id=hall.people["Alice"])
    with pytest.raises(NoGuildError):
        services.leave_guild(character_id=hall.people["Carol"])


def test_who_is_sent_away_is_of_a_lower_rank(hall: Hall) -> None:
    def kick(who: str, whom: str) -> None:
        services.remove_from_guild(character_id=hall.people[who], name=whom)

    with pytest.raises(NotPermittedError):
        kick("Carol", "Bob")
    hall.takes_in("Dora", rank="Officer")
    for whom in ("Alice", "Dora"):
        with pytest.raises(RankTooHighError):
            kick("Bob", whom)
    with pytest.raises(NotInGuildError):
        kick("Bob", "Edgar")
    with pytest.raises(OneselfError):
        kick("Bob", "Bob")
    kick("Bob", "Carol")
    assert list(hall.members()) == ["Alice", "Bob", "Dora"]


def test_ranks_are_given_below_ones_own(hall: Hall) -> None:
    def promote(who: str, whom: str, rank: str) -> None:
        services.change_member_rank(character_id=hall.people[who], name=whom, rank_id=hall.ranks[rank])

    with pytest.raises(RankTooHighError):
        promote("Bob", "Carol", "Officer")
    with pytest.raises(RankTooHighError):
        promote("Alice", "Carol", "Leader")
    with pytest.raises(NotPermittedError):
        promote("Carol", "Bob", "Member")
    with pytest.raises(UnknownRankError):
        services.change_member_rank(character_id=hall.people["Alice"], name="Carol", rank_id=2**40)
    promote("Alice", "Carol", "Officer")
    assert hall.members()["Carol"] == "Officer"


def test_the_leader_hands_over_and_takes_the_rank_below(hall: Hall) -> None:
    with pytest.raises(NotGuildLeaderError):
        services.hand_over_guild(character_id=hall.people["Bob"], name="Carol")
    services.hand_over_guild(character_id=hall.people["Alice"], name="Carol")
    assert hall.leader == "Carol"
    assert hall.members() == {"Carol": "Leader", "Alice": "Officer", "Bob": "Officer"}


def test_the_message_of_the_day_is_plain_text(hall: Hall) -> None:
    services.change_motd(character_id=hall.people["Bob"], text="  To the kiln at dusk.  ")
    shown = guilds.shown(hall.guild)
    assert shown is not None
    assert shown[1].motd == "To the kiln at dusk."
    with pytest.raises(BadTextError):
        services.change_motd(character_id=hall.people["Bob"], text="turned \u202earound")
    with pytest.raises(NotPermittedError):
        services.change_motd(character_id=hall.people["Carol"], text="mine")
    services.change_motd(character_id=hall.people["Bob"], text="")
    assert Guild.objects.get().motd == ""


def test_a_guild_ends_by_its_name_and_everybody_may_found_again(hall: Hall) -> None:
    hall.invites("Alice", "Dora")
    with pytest.raises(NotPermittedError):
        services.disband_guild(character_id=hall.people["Bob"], name="Lamplighters")
    with pytest.raises(GuildNameWrongError):
        services.disband_guild(character_id=hall.people["Alice"], name="Lamp")
    services.disband_guild(character_id=hall.people["Alice"], name="lamplighters")
    assert not Guild.objects.exists()
    assert guilds.standing(hall.people["Dora"]).invitations == ()
    Hall.founded(hall.people, "Bob")


def test_each_change_counts_one_up(hall: Hall) -> None:
    def change(name: str) -> Callable[[], None]:
        return {
            "motd": lambda: services.change_motd(character_id=hall.people["Alice"], text="Hello"),
            "kick": lambda: services.remove_from_guild(character_id=hall.people["Alice"], name="Carol"),
            "hand": lambda: services.hand_over_guild(character_id=hall.people["Alice"], name="Bob"),
            "away": lambda: services.note_guild_presence(character_id=hall.people["Bob"], is_online=False),
        }[name]

    for name in ("motd", "kick", "hand", "away"):
        before = hall.version()
        change(name)()
        assert hall.version() == before + 1, name


def test_who_goes_and_comes_is_seen_once(hall: Hall) -> None:
    bob = hall.people["Bob"]
    services.note_guild_presence(character_id=bob, is_online=False)
    before = hall.version()
    services.note_guild_presence(character_id=bob, is_online=False)
    assert hall.version() == before
    assert GuildMember.objects.get(name__name="Bob").away_since is not None
    services.keep_guilds()  # Redis says that he is here
    assert GuildMember.objects.get(name__name="Bob").away_since is None


def test_a_full_guild_fits_into_one_update(hall: Hall) -> None:
    names = [
        f"{'abcdefghijklmnopqrst'[n // 20]}{'abcdefghijklmnopqrst'[n % 20]}{'ß' * 14}" for n in range(197)
    ]
    account = Account.objects.get(username="alice")
    CharacterName.objects.bulk_create(
        CharacterName(name_key=name, name=name, account=account, shard="s" * 32) for name in names
    )
    GuildMember.objects.bulk_create(
        GuildMember(
            name_id=name, guild_id=hall.guild, rank_id=hall.ranks["Member"], away_since=clock.utc_now()
        )
        for name in names
    )
    shown = guilds.shown(hall.guild)
    assert shown is not None
    assert len(shown[1].members) == rules.MEMBERS_MAX
    assert len(msgspec.json.encode(shown[1])) < 60_000


def test_a_character_whose_name_ends_leaves_and_the_next_leads(hall: Hall) -> None:
    Character.objects.filter(name="Alice").delete()
    with later(timedelta(hours=1)):
        assert accounts.keep_names() == 1
    assert not CharacterName.objects.filter(name="Alice").exists()
    assert hall.leader == "Bob"
    assert hall.members() == {"Bob": "Leader", "Carol": "Member"}


def test_a_guild_ends_with_the_name_of_its_only_member() -> None:
    hall = Hall.founded({name: person(name, glim=2000) for name in ("Alice", "Bob")})
    Character.objects.filter(name="Alice").delete()
    with later(timedelta(hours=1)):
        accounts.keep_names()
    assert guilds.shown(hall.guild) is None


def test_who_comes_has_nothing_that_the_inviter_lacks(hall: Hall) -> None:
    services.edit_rank(
        character_id=hall.people["Alice"],
        rank_id=hall.ranks["Member"],
        name="Member",
        permissions=("dissolve",),
    )
    with pytest.raises(LackedPermissionError) as refusal:
        hall.invites("Bob", "Dora")
    assert refusal.value.details == {"permission": "dissolve"}
