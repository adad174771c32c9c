"""The laws of battle, as checks of a state, of what an input caused, and of a whole fight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.board import distance, is_walkable, move_cost
from apps.combat.engine.stats import has_state, stat

from .cast import Fight, of_type
from .projection import project

AUDIENCES = tuple(map(engine.Audience, ("team:0", "team:1", "spectator", "omniscient")))
JUMPS = ("teleport", "swap", "teleport_back")
EVENTS_MAX = 500


def check_state(battle: engine.Battle, *, stacks_max: int = 3) -> None:
    living = [each for each in battle.combatants if each.is_alive]
    assert len({each.cell for each in living}) == len(living)
    assert len({each.id for each in battle.combatants}) == len(battle.combatants)
    for each in battle.combatants:
        assert is_walkable(battle.header.board, each.cell)
        assert 0 <= each.hp <= each.hp_max
        assert 0 <= each.ap <= 12
        assert 0 <= each.mp <= 8
        assert each.is_alive == (each.hp > 0)
        assert each.is_alive or not each.effects
        assert each.is_alive or not each.is_hidden
        assert all(effect.value >= 0 for effect in each.effects if effect.kind == "shield")
        assert all(effect.stacks <= stacks_max for effect in each.effects)
        assert not each.is_linked or not each.is_alive or battle.of(each.owner).is_alive
    if battle.turn_owner:
        assert battle.of(battle.turn_owner).is_alive
    check_fields(battle)


def check_fields(battle: engine.Battle) -> None:
    """Fields lie on ground, each has a name of its own, and nobody has more of a kind than three."""
    assert len({(field.kind, field.id) for field in battle.fields}) == len(battle.fields)
    for field in battle.fields:
        assert all(is_walkable(battle.header.board, cell) for cell in field.cells)
        alike = [
            other for other in battle.fields if (other.skill, other.source) == (field.skill, field.source)
        ]
        assert len(alike) <= 3


def check_events(before: engine.Battle, after: engine.Battle, events: tuple[Any, ...]) -> None:
    assert len(events) <= EVENTS_MAX
    assert engine.fold(before, events) == after
    for event in of_type(events, e.Damaged):
        met = event.absorbed + event.redirected + event.lost
        assert 0 <= met <= event.amount
        assert met == event.amount or event.hp == 0
    battle = before
    for event in events:
        check_motion(battle, event)
        check_fired(battle, event)
        check_fallen(battle, event)
        battle = engine.apply(battle, event)


def check_motion(battle: engine.Battle, event: Any) -> None:
    """Nobody passes through anybody, and a diagonal step does not squeeze between two blockers."""
    if not isinstance(event, e.Displaced | e.Moved) or getattr(event, "cause", "") in JUMPS:
        return
    path = (battle.of(event.who).cell, *event.path)
    for one, other in pairwise(path):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) == 1
        standing = battle.standing_on(other)
        assert standing is None or standing.id == event.who
        assert isinstance(event, e.Displaced) or distance(one, other) == 1


def check_fallen(battle: engine.Battle, event: Any) -> None:
    """Who has fallen has no turn, does nothing, and is met by nothing but what raises it."""
    match event:
        case e.TurnStarted(who=who) | e.Moved(who=who) | e.SkillCast(who=who):
            assert battle.of(who).is_alive
        case e.Damaged(who=who) | e.Healed(who=who) | e.EffectApplied(who=who) | e.Displaced(who=who):
            assert battle.of(who).is_alive
        case e.Revived(who=who) | e.TombstonePassed(who=who):
            assert not battle.of(who).is_alive
        case _:
            pass
    if isinstance(event, e.SkillCast) and event.target:
        assert battle.of(event.target).is_alive


def check_fired(battle: engine.Battle, event: Any) -> None:
    """What fires is there, and meets somebody who lives and stands in it."""
    if isinstance(event, e.FieldFired):
        assert event.field in battle.fields
        if event.who:
            assert battle.of(event.who).is_alive
            assert battle.of(event.who).cell in event.field.cells


def check_losses(fight: Fight) -> None:
    """What was lost and regained is the difference of hit points; who is only called, or fled, aside."""
    for each in fight.battle.combatants[: len(fight.header.builds)]:
        if each.has_fled:
            continue
        lost = sum(event.lost for event in of_type(fight.events, e.Damaged) if event.who == each.id)
        healed = sum(event.amount for event in of_type(fight.events, e.Healed) if event.who == each.id)
        risen = sum(event.hp for event in of_type(fight.events, e.Revived) if event.who == each.id)
        assert fight.header.builds[each.slot].hp_max - lost + healed + risen == each.hp


def check_turns(fight: Fight) -> None:
    """Everybody who is in the order when a round begins comes up exactly once in it, nobody twice."""
    passed: list[int] = []
    expected: set[int] = set()
    order: tuple[int, ...] = ()
    for event in fight.events:
        match event:
            case e.FightStarted():
                order = event.timeline
            case e.Summoned():
                order = event.timeline
            case e.RoundStarted():
                assert expected <= set(passed)
                passed, expected = [], set(order)
            case e.TurnStarted() | e.TombstonePassed():
                assert event.who not in passed
                passed.append(event.who)


def check_limits(fight: Fight) -> None:
    """No skill is cast more often than its content allows: by turn, by target, by battle, by its rest.

    None that is the use of an item is cast more often than the item was brought.
    """
    brought = {
        (build.id, slot.id): slot.uses for build in fight.battle.builds for slot in build.skills if slot.item
    }
    used: dict[tuple[int, str], list[int]] = {}
    turns: dict[int, int] = {}
    met: Counter[tuple[int, str, int, int]] = Counter()
    for event in fight.events:
        if isinstance(event, e.TurnStarted):
            turns[event.who] = event.turns
        elif isinstance(event, e.SkillCast):
            limits = fight.rulebook.skills[event.skill].limits
            mine = used.setdefault((event.who, event.skill), [])
            assert len(mine) < brought.get((event.who, event.skill), len(mine) + 1)
            turn = turns[event.who]
            assert not limits.per_turn or mine.count(turn) < limits.per_turn
            assert not limits.per_fight or len(mine) < limits.per_fight
            assert not mine or turn - mine[-1] >= limits.cooldown
            mine.append(turn)
            if event.target:
                met[event.who, event.skill, turn, event.target] += 1
                times = met[event.who, event.skill, turn, event.target]
                assert not limits.per_target or times <= limits.per_target


def check_costs(fight: Fight) -> None:
    """Points spent are exactly the costs of skills and of ground, and the tolls of leaving."""
    left: dict[int, tuple[int, int]] = {}
    battle = engine.reopen(fight.header, fight.rulebook)
    for event in fight.events:
        if isinstance(event, e.PointsChanged | e.Revived):
            left[event.who] = (event.ap, event.mp) if isinstance(event, e.PointsChanged) else (0, 0)
        elif isinstance(event, e.SkillCast):
            skill = fight.rulebook.skills[event.skill]
            assert (event.ap, event.mp) == (left[event.who][0] - skill.ap, left[event.who][1] - skill.mp)
            left[event.who] = event.ap, event.mp
        elif isinstance(event, e.Moved):
            assert event.mp == left[event.who][1] - price_of(battle, event)
            assert event.mp >= 0
            left[event.who] = left[event.who][0], event.mp
        battle = engine.apply(battle, event)


def price_of(battle: engine.Battle, event: e.Moved) -> int:
    """Return what a walk costs: each cell entered, and the toll of each cell left."""
    walker, price = battle.of(event.who), 0
    for cell, following in pairwise((walker.cell, *event.path)):
        price += move_cost(battle.header.board, following) + toll_by_hand(battle, walker, cell)
    return price


def toll_by_hand(battle: engine.Battle, walker: engine.Combatant, cell: tuple[int, int]) -> int:
    """Reckon the toll from its table, as the rules state it."""
    evade, toll = stat(battle, walker, "evade"), 0
    for other in battle.combatants:
        is_able = other.is_alive and not other.is_hidden and not has_state(other, "stun")
        is_thing = battle.build(other).kind == "object"
        if other.team == walker.team or is_thing or not is_able or distance(other.cell, cell) != 1:
            continue
        over = stat(battle, other, "grip") - evade
        toll += 0 if over <= -10 else 1 if over < 0 else min(3, 1 + over // 10)
    return min(4, toll)


def check_shown(shown: dict[engine.Audience, Any], battle: engine.Battle, events: Sequence[Any]) -> None:
    """Whoever follows the events of its audience sees what a look at the battle shows; `shown` goes on."""
    for audience in AUDIENCES:
        for event in engine.view_events(events, battle, audience):
            shown[audience] = project(shown[audience], event)
        assert shown[audience] == engine.view(battle, audience)


def check_stored(battle: engine.Battle) -> None:
    """A battle is the same after it was written down."""
    assert msgspec.json.decode(msgspec.json.encode(battle), type=engine.Battle) == battle


def check_again(fight: Fight) -> None:
    """The log alone gives the same battle again, and every receipt follows the one before."""
    again = engine.replay(fight.battle.header, fight.log, fight.rulebook, fight.seed)
    assert again.events == tuple(fight.events)
    assert engine.state_hash(again.battle) == engine.state_hash(fight.battle)
    drawn: dict[str, int] = {}
    for roll in of_type(fight.events, e.Rolled):
        assert roll.index == drawn.get(roll.stream, 0)
        drawn[roll.stream] = roll.next_index
    assert {known.stream: known.index for known in fight.battle.streams} == drawn
