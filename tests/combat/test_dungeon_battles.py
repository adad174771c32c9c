"""Battles of a dungeon: the governor on the party's side, and monsters as strong as the party is many."""

from __future__ import annotations

import pytest
from django.db import transaction

from aether.kernel import clock as wall
from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError
from aether.protocol import combat as wire
from apps.chat import services as chat
from apps.combat import clocks, running, services, tasks
from apps.combat.errors import BattleFullError
from apps.combat.models import BattleParticipant, BattleRecord
from apps.world.models import CharacterPlace, DungeonLock, DungeonRun, MonsterGroup
from tests.combat.cast import elsewhere, send, state_of
from tests.combat.company import join
from tests.world import delvers

pytestmark = pytest.mark.usefixtures("arena")


def _before(encounter: str, *names: str) -> tuple[list[int], DungeonRun, int]:
    """Return a party beside a group of a dungeon."""
    members = delvers.party(*names, level=20)
    run = delvers.go_in(*members)
    row = delvers.group(run, encounter)
    for who in members:
        delvers.inside(who, (row.x, row.y + 1))
    return members, run, row.pk


async def engaged(encounter: str, *names: str) -> tuple[list[int], DungeonRun, int]:
    members, run, group = await in_database_thread(_before, encounter, *names)
    outcome = await send(members[0], wire.EngageGroup(group=group))
    assert isinstance(outcome.reply, wire.BattleStarted)
    return members, run, outcome.reply.battle


async def test_the_governor_stands_on_the_side_of_the_party() -> None:
    _, _, battle_id = await engaged("siege", "Alice")
    state = await state_of(battle_id)
    assert [build.ref for build in state.builds if build.team == 0][1:] == ["post_governor"]
    assert {goal.goal for goal in state.header.objectives} == {"survive", "protect"}


@pytest.mark.parametrize(
    ("names", "hp"), [(("Alice",), 805), (("Alice", "Bastien", "Cyrille", "Delphine"), 1464)]
)
async def test_the_header_keeps_how_strong_the_boss_is(names: tuple[str, ...], hp: int) -> None:
    _, _, battle_id = await engaged("oru", *names)
    (oru,) = [build for build in (await state_of(battle_id)).header.builds if build.team == 1]
    assert oru.hp_max == hp
    with elsewhere():
        assert (await state_of(battle_id)).of(oru.id).hp == hp


async def test_who_comes_in_later_does_not_join_a_battle_of_fewer() -> None:
    (ana, bo), _, battle_id = await engaged("siege", "Alice", "Bastien")
    await join(bo, battle_id)

    def come() -> int:
        cy = delvers.delver("Cyrille", level=20)
        invitation = chat.invite(character_id=ana, name="Cyrille").invitation
        chat.accept_invitation(character_id=cy, invitation_id=invitation)
        delvers.go_in(cy)
        delvers.inside(cy, (31, 10))
        return cy

    cy = await in_database_thread(come)
    with pytest.raises(BattleFullError):
        await join(cy, battle_id)


async def test_a_stranger_does_not_join() -> None:
    _, _, battle_id = await engaged("oru", "Alice")
    stranger = await in_database_thread(delvers.delver, "Zelie")
    with pytest.raises(GameError):
        await join(stranger, battle_id)


async def test_the_last_who_is_gone_in_the_boss_fight_loses_it_and_the_run_goes_on() -> None:
    now = _Now()
    with wall.replaced(now):
        (ana, bo), run, battle_id = await engaged("oru", "Alice", "Bastien")
        await join(bo, battle_id)
        for who in (ana, bo):
            await send(who, wire.Ready(battle=battle_id))
            await services.note_presence(who, is_online=False)
        now.go(clocks.ABANDON_MS / 1000 + 1)
        await tasks.sweep()
        assert (await state_of(battle_id)).end_reason == "abandoned"
        await in_database_thread(facts.drain)
        await in_database_thread(_check_lost, run, ana, bo)


async def test_a_boss_that_is_beaten_while_the_server_dies_is_beaten_once_it_is_back() -> None:
    (ana,), run, battle_id = await engaged("oru", "Alice")
    await DungeonRun.objects.filter(pk=run.pk).aupdate(room=3)
    await send(ana, wire.Ready(battle=battle_id))
    await in_database_thread(_beat_by_decree, battle_id)
    # The process dies here: its memory is gone, the fact waits in the outbox, and is told twice.
    running.forget_all()
    for _ in range(2):
        await in_database_thread(facts.drain)
    assert await in_database_thread(_standing, run, ana) == ("done", 4, 1, None)


def _beat_by_decree(battle_id: int) -> None:
    """Publish the end of a battle as its last entry would, without fighting it out."""
    record = BattleRecord.objects.get(pk=battle_id)
    run = DungeonRun.objects.get(instance=record.instance)
    group = MonsterGroup.objects.get(pk=record.group_id)
    (who,) = BattleParticipant.objects.filter(battle=record).values_list("character_id", flat=True)
    end = delvers.ended(run, group, {who: "won"}, battle=battle_id)
    with transaction.atomic():
        BattleParticipant.objects.filter(battle=record).update(is_live=False, outcome="won")
        facts.publish(end)


def _check_lost(run: DungeonRun, *members: int) -> None:
    run.refresh_from_db()
    assert (run.state, "oru" in run.beaten) == ("open", False)
    assert delvers.group(run, "oru").state == MonsterGroup.State.ROAMING
    assert set(CharacterPlace.objects.filter(pk__in=members).values_list("instance", "x", "y", "battle")) == {
        (run.instance, 10, 26, None)
    }
    assert not DungeonLock.objects.exists()


def _standing(run: DungeonRun, who: int) -> tuple[str, int, int, int | None]:
    """Return the state of a run, its rooms done, the locks that somebody has, and its battle."""
    run.refresh_from_db()
    locks = DungeonLock.objects.filter(character_id=who).count()
    return run.state, run.room, locks, CharacterPlace.objects.get(pk=who).battle


class _Now:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += seconds
