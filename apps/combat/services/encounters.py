"""Attacking monsters in a zone, and duels between players who stand in the same one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from aether.kernel import realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.journal import Receipt, receipts
from aether.kernel.transactions import transactional
from aether.protocol.combat import BattleStarted, ChallengeIssued, ChallengeReceived, Spectating
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.combat import challenges, selectors
from apps.combat.challenges import Challenge
from apps.combat.errors import (
    AlreadyInBattleError,
    NotInSameZoneError,
    OpponentInBattleError,
    SelfChallengeError,
)
from apps.combat.services.opening import Ground, character_builds, monster_build, open_battle
from apps.world import selectors as places
from apps.world import services as world


@transactional
def engage(*, character_id: int, group_id: int) -> BattleStarted:
    """Attack a monster group that nobody else has attacked."""
    if selectors.current_battle_id(character_id) is not None:
        raise AlreadyInBattleError
    claimed = world.claim_group(character_id=character_id, group_id=group_id)
    monsters = tuple(monster_build(monster, level) for monster, level in claimed.monsters)
    builds = (*character_builds(character_id), *monsters)
    return open_battle("pve", _ground(claimed, group_id), builds)


async def challenge(
    *, character_id: int, opponent_id: int, command_id: str, spectating: Spectating | None = None
) -> ChallengeIssued:
    """Ask another player in the same zone for a duel; whoever has blocked the challenger is not told."""
    name, is_heard = await in_database_thread(_check_duel, character_id, opponent_id)
    open_challenge = await challenges.keep(
        command_id=command_id, challenger=character_id, challenged=opponent_id, spectating=spectating
    )
    received = ChallengeReceived(
        challenge=open_challenge.id,
        character=character_id,
        name=name,
        expires_at=open_challenge.expires_at,
        spectating=spectating or settings.SPECTATING["modes"]["duel"],
    )
    if is_heard:
        await realtime.tell_character_now(opponent_id, received)
    return ChallengeIssued(challenge=open_challenge.id, expires_at=open_challenge.expires_at)


async def accept(
    *, character_id: int, challenge_id: str, receipt: Callable[[BattleStarted], Receipt]
) -> BattleStarted:
    """Accept a challenge: the duel begins where the challenger stands."""
    accepted = await challenges.find(challenge_id, challenged=character_id)
    started = await in_database_thread(_open_duel, accepted, receipt)
    await challenges.drop(accepted)
    return started


def _check_duel(character_id: int, opponent_id: int) -> tuple[str, bool]:
    """Refuse a duel that cannot take place; return the challenger's name, and if the other one hears it."""
    if character_id == opponent_id:
        raise SelfChallengeError
    _check_free(character_id, opponent_id)
    _where_they_meet(character_id, opponent_id)
    return accounts.character(character_id).name, chat.hears(opponent_id, character_id)


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
    here = _where_they_meet(accepted.challenger, accepted.challenged)
    ground = _ground(world.duel_board(zone=here.zone, cell=here.cell), None, accepted.spectating)
    builds = character_builds(accepted.challenger, accepted.challenged)
    started = open_battle("duel", ground, builds)
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
    )
