"""Joining a battle while sides place themselves: who comes, where, and that it replays and proves itself."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.dice import seeds_logged, seeds_of
from apps.combat.engine.inputs import EndTurn, Forfeit, Join, Ready
from apps.combat.engine.refusals import NoRoom, NotAllowed, WrongPhase

from .cast import Fight, hero, monster, of_type
from .laws import check_events, check_state, check_turns
from .projection import project
from .random_play import random_fight, some_intent

FRIEND = hero("lampwarden", character_id=2)


def hunt() -> Fight:
    return Fight(hero("anchorite", character_id=1), monster("mud_skitter", 1), mode="pve")


def joined() -> Fight:
    fight = hunt()
    fight.give(engine.SYSTEM, Join(FRIEND))
    return fight


def test_who_joins_stands_on_a_free_cell_of_the_side_and_is_not_ready() -> None:
    fight = joined()
    friend = fight.who(2)
    assert friend.cell in fight.header.placement[0]
    assert friend.cell != fight.who(0).cell
    assert (friend.controller, friend.is_ready, friend.hp) == ("human", False, friend.hp_max)
    assert fight.battle.of_character(2) == friend


def test_the_fight_waits_for_who_joined() -> None:
    fight = joined()
    fight.give(fight.who(0).id, Ready("aa"))
    assert fight.battle.phase == "placement"
    fight.give(fight.who(2).id, Ready("bb"))
    assert fight.battle.phase == "fighting"
    assert fight.who(2).id in fight.battle.timeline


def test_nobody_joins_a_fight_that_has_begun() -> None:
    fight = hunt().start()
    with pytest.raises(WrongPhase):
        fight.give(engine.SYSTEM, Join(FRIEND))


def test_nobody_joins_twice_or_without_company_or_by_oneself() -> None:
    fight = joined()
    with pytest.raises(NotAllowed):
        fight.give(engine.SYSTEM, Join(FRIEND))
    with pytest.raises(NotAllowed):
        fight.give(engine.SYSTEM, Join(replace(hero("anchorite", character_id=3), team=1)))
    with pytest.raises(NotAllowed):
        fight.give(engine.SYSTEM, Join(monster("mud_skitter", 1)))
    with pytest.raises(NotAllowed):
        fight.give(fight.who(0).id, Join(hero("anchorite", character_id=3)))


def test_a_side_without_a_free_cell_takes_nobody() -> None:
    fight = hunt()
    cells = fight.header.placement[0]
    header = replace(fight.header, placement=(cells[:1], fight.header.placement[1]))
    fight.battle = replace(fight.battle, header=header)
    with pytest.raises(NoRoom):
        fight.give(engine.SYSTEM, Join(FRIEND))


def test_who_joined_has_a_result_and_a_seed_of_its_own() -> None:
    fight = joined()
    fight.give(fight.who(2).id, Ready("bb"))
    fight.give(fight.who(0).id, Ready("aa"))
    assert [(each.character_id, each.seed) for each in seeds_of(fight.battle)] == [(1, "aa"), (2, "bb")]
    assert seeds_logged(fight.header, fight.events) == seeds_of(fight.battle)  # type: ignore[arg-type]
    for slot in (0, 2):
        fight.give(fight.who(slot).id, Forfeit())
    assert {result.who for result in fight.battle.results} == {each.id for each in fight.battle.combatants}


def test_ids_of_joiners_are_drawn_and_differ() -> None:
    fight = joined()
    fight.give(engine.SYSTEM, Join(hero("anchorite", character_id=3)))
    ids = [each.id for each in fight.battle.combatants]
    assert len(set(ids)) == len(ids)
    assert not of_type(fight.events, e.Rolled)
    other = Fight(*fight.header.builds[:2], mode="pve", seed=b"another" * 4)
    other.give(engine.SYSTEM, Join(FRIEND))
    assert other.who(2).id != fight.who(2).id


def test_a_battle_that_somebody_joined_replays_and_its_dice_are_fair() -> None:
    fight = joined()
    for slot in (0, 2):
        fight.give(fight.who(slot).id, Ready("aa"))
    for _ in range(6):
        automatic = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
        fight.give(*automatic) if automatic else fight.do(EndTurn())
    again = engine.replay(fight.header, fight.log, fight.rulebook, fight.seed)
    assert engine.state_hash(again.battle) == engine.state_hash(fight.battle)
    assert again.events == tuple(fight.events)
    for slot in (0, 2):
        fight.give(fight.who(slot).id, Forfeit())
    reveal = engine.reveal(fight.header, fight.events, server_seed=fight.seed, log_hash="0" * 64)  # type: ignore[arg-type]
    assert list(engine.dice_problems(reveal)) == []


def test_what_is_told_of_a_joiner_is_what_a_snapshot_shows_and_skills_stay_with_the_team() -> None:
    fight = hunt()
    before = engine.view(fight.battle, engine.Audience("team:0"))
    (event,) = fight.give(engine.SYSTEM, Join(FRIEND))
    assert project(before, event) == engine.view(fight.battle, engine.Audience("team:0"))
    shown = engine.view_event(event, fight.battle, engine.SPECTATOR)  # type: ignore[arg-type]
    assert isinstance(shown, e.Joined)
    assert shown.combatant.skills == ()


@pytest.mark.parametrize("number", range(6))
def test_whatever_happens_the_laws_hold_for_who_joined(number: int) -> None:
    fight, chance = random_fight(number), Random(number)
    fight.give(engine.SYSTEM, Join(hero("hollowpiper", character_id=50, level=9)))
    while fight.battle.phase != "ended":
        before = fight.battle
        try:
            events = fight.give(*some_intent(fight, chance))
        except engine.Refusal:
            continue
        check_events(before, fight.battle, events)
        check_state(fight.battle)
    check_turns(fight)
    log = msgspec.json.decode(msgspec.json.encode(fight.log), type=list[engine.LoggedInput])
    again = engine.replay(fight.header, log, fight.rulebook, fight.seed)
    assert again.events == tuple(fight.events)
    assert len(fight.battle.results) == len(fight.header.builds) + 1
