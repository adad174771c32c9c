"""Parties against one another: who has to be there and free, and that those who were named fight."""

from __future__ import annotations

from aether.kernel import live
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.combat import selectors
from apps.combat.challenges import Teams
from apps.combat.errors import (
    OtherPartyNotReadyError,
    PartyLeaderNeededError,
    PartyNotReadyError,
    TeamsChangedError,
)
from apps.world import selectors as places


def ready_teams(challenger: int, challenged: int, *, asking: int) -> Teams:
    """Return the parties of two leaders; refuse where somebody of them could not fight now.

    The leader who asks learns who of its own party that is, and nothing about those of the other.
    """
    teams = _teams(challenger, challenged)
    late = _who_cannot_fight([who for team in teams for who in team], beside=asking)
    own = next(team for team in teams if asking in team)
    named = [who for who in late if who in own]
    if named:
        known = accounts.characters(named)
        raise PartyNotReadyError(names=", ".join(known[who].name for who in named))
    if late:
        raise OtherPartyNotReadyError
    return teams


def check_unchanged(teams: Teams) -> None:
    """Refuse a battle of other people than were named when it was asked for."""
    now = _teams(teams[0][0], teams[1][0])
    if [sorted(team) for team in now] != [sorted(team) for team in teams]:
        raise TeamsChangedError


def names_of(teams: Teams) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of both teams, leaders first."""
    known = accounts.characters(character_id for team in teams for character_id in team)
    challengers, challenged = (tuple(known[who].name for who in team) for team in teams)
    return challengers, challenged


def _teams(challenger: int, challenged: int) -> Teams:
    """Return the members of two parties by their leaders, who come first."""
    ours, theirs = chat.company_of(challenger), chat.company_of(challenged)
    if ours is None or theirs is None or ours.id == theirs.id:
        raise PartyLeaderNeededError
    if (ours.leader, theirs.leader) != (challenger, challenged):
        raise PartyLeaderNeededError
    return _leader_first(ours), _leader_first(theirs)


def _leader_first(company: chat.Company) -> tuple[int, ...]:
    return (company.leader, *(who for who in company.members if who != company.leader))


def _who_cannot_fight(character_ids: list[int], *, beside: int) -> list[int]:
    """Return who is away, in another zone copy than one of them, or in a battle."""
    found, online = places.places_of(character_ids), live.online_among(character_ids)
    busy = selectors.fighting(character_ids) | places.held_by_battles(character_ids)
    here = found.get(beside)
    return [
        who
        for who in character_ids
        if here is None
        or who in busy
        or who not in online
        or who not in found
        or found[who].instance != here.instance
    ]
