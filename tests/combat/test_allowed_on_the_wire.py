"""Invariant 56 as it is sent: every frame of a battle, and what replays and exports show, keep the list."""

from __future__ import annotations

from importlib import import_module
from random import Random
from typing import Any

import msgspec
import pytest
from django.conf import settings
from msgspec.structs import replace

from aether.kernel.database_threads import in_database_thread
from aether.protocol import combat as commands
from aether.protocol.base import update_types
from aether.protocol.battles import SeenBattle
from aether.protocol.gateway import ErrorBody
from apps.accounts.models import Account, Character
from apps.accounts.rules.progress import xp_to_next
from apps.combat import engine, replays, services
from apps.combat.engine import events as e
from apps.combat.engine import inputs as i
from apps.combat.engine.ai import choose
from apps.combat.running import fresh
from tests import cast
from tests.accounts.cast import signed_in
from tests.combat.leaks import Truth, leaks
from tests.combat.stage import Stage, Time, stage, time
from tests.wire import Fields, Wire

__all__ = ["stage", "time"]

LEVEL = 12
ACTIONS = 60
SECONDS_EACH = 15
COMMANDS = {
    i.Move: lambda intent: ("combat.move", {"path": intent.path}),
    i.Cast: lambda intent: ("combat.cast", {"skill": intent.skill, "cell": intent.cell}),
    i.EndTurn: lambda _: ("combat.end_turn", {}),
}
SEEDS = ("a1ce5eed", "b0b5eed5")
AUDIENCES = ["team:0", "team:1", engine.SPECTATOR]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody ask, and be refused, as often as it takes."""
    for limit in ("commands_per_20_s", "command_burst"):
        monkeypatch.setitem(settings.GATEWAY, limit, 1_000_000)


class Heard:
    """What one socket was answered, and with what type."""

    def __init__(self, wire: Wire, audience: str) -> None:
        self.wire, self.audience = wire, audience
        self.replies: list[Fields] = []

    async def call(self, t: str, d: Fields) -> Fields:
        reply = await self.wire.call(t, d)
        self.replies.append(reply)
        return reply

    def leaks(self, truth: Truth) -> list[str]:
        found = []
        for reply in self.replies:
            assert set(reply) in ({"re", "ok"}, {"re", "err"}), reply
            kind = commands.Committed if "ok" in reply else ErrorBody
            found += leaks(msgspec.json.encode(reply.get("ok", reply.get("err"))), kind, self.audience, truth)
        for update in self.told():
            assert set(update) == {"t", "s", "n", "d"}, update
            kind = update_types()[update["t"]]
            found += leaks(msgspec.json.encode(update["d"]), kind, self.audience, truth)
        return found

    def told(self) -> list[Fields]:
        return [update for update in self.wire.updates if update["t"].startswith("combat.")]


async def fighters(stage: Stage) -> None:
    """Let Alice be one who vanishes, and Bob one who lays traps."""
    for name, class_id in (("alice", "hollowpiper"), ("bob", "kitewright")):
        stage.people[name] = await cast.player(name, name.capitalize(), class_id)
        who = Character.objects.filter(pk=stage.people[name].character_id)
        await who.aupdate(xp_total=sum(map(xp_to_next, range(1, LEVEL))))


async def some_command(battle_id: int, chance: Random) -> tuple[int, str, Fields] | None:
    """Return who has the turn, as a place in the battle, and what it does, which may be nonsense."""
    async with fresh(battle_id) as battle:
        state = battle.state
        if state.phase == "ended":
            return None
        owner = state.of(state.turn_owner)
        other = state.combatants[1 - owner.slot]
        near = (owner.cell[0] + chance.randint(-2, 2), owner.cell[1] + chance.randint(-2, 2))
        intents: list[Any] = [
            choose(state, owner.id, battle.rulebook, battle.dice).intent,
            i.Cast("snare_kite", near) if owner.slot else i.Cast("fade", owner.cell),
            i.Cast(chance.choice(["thin_note", "updraft", "nothing"]), other.cell),
            i.Move((near,)),
            i.EndTurn(),
        ]
        intent = chance.choice(intents) if owner.ap > 2 else i.EndTurn()
    t, fields = COMMANDS[type(intent)](intent)
    return owner.slot, t, {"battle": battle_id, **fields}


async def truth_of(battle_id: int) -> Truth:
    async with fresh(battle_id) as battle:
        teams = {each.id: each.team for each in battle.state.combatants}
        return Truth(teams=teams, secrets=frozenset({battle.seed.hex(), *SEEDS}))


async def fought(stage: Stage, seed: int, late: Time | None = None) -> list[Heard]:
    """Let both sides and a spectator do anything, one after the other; return what each was told.

    With a clock, the spectator is told late, as it goes on.
    """
    await fighters(stage)
    await stage.duel("delayed" if late else "live", seeds=SEEDS)
    eve = await stage.socket("eve")
    assert (await stage.watch(eve))["ok"]["is_delayed"] == (late is not None)
    heard = [Heard(stage.alice, "team:0"), Heard(stage.bob, "team:1"), Heard(eve, "spectator")]
    chance = Random(seed)
    for _ in range(ACTIONS):
        command = await some_command(stage.battle, chance)
        if command is None:
            break
        slot, t, fields = command
        for each in (heard[1 - slot], heard[2], heard[slot]):
            await each.call(t, fields)
        if late is not None:
            late.pass_s(SECONDS_EACH)
            await services.tell_delayed()
    for each in heard:
        await each.wire.call("ping")
    return heard


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_frame_of_a_battle_tells_anybody_what_is_not_for_them(stage: Stage, seed: int) -> None:
    heard = await fought(stage, seed)
    truth = await truth_of(stage.battle)
    for each in heard:
        assert not each.leaks(truth), f"seed {seed}"
    assert {"skill_cast", "vanished", "field_laid"} <= {event["e"] for event in told(heard)}, f"seed {seed}"


async def test_late_spectators_are_told_no_more_than_others(stage: Stage, time: Time) -> None:
    heard = await fought(stage, 1, late=time)
    assert {"skill_cast", "vanished"} <= {event["e"] for event in told(heard[2:])}
    assert not heard[2].leaks(await truth_of(stage.battle))


@pytest.mark.parametrize("what", ["reveal", "export"])
async def test_who_fights_is_told_no_secret_over_rest_while_it_runs(stage: Stage, what: str) -> None:
    await fighters(stage)
    await stage.duel(seeds=SEEDS)
    truth = await truth_of(stage.battle)
    refused = await read(stage, "alice", f"/api/v1/battles/{stage.battle}/{what}")
    assert refused.json()["code"] == "combat.battle_not_over"
    error = ErrorBody(code="combat.battle_not_over", message="", details=refused.json().get("details", {}))
    assert not leaks(msgspec.json.encode(error), ErrorBody, "team:0", truth)
    assert not any(secret in refused.content.decode() for secret in truth.secrets)


async def test_replays_and_exports_show_each_audience_no_more_than_it_was_told(stage: Stage) -> None:
    await fought(stage, 1)
    truth = await truth_of(stage.battle)
    running = await in_database_thread(lambda: replays.shown_to_staff(replays.read_log(stage.battle)))
    assert not running.is_over
    assert [view.audience for view in running.views] == [engine.OMNISCIENT, *AUDIENCES]
    assert not [leak for view in running.views for leak in shown(view, truth)]
    await stage.alice.call("combat.forfeit", {"battle": stage.battle})
    answer = await read(stage, "alice", f"/api/v1/battles/{stage.battle}/export")
    views = engine.read_export(answer.content).export.views
    assert [view.audience for view in views] == AUDIENCES
    assert not [leak for view in views for leak in shown(view, truth)]
    # The scanner can fail: what one side saw is not for the other.
    mine = next(view for view in views if view.audience == "team:0")
    assert shown(replace(mine, audience="team:1"), truth)


def shown(view: SeenBattle, truth: Truth) -> list[str]:
    return leaks(msgspec.json.encode(view), SeenBattle, view.audience, truth)


async def read(stage: Stage, name: str, path: str) -> Any:
    """Return what somebody is answered over REST."""
    account_id = stage.people[name].account_id
    return await in_database_thread(lambda: signed_in(Account.objects.get(pk=account_id)).get(path))


@pytest.mark.parametrize("kind", [e.Vanished, e.FieldLaid, e.TurnEnded, e.SkillCast, e.Rolled])
async def test_a_frame_that_tells_too_much_is_found(
    stage: Stage, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scanner can fail over sockets too."""
    monkeypatch.delitem(import_module("apps.combat.engine.view")._REDACTED, kind)
    heard = await fought(stage, 1)
    truth = await truth_of(stage.battle)
    assert any(each.leaks(truth) for each in heard)


def told(heard: list[Heard]) -> list[Fields]:
    updates = [update for each in heard for update in each.told() if update["t"] == "combat.events"]
    return [event for update in updates for event in update["d"]["events"]]
