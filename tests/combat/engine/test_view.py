"""Nobody sees what is not theirs to see: dice, seeds, hashes of hidden state, others' skills."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.inputs import Cast, EndTurn, Forfeit, Ready

from .cast import SERVER_SEED, Fight, hero, of_type

TEAM_0, TEAM_1 = engine.Audience("team:0"), engine.Audience("team:1")


def duel() -> Fight:
    fight = Fight(hero("anchorite", character_id=1), hero("anchorite", character_id=2, team=1))
    fight.give(fight.who(0).id, Ready("aa11"))
    fight.give(fight.who(1).id, Ready("bb22"))
    fight.skip_to(0)
    fight.do(Cast("brace", fight.who(0).cell))
    fight.do(EndTurn())
    return fight


def test_audiences_are_the_teams_with_humans_and_the_spectators() -> None:
    battle = duel().battle
    assert engine.audiences(battle) == (TEAM_0, TEAM_1, engine.SPECTATOR)
    assert engine.audience_of(battle, 2) == TEAM_1
    assert engine.audience_of(battle, 99) == engine.SPECTATOR


@pytest.mark.parametrize("audience", [TEAM_0, TEAM_1, engine.SPECTATOR])
def test_dice_and_seeds_and_hashes_stay_secret(audience: engine.Audience) -> None:
    fight = duel()
    seen = engine.view_events(fight.events, fight.battle, audience)
    assert not of_type(seen, e.Rolled)
    assert {event.seed for event in of_type(seen, e.Readied)} == {""}
    assert {event.state_hash for event in of_type(seen, e.TurnEnded)} == {""}
    wire = msgspec.json.encode([seen, engine.view(fight.battle, audience)]).decode()
    for secret in ("aa11", "bb22", SERVER_SEED.hex(), '"order"', "next_index"):
        assert secret not in wire


def test_cooldowns_and_skills_are_the_own_teams_business() -> None:
    fight = duel()
    mine, theirs = (engine.view(fight.battle, audience).combatants[0] for audience in (TEAM_0, TEAM_1))
    assert mine.uses[0].skill == "brace"
    assert (theirs.uses, theirs.skills) == ((), ())
    casts = [
        of_type(engine.view_events(fight.events, fight.battle, audience), e.SkillCast)[0].ready_at
        for audience in (TEAM_0, TEAM_1, engine.SPECTATOR)
    ]
    assert casts == [fight.who(0).turns + 3, 0, 0]


@pytest.mark.parametrize("audience", [TEAM_1, engine.SPECTATOR])
def test_two_battles_that_differ_in_hidden_facts_look_the_same(audience: engine.Audience) -> None:
    battle = duel().battle
    other = replace(battle.combatants[0], uses=())
    hidden = replace(battle, combatants=(other, battle.combatants[1]), streams=(), client_seeds=())
    assert engine.view(hidden, audience) == engine.view(battle, audience)


def test_a_teams_vote_to_give_up_is_its_own_secret() -> None:
    fight = Fight(*(hero("anchorite", character_id=n, team=n // 3) for n in (1, 2, 3, 4))).start()
    while fight.battle.round < 2:
        fight.do(EndTurn())
    events = fight.give(fight.who(0).id, Forfeit())
    told = {
        audience: len(engine.view_events(events, fight.battle, audience)) for audience in (TEAM_0, TEAM_1)
    }
    assert told == {TEAM_0: 1, TEAM_1: 0}
    assert engine.view(fight.battle, TEAM_1).forfeit_votes == ()
    assert engine.view(fight.battle, TEAM_0).forfeit_votes == (fight.who(0).id,)


def test_the_omniscient_see_everything() -> None:
    fight = duel()
    assert engine.view_events(fight.events, fight.battle, engine.OMNISCIENT) == fight.events


def test_the_reveal_comes_after_the_end_and_proves_the_dice() -> None:
    fight = duel()
    with pytest.raises(ValueError, match="secret"):
        engine.reveal(fight.header, fight.events, server_seed=SERVER_SEED, log_hash="")
    fight.give(fight.who(0).id, Forfeit())
    reveal = engine.reveal(fight.header, fight.events, server_seed=SERVER_SEED, log_hash="ff")
    assert [seed.seed for seed in reveal.client_seeds] == ["aa11", "bb22"]
    assert list(reveal.rolls) == of_type(fight.events, e.Rolled)
