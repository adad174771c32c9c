"""kill -9 in mid-turn: a process that died after a commit and before telling anybody has lost nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from aether.kernel import journal
from aether.kernel.database_threads import in_database_thread
from aether.protocol import combat as wire
from apps.combat import logbook, running
from tests.combat.cast import duel, other_than, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")

PROJECT = Path(__file__).resolve().parents[2]

PLAYER = """
import asyncio, json, os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["VICTIM_DATABASE"]
django.setup()
from aether.kernel import realtime
from aether.protocol import combat as wire
from tests.combat.cast import send

async def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

realtime.send_sequenced = die
battle, actor = json.loads(sys.argv[1])
asyncio.run(send(actor, wire.EndTurn(battle=battle), "last-words"))
"""


async def test_a_process_killed_between_commit_and_telling_loses_nothing() -> None:
    battle_id = await duel()
    actor, other = await whose_turn(battle_id), await other_than(battle_id)
    before = (await journal.head(running.stream_of(battle_id))).version
    died = await in_database_thread(_play_and_die, battle_id, actor)
    assert died == -signal.SIGKILL
    running.forget_all()
    assert (await journal.head(running.stream_of(battle_id))).version == before + 1
    assert await whose_turn(battle_id) == other
    again = await send(actor, wire.EndTurn(battle=battle_id), "last-words")
    assert again.is_replayed
    assert await whose_turn(battle_id) == other


async def test_every_prefix_of_a_log_is_a_battle_that_goes_on() -> None:
    """Wherever the journal ends when a process dies, the battle can be taken up from there."""
    battle_id = await duel()
    for _ in range(4):
        await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    entries = [logbook.decode(row.payload) for row in await journal.read(running.stream_of(battle_id))]
    opened, whole = entries[0], await state_of(battle_id)
    assert isinstance(opened, logbook.Opened)
    rulebook = (await _rulebook(battle_id)).rulebook
    state = running.engine.reopen(opened.header, rulebook)
    turns = []
    for entry in entries[1:]:
        state = running.engine.fold(state, logbook.events_of(entry))
        turns.append(state.turn)
    assert state == whole
    assert turns == sorted(turns)


async def _rulebook(battle_id: int) -> running.RunningBattle:
    async with running.locked(battle_id) as battle:
        return battle


def _play_and_die(battle_id: int, actor: int) -> int:
    """Let another process take the turn; it is killed as soon as its entry is committed."""
    victim = subprocess.run(
        [sys.executable, "-c", PLAYER, json.dumps([battle_id, actor])],
        cwd=PROJECT,
        env=os.environ | {"VICTIM_DATABASE": str(connection.settings_dict["NAME"])},
        check=False,
        timeout=100,
        capture_output=True,
    )
    assert victim.returncode < 0, victim.stderr.decode()
    return victim.returncode
