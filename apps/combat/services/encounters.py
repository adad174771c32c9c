"""Attacking monsters in a zone, and duels between players, or parties, who stand in the same one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from aether.kernel import clock, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.journal import Receipt, receipts
from aether.kernel.transactions import transactional
from aether.protocol.combat import BattleStarted, ChallengeIssued, ChallengeReceived, Spectating
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.combat import challenges, clocks, selectors
from apps.combat.challenges import Challenge, Teams
from apps.combat.errors import (
    AlreadyInBattleError,
    ChallengeGoneError,
    ChallengeOpenError,
    NotInSameZoneError,
    OpponentInBattleError,
    SelfChallengeError,
)
from apps.combat.services import joining, party_battles
from apps.combat.services.opening import Ground, character_builds, hunter_builds, monster_build, open_battle
from apps.world import selectors as places
from apps.world import services as world

CHARACTERS, MONSTERS = 0, 1
"""The teams of a battle against monsters."""


@transactional
def engage(*, character_id: int, group_id: int) -> BattleStarted:
    """Attack a monster group that nobody else has attacked."""
    if selectors.current_battle_id(character_id) is not None:
        raise AlreadyInBattleError
    claimed = world.claim_group(character_id=character_id, group_id=group_id)
    return _open_hunt(character_id, claimed, attackers=CHARACTERS)


@transactional
def ambush(*, character_id: int, group_id: int) -> None:
    """Begin the battle of a monster group that has attacked somebody; who cannot be fought is let go."""
    try:
        with transaction.atomic():
            _ambushed(character_id, group_id)
    except GameError:
        world.let_go(character_id=character_id, group_id=group_id)


def _ambushed(character_id: int, group_id: int) -> None:
    claimed = world.group_that_attacked(character_id=character_id, group_id=group_id)
    if claimed is None:
        return
    if selectors.current_battle_id(character_id) is not None:
        raise AlreadyInBattleError
    _open_hunt(character_id, claimed, attackers=MONSTERS)


def _open_hunt(character_id: int, claimed: world.ClaimedGroup, *, attackers: int) -> BattleStarted:
    allies = (monster_build(monster, level, team=CHARACTERS) for monster, level in claimed.allies)
    monsters = (monster_build(monster, level, hp_pct=claimed.hp_pct) for monster, level in claimed.monsters)
    ground = _ground(claimed, claimed.group_id)._replace(
        objectives=claimed.objectives,
        bonus_pct=claimed.bonus_pct,
        attackers=attackers,
        team_max=claimed.team_max,
    )
    started = open_battle("pve", ground, (*hunter_builds([character_id]), *allies, *monsters))
    until = clock.now() + clocks.PLACEMENT_MS / 1000
    joining.ask_company(character_id=character_id, battle_id=started.battle, expires_at=until)
    return started


@transactional
def beset(*, character_id: int, foes: Sequence[tuple[str, int]]) -> BattleStarted:
    """Let monsters that belong to no group of the zone attack a character where it stands."""
    if selectors.current_battle_id(character_id) is not None:
        raise AlreadyInBattleError
    place = places.place_of(character_id)
    ground = _ground(world.battle_ground(place), None)
    monsters = tuple(monster_build(monster, level) for monster, level in foes)
    return open_battle("pve", ground, (*character_builds([character_id]), *monsters))


class Asked(NamedTuple):
    """A challenge to be made, and what the challenged is told if it hears the challenger."""

    challenge: Challenge
    received: ChallengeReceived
    is_heard: bool


async def challenge(
    *, character_id: int, opponent_id: int, command_id: str, spectating: Spectating | None = None
) -> ChallengeIssued:
    """Ask another player in the same zone for a duel; whoever has blocked the challenger is not told."""

    def asked() -> Asked:
        _check_duel(character_id, opponent_id)
        return _asked(command_id, character_id, opponent_id, spectating)

    return await _issue(await in_database_thread(asked))


async def challenge_party(
    *, character_id: int, opponent_id: int, command_id: str, spectating: Spectating | None = None
) -> ChallengeIssued:
    """Ask the leader of another party for a battle of both, as they are now."""

    def asked() -> Asked:
        teams = _teams_to_be(character_id, opponent_id)
        return _asked(command_id, character_id, opponent_id, spectating, teams)

    return await _issue(await in_database_thread(asked))


def _asked(
    command_id: str,
    challenger: int,
    challenged: int,
    spectating: Spectating | None,
    teams: Teams | None = None,
) -> Asked:
    challenge = challenges.asked(
        command_id=command_id,
        challenger=challenger,
        challenged=challenged,
        last_battle=selectors.latest_battle_id(challenger),
        spectating=spectating,
        teams=teams,
    )
    received = ChallengeReceived(
        challenge=challenge.id,
        character=challenger,
        name=accounts.character(challenger).name,
        expires_at=challenge.expires_at,
        spectating=spectating or settings.SPECTATING["modes"]["duel" if teams is None else "team"],
        teams=() if teams is None else party_battles.names_of(teams),
    )
    return Asked(challenge, received, chat.hears(challenged, challenger))


async def _issue(asked: Asked) -> ChallengeIssued:
    issued = asked.challenge
    kept = await challenges.keep(issued)
    if kept.id != issued.id and await in_database_thread(_is_answered, kept):
        # Whoever accepted it died before it was dropped.
        await challenges.drop(kept)
        kept = await challenges.keep(issued)
    if kept.id != issued.id:
        raise ChallengeOpenError
    if asked.is_heard:
        await realtime.tell_character_now(issued.challenged, asked.received)
    return ChallengeIssued(challenge=issued.id, expires_at=issued.expires_at)


async def accept(
    *, character_id: int, challenge_id: str, receipt: Callable[[BattleStarted], Receipt]
) -> BattleStarted:
    """Accept a challenge: the battle begins where the challenger stands."""
    accepted = await challenges.find(challenge_id, challenged=character_id)
    begin = _open_duel if accepted.teams is None else _open_party_battle
    started = await in_database_thread(begin, accepted, receipt)
    await challenges.drop(accepted)
    return started


def _is_answered(issued: Challenge) -> bool:
    """Tell if the two have fought since: a challenge may outlive its acceptance in Redis, and counts once."""
    return selectors.have_met_after(issued.last_battle, issued.challenger, issued.challenged)


def _check_open(accepted: Challenge) -> None:
    if _is_answered(accepted):
        raise ChallengeGoneError


def _check_duel(character_id: int, opponent_id: int) -> None:
    """Refuse a duel that cannot take place."""
    if character_id == opponent_id:
        raise SelfChallengeError
    _check_free(character_id, opponent_id)
    _where_they_meet(character_id, opponent_id)


def _teams_to_be(character_id: int, opponent_id: int) -> Teams:
    """Return the parties of two leaders; one who does not hear the other is as far away as one not here."""
    _where_they_meet(character_id, opponent_id)
    if not chat.hears(opponent_id, character_id):
        raise NotInSameZoneError
    return party_battles.ready_teams(character_id, opponent_id, asking=character_id)


def _where_they_meet(character_id: int, opponent_id: int) -> places.Place:
    """Return where a character is; refuse where its opponent is in another zone copy."""
    found = places.places_of((character_id, opponent_id))
    here, there = found.get(character_id), found.get(opponent_id)
    if here is None:
        raise NotFoundError
    if there is None or here.instance != there.instance:
        raise NotInSameZoneError
    return here


def _check_free(character_id: int, opponent_id: int) -> None:
    """Refuse while one of them is in a battle, or the world has not let go of the last one."""
    two = (character_id, opponent_id)
    busy = selectors.fighting(two) | places.held_by_battles(two)
    if character_id in busy:
        raise AlreadyInBattleError
    if opponent_id in busy:
        raise OpponentInBattleError


def _open_duel(accepted: Challenge, receipt: Callable[[BattleStarted], Receipt]) -> BattleStarted:
    """Begin a duel. The rows themselves refuse whoever is busy; only then it is asked who that is."""
    try:
        return _opened_duel(accepted, receipt)
    except GameError:
        _check_free(accepted.challenged, accepted.challenger)
        raise


@transactional
def _opened_duel(accepted: Challenge, receipt: Callable[[BattleStarted], Receipt]) -> BattleStarted:
    _check_open(accepted)
    here = _where_they_meet(accepted.challenger, accepted.challenged)
    ground = _ground(world.duel_board(instance=here.instance, cell=here.cell), None, accepted.spectating)
    builds = character_builds([accepted.challenger], [accepted.challenged])
    started = open_battle("duel", ground, builds)
    receipts.store(receipt(started))
    return started


@transactional
def _open_party_battle(accepted: Challenge, receipt: Callable[[BattleStarted], Receipt]) -> BattleStarted:
    """Begin a battle of two parties, with all of those who were named."""
    assert accepted.teams is not None
    _check_open(accepted)
    party_battles.check_unchanged(accepted.teams)
    party_battles.ready_teams(accepted.challenger, accepted.challenged, asking=accepted.challenged)
    here = places.place_of(accepted.challenger)
    ground = _ground(world.duel_board(instance=here.instance, cell=here.cell), None, accepted.spectating)
    started = open_battle("team", ground, character_builds(*accepted.teams))
    receipts.store(receipt(started))
    return started


def _ground(found: world.Ground, group_id: int | None, spectating: Spectating | None = None) -> Ground:
    return Ground(
        zone=found.zone,
        instance=found.instance,
        map_hash=found.map_hash,
        board=found.board,
        contact=found.contact,
        origin=found.origin,
        group_id=group_id,
        spectating=spectating,
        placement=found.placement,
    )
