"""A party against monsters: its members are asked when one attacks, and may come until the fight begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db import IntegrityError, connection

from aether.kernel import journal, live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, StaleError
from aether.kernel.journal import Head, Receipt, StreamKind, VersionConflictError, receipts
from aether.kernel.transactions import transactional
from aether.protocol.combat import BattleStarted, CurrentBattleChanged, JoinOffer, JoinOffered
from apps.accounts import selectors as accounts
from apps.chat import selectors as chat
from apps.combat import engine, logbook, selectors
from apps.combat.engine import inputs
from apps.combat.errors import (
    AlreadyInBattleError,
    BattleFaultedError,
    BattleFullError,
    BattleOutdatedError,
    BattleOverError,
    TooFarFromBattleError,
)
from apps.combat.faults import FAULTS, of_this_battle
from apps.combat.running import EVERY_BATTLE, RunningBattle, fresh, stream_name
from apps.combat.services import parking
from apps.combat.services.acting import ATTEMPTS, Decided, decide
from apps.combat.services.opening import hunter_builds, set_aside_supplies
from apps.combat.services.spectating import fight_instead
from apps.world import selectors as places
from apps.world import services as world

REACH = 12
"""How many cells somebody may stand away from a member who fights."""

_TAKE_PART = """
INSERT INTO combat_battleparticipant (battle_id, character_id, team, is_live, outcome)
VALUES (%s, %s, %s, true, '')
"""


class _Coming(NamedTuple):
    """Who comes, as it enters; and the reply's receipt."""

    character_id: int
    build: engine.Build
    receipt: Receipt


def ask_company(*, character_id: int, battle_id: int, expires_at: float) -> None:
    """Ask the members of a party who are free and in the same zone copy; who is far off has to come near."""
    company = chat.company_of(character_id)
    if company is None:
        return
    offer = JoinOffer(
        battle=battle_id,
        character=character_id,
        name=accounts.character(character_id).name,
        expires_at=expires_at,
    )
    others = [who for who in company.members if who != character_id]
    busy = selectors.fighting(others) | places.held_by_battles(others)
    online = live.online_among(others)
    found = places.places_of([character_id, *others])
    for who in others:
        is_here = who in found and found[who].instance == found[character_id].instance
        if is_here and who in online and who not in busy:
            realtime.tell_character(who, JoinOffered(offer=offer))


async def join(
    *, character_id: int, battle_id: int, receipt: Callable[[BattleStarted], Receipt]
) -> BattleStarted:
    """Come to a member of one's party who fights monsters, while they still place themselves."""
    for _ in range(ATTEMPTS):
        try:
            return await _join_once(character_id, battle_id, receipt)
        except VersionConflictError:
            continue
        except engine.NotReplayableError as error:
            await parking.freeze(battle_id, error)
            raise BattleOutdatedError from error
        except FAULTS as error:
            if await parking.note_fault(battle_id, error):
                raise BattleFaultedError from error
            raise
    raise StaleError


async def _join_once(
    character_id: int, battle_id: int, receipt: Callable[[BattleStarted], Receipt]
) -> BattleStarted:
    build = await in_database_thread(_checked_build, character_id, battle_id)
    started = BattleStarted(battle=battle_id, stream=stream_name(battle_id))
    coming = _Coming(character_id, build, receipt(started))
    async with fresh(battle_id) as battle:
        if battle.state.phase == "ended":
            raise BattleOverError
        decided = await decide(battle, engine.SYSTEM, inputs.Join(build))
        head = await _committed(battle, decided, coming)
        with of_this_battle():
            updates = battle.take(decided.state, decided.clock, logbook.events_of(decided.entry), head)
        await realtime.send_sequenced(stream_name(battle_id), updates)
    await fight_instead(character_id, battle_id)
    return started


async def _committed(battle: RunningBattle, decided: Decided, coming: _Coming) -> Head:
    """Write who comes, and the entry, at once. After a failure the battle is brought up to date first."""
    try:
        return await in_database_thread(_keep, battle.id, decided, battle.head, coming)
    except BaseException:
        battle.doubt()
        raise


@transactional
def _keep(battle_id: int, decided: Decided, head: Head, coming: _Coming) -> Head:
    who, team = coming.character_id, coming.build.team
    _require_room(battle_id, selectors.hunting_team(battle_id))
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_PART, [battle_id, who, team])
    except IntegrityError:
        raise AlreadyInBattleError from None
    world.set_in_battle(character_ids=[who], battle_id=battle_id)
    set_aside_supplies(battle_id, [coming.build])
    receipts.store(coming.receipt)
    stream = stream_name(battle_id)
    realtime.tell_character(who, CurrentBattleChanged(battle=battle_id, stream=stream))
    realtime.follow_character(who, follow=(stream,), unfollow=(EVERY_BATTLE,))
    entry = logbook.encode(decided.entry)
    return journal.record_after(StreamKind.BATTLE, battle_id, entry, head=head, actor_id=who)


def _checked_build(character_id: int, battle_id: int) -> engine.Build:
    """Return a character as it enters a battle; refuse who is busy, too far, or nobody's company there.

    To all others the battle does not exist.
    """
    company = chat.company_of(character_id)
    team = selectors.hunting_team(battle_id)
    mates = [] if company is None else [who for who in team if who in company.members]
    if not mates:
        raise NotFoundError
    if selectors.fighting([character_id]) | places.held_by_battles([character_id]):
        raise AlreadyInBattleError
    if not _is_near_one_of(character_id, mates):
        raise TooFarFromBattleError
    _require_room(battle_id, team)
    (build,) = hunter_builds([character_id])
    return build


def _require_room(battle_id: int, team: list[int]) -> None:
    most = selectors.team_max(battle_id)
    if len(team) >= most:
        raise BattleFullError(most=most)


def _is_near_one_of(character_id: int, mates: list[int]) -> bool:
    found = places.places_of([character_id, *mates])
    here = found.get(character_id)
    if here is None:
        return False
    there = [found[who] for who in mates if who in found]
    return any(
        place.instance == here.instance and places.is_near(place.cell, here.cell, REACH) for place in there
    )
