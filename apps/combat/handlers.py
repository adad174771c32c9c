"""Commands of combat, each to its service."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, Outcome, handles
from aether.protocol import combat as wire
from aether.protocol.base import Done
from aether.protocol.spectating import Spectate, StopSpectating
from apps.combat import engine, services
from apps.combat.engine import inputs
from apps.combat.running import EVERY_BATTLE, stream_name


def by_battle(
    caller: Caller, command: wire.BattleCommand | wire.JoinBattle | Spectate | StopSpectating
) -> int:
    """Keep the commands of a battle together, where its state is in memory."""
    return command.battle


@handles(wire.EngageGroup)
def engage(caller: Caller, command: wire.EngageGroup) -> Outcome:
    started = services.engage(character_id=caller.character_id, group_id=command.group)
    return Outcome(reply=started, follow=(started.stream,))


@handles(wire.ChallengeCharacter)
async def challenge(caller: Caller, command: wire.ChallengeCharacter) -> wire.ChallengeIssued:
    begin = services.challenge_party if command.party else services.challenge
    return await begin(
        character_id=caller.character_id,
        opponent_id=command.character,
        command_id=caller.command_id,
        spectating=command.spectating,
    )


@handles(wire.AcceptChallenge)
async def accept(caller: Caller, command: wire.AcceptChallenge) -> Outcome:
    started = await services.accept(
        character_id=caller.character_id, challenge_id=command.challenge, receipt=caller.receipt
    )
    return Outcome(reply=started, follow=(started.stream,))


@handles(wire.JoinBattle, key=by_battle)
async def join(caller: Caller, command: wire.JoinBattle) -> Outcome:
    joined = await services.join(
        character_id=caller.character_id, battle_id=command.battle, receipt=caller.receipt
    )
    return Outcome(reply=joined, follow=(joined.stream,))


@handles(wire.PlaceCombatant, key=by_battle)
async def place(caller: Caller, command: wire.PlaceCombatant) -> wire.Committed:
    return await _act(caller, command.battle, inputs.Place(command.cell))


@handles(wire.Ready, key=by_battle)
async def ready(caller: Caller, command: wire.Ready) -> wire.Committed:
    return await _act(caller, command.battle, inputs.Ready(command.seed))


@handles(wire.MoveCombatant, key=by_battle)
async def move(caller: Caller, command: wire.MoveCombatant) -> wire.Committed:
    return await _act(caller, command.battle, inputs.Move(tuple(command.path)))


@handles(wire.CastSkill, key=by_battle)
async def cast(caller: Caller, command: wire.CastSkill) -> wire.Committed:
    return await _act(caller, command.battle, inputs.Cast(command.skill, command.cell))


@handles(wire.EndTurn, key=by_battle)
async def end_turn(caller: Caller, command: wire.EndTurn) -> wire.Committed:
    return await _act(caller, command.battle, inputs.EndTurn())


@handles(wire.Forfeit, key=by_battle)
async def forfeit(caller: Caller, command: wire.Forfeit) -> wire.Committed:
    return await _act(caller, command.battle, inputs.Forfeit())


@handles(Spectate, key=by_battle)
async def spectate(caller: Caller, command: Spectate) -> Outcome:
    watched = await services.spectate(character_id=caller.character_id, battle_id=command.battle)
    return Outcome(reply=watched, follow=(watched.stream,), unfollow=(EVERY_BATTLE,))


@handles(StopSpectating, key=by_battle)
async def stop_spectating(caller: Caller, command: StopSpectating) -> Outcome:
    await services.stop_spectating(character_id=caller.character_id, battle_id=command.battle)
    return Outcome(reply=Done(), unfollow=(stream_name(command.battle),))


async def _act(caller: Caller, battle_id: int, intent: engine.Input) -> wire.Committed:
    asked = services.Asked(caller.character_id, intent, caller.receipt, caller.on)
    return await services.act(battle_id, asked)
