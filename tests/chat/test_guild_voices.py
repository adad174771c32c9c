"""What guilds show is said by somebody: who is muted says nothing there either, and nobody floods."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aether.kernel import clock
from aether.kernel.errors import RateLimitedError
from apps.accounts.models import Account
from apps.chat import services
from apps.chat.errors import AlreadyInvitedError, AskedOftenError, MutedError
from apps.chat.models import Guild, GuildInvitation, GuildRank
from apps.chat.rules import guilds as rules
from apps.economy import selectors as economy
from tests.chat.guild_cast import PRICE, Hall, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    """Alice leads, and Bob is an officer."""
    found = Hall.founded({name: person(name, glim=PRICE) for name in ("Alice", "Bob")})
    found.takes_in("Bob", rank="Officer")
    return found


def mute(name: str) -> None:
    muted_until = clock.utc_now() + timedelta(days=1)
    Account.objects.filter(username=name.lower()).update(muted_until=muted_until)


def edit(hall: Hall, rank: str, name: str, *permissions: str) -> None:
    services.edit_rank(
        character_id=hall.people["Alice"], rank_id=hall.ranks[rank], name=name, permissions=permissions
    )


def test_who_is_muted_writes_no_message_of_the_day(hall: Hall) -> None:
    mute("Bob")
    with pytest.raises(MutedError):
        services.change_motd(character_id=hall.people["Bob"], text="What a mute should stop")
    assert Guild.objects.get().motd == ""


def test_who_is_muted_calls_no_rank_anything(hall: Hall) -> None:
    mute("Alice")
    with pytest.raises(MutedError):
        services.add_rank(
            character_id=hall.people["Alice"], name="Insult", permissions=(), below=hall.ranks["Leader"]
        )
    with pytest.raises(MutedError):
        edit(hall, "Member", "Insult")


def test_who_is_muted_still_says_what_a_rank_may_do(hall: Hall) -> None:
    mute("Alice")
    edit(hall, "Officer", "Officer", "invite")
    assert GuildRank.objects.get(pk=hall.ranks["Officer"]).permissions == rules.bits(("invite",))


def test_who_is_muted_founds_nothing_and_pays_nothing() -> None:
    dora = person("Dora", glim=PRICE)
    mute("Dora")
    with pytest.raises(MutedError):
        services.found_guild(character_id=dora, name="Buy glim at")
    assert not Guild.objects.exists()
    assert economy.glim(dora) == PRICE


def test_the_message_of_the_day_is_said_no_faster_than_lines(hall: Hall) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        for n in range(6):
            services.change_motd(character_id=hall.people["Bob"], text=f"message {n}")
        with pytest.raises(RateLimitedError) as refusal:
            services.change_motd(character_id=hall.people["Bob"], text="message 6")
    assert refusal.value.details == {"retry_after_ms": 600}
    assert Guild.objects.get().motd == "message 5"


def test_nobody_is_asked_again_and_again(hall: Hall) -> None:
    dora, moment = person("Dora"), [1_000_000.0]
    person("Edgar")

    def ask() -> None:
        invitation = hall.invites("Bob", "Dora")
        services.decline_guild_invitation(character_id=dora, invitation_id=invitation)

    with clock.replaced(lambda: moment[0]):
        for _ in range(3):
            ask()
        with pytest.raises(AskedOftenError):
            ask()
        assert not GuildInvitation.objects.exists()
        hall.invites("Bob", "Edgar")
        moment[0] += 20 * 60 + 1
        ask()


def test_who_cannot_be_asked_is_not_counted_as_asked(hall: Hall) -> None:
    dora = person("Dora")
    invitation = hall.invites("Alice", "Dora")
    for _ in range(4):
        with pytest.raises(AlreadyInvitedError):
            hall.invites("Bob", "Dora")
    services.decline_guild_invitation(character_id=dora, invitation_id=invitation)
    assert hall.invites("Bob", "Dora")


def test_ranks_are_called_no_faster_than_lines_are_said(hall: Hall) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        for n in range(6):
            edit(hall, "Member", f"Name {n}")
        with pytest.raises(RateLimitedError):
            edit(hall, "Member", "Name 6")
        edit(hall, "Member", "Name 5", "invite")
