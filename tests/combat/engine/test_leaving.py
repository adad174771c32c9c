"""Giving up, losing the connection, being away: a battle goes on, and ends only by its rules."""

from __future__ import annotations

import pytest

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.inputs import (
    SYSTEM,
    Abandon,
    Cast,
    Disconnect,
    EndTurn,
    Forfeit,
    Ready,
    Reconnect,
    TurnTimeout,
)

from .cast import Fight, hero, monster, of_type, rules


def duel() -> Fight:
    return Fight(hero("anchorite", character_id=1), hero("kitewright", character_id=2, team=1)).start()


def teams() -> Fight:
    builds = [hero("anchorite", character_id=n, team=n // 4) for n in (1, 2, 3, 4)]
    return Fight(*builds).start()


def test_in_a_duel_forfeit_ends_it_at_once() -> None:
    fight = duel()
    (ended,) = fight.give(fight.who(1).id, Forfeit())
    assert (ended.winner, ended.reason) == (0, "forfeit")


def test_a_team_gives_up_by_majority_and_not_in_the_first_round() -> None:
    fight = teams()
    with pytest.raises(refusals.TooEarly):
        fight.give(fight.who(0).id, Forfeit())
    while fight.battle.round < 2:
        fight.do(EndTurn())
    fight.give(fight.who(0).id, Forfeit())
    with pytest.raises(refusals.NotAllowed):
        fight.give(fight.who(0).id, Forfeit())
    assert fight.battle.phase == "fighting"
    fight.give(fight.who(1).id, Forfeit())
    assert (fight.battle.winner, fight.battle.end_reason) == (1, "forfeit")


def test_against_monsters_one_flees_and_the_others_fight_on() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2),
        monster("mud_skitter"),
        mode="pve",
    ).start()
    fight.skip_to(0)
    fight.do(Forfeit())
    assert fight.who(0).has_fled
    assert fight.battle.turn_owner not in (0, fight.who(0).id)
    with pytest.raises(refusals.NotAlive):
        fight.give(fight.who(0).id, Forfeit())
    fight.give(fight.who(1).id, Forfeit())
    assert fight.battle.winner == 1
    assert [result.outcome for result in fight.battle.results] == ["loss", "loss", "win"]
    assert engine.spoils(fight.battle, rules()) == ()


def test_who_flees_unseen_is_shown_where_it_was() -> None:
    """A snapshot shows who has fled in its cell; who has watched from the beginning has to know it too."""
    fight = Fight(hero("hollowpiper", character_id=1, level=10), monster("ash_gull", 6), mode="pve").start()
    fight.skip_to(0)
    fight.do(Cast("fade", fight.who(0).cell))
    fight.do(EndTurn())
    events = fight.give(fight.who(0).id, Forfeit())
    assert [type(event) for event in events[:2]] == [e.Appeared, e.Fled]
    assert events[0].cell == fight.who(0).cell


def test_who_flees_before_the_start_holds_up_nobody() -> None:
    fight = Fight(
        hero("anchorite", character_id=1),
        hero("anchorite", character_id=2),
        monster("mud_skitter"),
        mode="pve",
    )
    fight.give(fight.who(0).id, Ready())
    fight.give(fight.who(1).id, Forfeit())
    assert fight.battle.phase == "fighting"


def test_a_timeout_ends_the_turn_and_does_nothing_else() -> None:
    fight = duel()
    owner = fight.battle.turn_owner
    events = fight.give(SYSTEM, TurnTimeout())
    assert of_type(events, e.TurnEnded)[0].who == owner
    assert not of_type(events, e.SkillCast)
    assert fight.battle.turn_owner != owner
    with pytest.raises(refusals.NotAllowed):
        fight.do(TurnTimeout())


def test_two_missed_turns_hand_over_to_the_ai_until_the_player_is_back() -> None:
    fight = duel()
    fight.skip_to(0)
    fight.give(SYSTEM, Disconnect(fight.who(0).id))
    for expected in ("human", "afk"):
        fight.skip_to(0)
        fight.give(SYSTEM, TurnTimeout())
        assert fight.who(0).controller == expected
    fight.skip_to(0)
    found = engine.House(rules(), fight.dice).next_input(fight.battle)
    assert found is not None
    assert found[0] == fight.who(0).id
    fight.give(SYSTEM, Reconnect(fight.who(0).id))
    assert (fight.who(0).controller, fight.who(0).skipped) == ("human", 0)
    assert engine.House(rules(), fight.dice).next_input(fight.battle) is None


def test_the_stand_in_keeps_the_distance_of_its_first_skill() -> None:
    fight = duel()
    fight.skip_to(1)
    fight.set(0, cell=(6, 4))
    fight.set(1, cell=(4, 4), controller="afk", mp=3)
    found = engine.House(rules(), fight.dice).next_input(fight.battle)
    assert isinstance(found[1], Cast)


def test_a_present_player_who_dawdles_keeps_control() -> None:
    fight = duel()
    for _ in range(6):
        fight.give(SYSTEM, TurnTimeout())
    assert [each.controller for each in fight.battle.combatants] == ["human", "human"]


def test_a_side_that_is_gone_has_lost() -> None:
    fight = duel()
    with pytest.raises(refusals.NotAllowed):
        fight.give(fight.who(0).id, Abandon(1))
    with pytest.raises(refusals.NotAllowed):
        fight.give(SYSTEM, Abandon(7))
    (ended,) = fight.give(SYSTEM, Abandon(0))
    assert (ended.winner, ended.reason) == (1, "abandoned")
    with pytest.raises(refusals.WrongPhase):
        fight.give(SYSTEM, Abandon(1))
    with pytest.raises(refusals.WrongPhase):
        fight.give(fight.who(0).id, Forfeit())


def test_connections_are_reported_once_and_only_by_the_system() -> None:
    fight = duel()
    who = fight.who(0).id
    with pytest.raises(refusals.NotAllowed):
        fight.give(who, Disconnect(who))
    with pytest.raises(refusals.NotAllowed):
        fight.give(SYSTEM, Reconnect(who))
    fight.give(SYSTEM, Disconnect(who))
    with pytest.raises(refusals.NotAllowed):
        fight.give(SYSTEM, Disconnect(who))
    with pytest.raises(refusals.UnknownCombatant):
        fight.give(SYSTEM, Disconnect(5))


def three_against_one() -> Fight:
    """Three against one, in the second round: their votes count."""
    mine = [hero("anchorite", character_id=n) for n in (1, 2, 3)]
    fight = Fight(*mine, hero("anchorite", character_id=9, team=1)).start()
    while fight.battle.round < 2:
        fight.do(EndTurn())
    return fight


def test_a_vote_to_give_up_counts_again_when_others_lose_their_connection() -> None:
    fight = three_against_one()
    fight.give(fight.who(0).id, Forfeit())
    fight.give(SYSTEM, Disconnect(fight.who(1).id))
    assert fight.battle.phase == "fighting"
    fight.give(SYSTEM, Disconnect(fight.who(2).id))
    assert (fight.battle.winner, fight.battle.end_reason) == (1, "forfeit")


def test_a_vote_of_somebody_who_is_gone_counts_once_it_is_back() -> None:
    fight = three_against_one()
    fight.give(fight.who(0).id, Forfeit())
    fight.give(SYSTEM, Disconnect(fight.who(0).id))
    fight.give(fight.who(1).id, Forfeit())
    assert fight.battle.phase == "fighting"
    fight.give(SYSTEM, Reconnect(fight.who(0).id))
    assert (fight.battle.winner, fight.battle.end_reason) == (1, "forfeit")


def test_nobody_left_is_no_majority() -> None:
    fight = three_against_one()
    for slot in (0, 1, 2):
        fight.give(SYSTEM, Disconnect(fight.who(slot).id))
    assert fight.battle.phase == "fighting"
