"""Parties against parties: who asks whom, that all who were named fight, and how a team gives up."""

from __future__ import annotations

import pytest

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.live import redis
from aether.protocol import combat as wire
from apps.chat import services as chat
from apps.combat import selectors
from apps.combat.engine.refusals import NotYourTurn, TooEarly
from apps.combat.errors import (
    ChallengeGoneError,
    ChallengeOpenError,
    NotInSameZoneError,
    OtherPartyNotReadyError,
    PartyLeaderNeededError,
    PartyNotReadyError,
    TeamsChangedError,
)
from tests.combat.cast import accepted_by_one_who_dies, send, state_of
from tests.combat.company import ended, hunt_alone, party, standing
from tests.world import cast as world

pytestmark = pytest.mark.usefixtures("arena")


async def two_parties(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[list[int], list[int]]:
    return await in_database_thread(party, *first), await in_database_thread(party, *second)


async def asked(challenger: int, challenged: int) -> str:
    issued = await send(challenger, wire.ChallengeCharacter(character=challenged, party=True))
    assert isinstance(issued.reply, wire.ChallengeIssued)
    return issued.reply.challenge


async def end_turns(battle_id: int, count: int) -> None:
    for _ in range(count):
        state = await state_of(battle_id)
        await send(state.build(state.of(state.turn_owner)).character_id, wire.EndTurn(battle=battle_id))  # type: ignore[arg-type]


THREE = ("Cyrille", "Delphine", "Emile")


@pytest.mark.parametrize("sizes", [(("Alice", "Bastien"), THREE[:2]), (("Alice", "Bastien"), THREE)])
async def test_two_parties_fight_with_everybody(sizes: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    ours, theirs = await two_parties(*sizes)
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    assert await standing(battle_id) == dict.fromkeys(ours, 0) | dict.fromkeys(theirs, 1)
    for who in (*ours, *theirs):
        assert await in_database_thread(selectors.current_battle_id, who) == battle_id
    past = await in_database_thread(lambda: selectors.past_battles(ours[1], before=None, most=5))
    assert (past.battles[0].mode, past.battles[0].team) == ("team", 0)


async def test_one_member_alone_does_not_surrender_for_all() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    for who in (*ours, *theirs):
        await send(who, wire.Ready(battle=battle_id))
    with pytest.raises(TooEarly):
        await send(ours[0], wire.Forfeit(battle=battle_id))
    await end_turns(battle_id, 4)
    await send(ours[0], wire.Forfeit(battle=battle_id))
    assert (await state_of(battle_id)).phase == "fighting"
    await send(ours[1], wire.Forfeit(battle=battle_id))
    state = await state_of(battle_id)
    assert (state.phase, state.winner, state.end_reason) == ("ended", 1, "forfeit")
    await in_database_thread(facts.drain)
    fact = await ended()
    assert (fact.mode, fact.is_rewarded) == ("team", False)
    assert {each.character: each.outcome for each in fact.participants} == dict.fromkeys(
        ours, "lost"
    ) | dict.fromkeys(theirs, "won")
    await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))


async def test_a_challenge_whose_acceptor_died_before_dropping_it_is_in_no_partys_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    answered = wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0]))
    started = await accepted_by_one_who_dies(theirs[0], answered, monkeypatch)
    for who in (*ours, *theirs):
        await send(who, wire.Ready(battle=started.battle))
    await end_turns(started.battle, 4)
    for who in ours:
        await send(who, wire.Forfeit(battle=started.battle))
    await in_database_thread(facts.drain)
    with pytest.raises(ChallengeGoneError):
        await send(theirs[0], answered)
    again = await asked(ours[0], theirs[0])
    with pytest.raises(ChallengeOpenError):
        await asked(ours[0], theirs[0])
    await send(theirs[0], wire.AcceptChallenge(challenge=again))


async def test_only_leaders_of_two_parties_ask_and_are_asked() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    alone = await in_database_thread(world.character, "Zelie")
    wrong = [(ours[1], theirs[0]), (ours[0], theirs[1]), (ours[0], ours[1]), (ours[0], alone)]
    wrong += [(alone, ours[0]), (ours[0], ours[0])]
    for challenger, challenged in wrong:
        with pytest.raises(PartyLeaderNeededError):
            await asked(challenger, challenged)


async def test_everybody_has_to_be_there_and_free() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    await in_database_thread(world.put, theirs[1], world.MOOR, (5, 5))
    with pytest.raises(OtherPartyNotReadyError):
        await asked(ours[0], theirs[0])
    redis().zrem("presence", str(ours[1]))
    with pytest.raises(PartyNotReadyError) as refused:
        await asked(ours[0], theirs[0])
    assert refused.value.details == {"names": "Bastien"}


@pytest.mark.parametrize("how", ["offline", "elsewhere", "fighting"])
async def test_nobody_learns_what_becomes_of_those_of_another_party(how: str) -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    if how == "offline":
        redis().zrem("presence", str(theirs[1]))
    elif how == "elsewhere":
        await in_database_thread(world.put, theirs[1], world.MOOR, (5, 5))
    else:
        await in_database_thread(hunt_alone, theirs[1])
    with pytest.raises(OtherPartyNotReadyError) as refused:
        await asked(ours[0], theirs[0])
    assert not refused.value.details


async def test_a_leader_elsewhere_and_one_who_does_not_listen_are_refused_alike() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    redis().zrem("presence", str(theirs[1]))
    await in_database_thread(lambda: chat.block(character_id=theirs[0], name="Alice"))
    with pytest.raises(NotInSameZoneError):
        await asked(ours[0], theirs[0])
    await in_database_thread(lambda: chat.unblock(character_id=theirs[0], name="Alice"))
    await in_database_thread(world.put, theirs[0], world.MOOR, (5, 5))
    with pytest.raises(NotInSameZoneError):
        await asked(ours[0], theirs[0])


async def test_who_accepts_is_named_its_own_who_are_late() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    await in_database_thread(world.put, ours[0], world.MOOR, (5, 5))
    with pytest.raises(OtherPartyNotReadyError):
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))
    redis().zrem("presence", str(theirs[1]))
    with pytest.raises(PartyNotReadyError) as refused:
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))
    assert refused.value.details == {"names": "Delphine"}


async def test_who_was_named_fights_or_nobody() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien", "Emile"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    await in_database_thread(lambda: chat.remove_from_party(leader_id=ours[0], character_id=ours[2]))
    with pytest.raises(TeamsChangedError):
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))


async def test_a_member_does_not_accept_for_the_leader() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    for who in (theirs[1], ours[0], ours[1]):
        with pytest.raises(ChallengeGoneError):
            await send(who, wire.AcceptChallenge(challenge=challenge))


async def test_a_member_who_fights_meanwhile_keeps_the_parties_from_it() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    await in_database_thread(hunt_alone, ours[1])
    with pytest.raises(OtherPartyNotReadyError):
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))


async def test_a_member_acts_for_nobody_else() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    for who in (*ours, *theirs):
        await send(who, wire.Ready(battle=battle_id))
    state = await state_of(battle_id)
    owner = state.build(state.of(state.turn_owner)).character_id
    for who in {*ours, *theirs} - {owner}:
        with pytest.raises(NotYourTurn):
            await send(who, wire.EndTurn(battle=battle_id))
