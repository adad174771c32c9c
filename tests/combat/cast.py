"""Who fights in the tests of combat: Ana and Bo, a small field, and commands as a socket would send them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aether.kernel.database_threads import in_database_thread
from aether.kernel.dispatch import Caller, Outcome, body_digest, execute
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from aether.protocol.base import Command
from apps.combat import challenges, engine, rulebooks, running, services

ANA, BO, EVE = 1001, 1002, 1003

FIELD = engine.board_of(["." * 12] * 12)

_numbers = itertools.count(1)


def ground(group_id: int | None = None) -> services.Ground:
    return services.Ground(
        zone="reedmoor_flats",
        instance="reedmoor_flats:1",
        map_hash="0" * 64,
        board=FIELD,
        contact=(2, 6),
        group_id=group_id,
    )


def fighter(character_id: int, *, team: int, class_id: str = "kitewright", level: int = 3) -> engine.Build:
    from msgspec.structs import replace

    build = engine.build_character(
        class_id,
        character_id=character_id,
        name=f"Character {character_id}",
        level=level,
        bonuses={"gale": 10},
        rulebook=rulebooks.current_rulebook(),
    )
    return replace(build, team=team)


@transactional
def open_duel() -> int:
    """Begin a duel of Ana against Bo. Call from a thread."""
    builds = (fighter(ANA, team=0), fighter(BO, team=1, class_id="anchorite"))
    return services.open_battle("duel", ground(), builds).battle


@transactional
def open_hunt(*, level: int = 3, monster: str = "mud_skitter") -> int:
    """Begin a battle of Ana against a monster. Call from a thread."""
    builds = (fighter(ANA, team=0, level=level), services.monster_build(monster, 1))
    return services.open_battle("pve", ground(group_id=5), builds).battle


async def duel(*, seed: str = "aa") -> int:
    """Begin a duel in which both are ready, Ana with her seed: somebody has the turn."""
    battle_id = await in_database_thread(open_duel)
    await send(ANA, wire.Ready(battle=battle_id, seed=seed))
    await send(BO, wire.Ready(battle=battle_id, seed="bb"))
    return battle_id


async def hunt(**changes: Any) -> int:
    """Begin a battle against a monster, with Ana ready."""
    battle_id = await in_database_thread(lambda: open_hunt(**changes))
    await send(ANA, wire.Ready(battle=battle_id))
    return battle_id


def caller(character_id: int, command: Command, command_id: str = "", on: int | None = None) -> Caller:
    return Caller(
        character_id=CharacterId(character_id),
        account_id=AccountId(character_id),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId(command_id or f"c-{next(_numbers)}"),
        body_digest=body_digest(command),
        on=on,
    )


def send(
    character_id: int, command: Command, command_id: str = "", on: int | None = None
) -> Awaitable[Outcome]:
    """Execute a command as the gateway does."""
    return execute(caller(character_id, command, command_id, on), command)


async def accepted_by_one_who_dies(
    character_id: int, command: wire.AcceptChallenge, monkeypatch: pytest.MonkeyPatch
) -> wire.BattleStarted:
    """Accept a challenge in a process that is killed behind the commit: the challenge stays in Redis."""

    async def never(challenge: challenges.Challenge) -> None:
        pass

    with monkeypatch.context() as until_killed:
        until_killed.setattr(challenges, "drop", never)
        outcome = await send(character_id, command)
    assert isinstance(outcome.reply, wire.BattleStarted)
    return outcome.reply


@contextmanager
def elsewhere() -> Iterator[None]:
    """Let another process act: one whose battles are not those of this loop."""
    loop = asyncio.get_running_loop()
    here = running._battles.pop(loop)
    try:
        yield
    finally:
        running._battles[loop] = here


async def state_of(battle_id: int) -> engine.Battle:
    async with running.fresh(battle_id) as battle:
        return battle.state


async def whose_turn(battle_id: int) -> int:
    """Return the character whose turn it is."""
    state = await state_of(battle_id)
    return state.build(state.of(state.turn_owner)).character_id or 0


async def other_than(battle_id: int) -> int:
    """Return the character of the duel whose turn it is not."""
    return ANA + BO - await whose_turn(battle_id)
