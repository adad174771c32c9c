"""Asking somebody into a guild no more, before there is an answer."""

from __future__ import annotations

import pytest

from aether.kernel import realtime
from aether.protocol.base import Update
from apps.chat import guilds, services
from apps.chat.errors import InvitationGoneError, NoGuildError, NotPermittedError
from tests.chat.guild_cast import Hall, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    """Alice's guild, with Bob as its officer and Carol as a member; Dora and Edgar are in none."""
    found = Hall.founded(
        {name: person(name, glim=2000) for name in ("Alice", "Bob", "Carol", "Dora", "Edgar")}
    )
    found.takes_in("Bob", rank="Officer")
    found.takes_in("Carol")
    return found


def test_who_may_ask_may_ask_no_more(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def withdraw(who: str, invitation: int) -> None:
        services.withdraw_guild_invitation(character_id=hall.people[who], invitation_id=invitation)

    asked = hall.invites("Alice", "Dora")
    with pytest.raises(NotPermittedError):
        withdraw("Carol", asked)
    with pytest.raises(NoGuildError):
        withdraw("Dora", asked)
    told: list[tuple[int, Update]] = []
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: told.append((who, update)))
    before = hall.version()
    withdraw("Bob", asked)
    closed = {who: (update.name, update.answer) for who, update in told}  # type: ignore[attr-defined]
    assert closed == {
        hall.people["Alice"]: ("Dora", "withdrawn"),
        hall.people["Dora"]: ("Alice", "withdrawn"),
    }
    assert (hall.version(), guilds.invited_shown(hall.guild)) == (before + 1, ())
    for act in (services.accept_guild_invitation, services.decline_guild_invitation):
        with pytest.raises(InvitationGoneError):
            act(character_id=hall.people["Dora"], invitation_id=asked)
    with pytest.raises(InvitationGoneError):
        withdraw("Bob", asked)
    hall.invites("Bob", "Dora")


def test_nobody_withdraws_what_another_guild_asks(hall: Hall) -> None:
    other = Hall.founded(hall.people, "Edgar", "Night Watch")
    asked = other.invites("Edgar", "Dora")
    with pytest.raises(InvitationGoneError):
        services.withdraw_guild_invitation(character_id=hall.people["Alice"], invitation_id=asked)
    assert guilds.standing(hall.people["Dora"]).invitations


def test_that_nobody_asks_any_more_is_told_to_nobody_who_never_heard_it(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.block(character_id=hall.people["Dora"], name="Alice")
    asked = hall.invites("Alice", "Dora")
    told: list[int] = []
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: told.append(who))
    services.withdraw_guild_invitation(character_id=hall.people["Bob"], invitation_id=asked)
    assert told == [hall.people["Alice"]]
