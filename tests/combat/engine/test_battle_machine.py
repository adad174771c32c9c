"""Battles as a machine that Hypothesis drives: any order of inputs keeps the laws, and what breaks one
shrinks to the shortest battle that does.

The examples are the same in every run; a failure prints the steps, and the blob that repeats them.
"""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import inputs as i
from apps.combat.engine.ai import EVALUATIONS_MAX, choose
from apps.combat.engine.board import STEPS

from .cast import Fight, hero, monster, of_type, rules, supplied
from .laws import (
    AUDIENCES,
    check_again,
    check_costs,
    check_events,
    check_limits,
    check_losses,
    check_shown,
    check_state,
    check_stored,
    check_turns,
)
from .random_play import CLASSES, MONSTERS

ROUNDS_MAX = 40
cells = st.tuples(st.integers(-1, 12), st.integers(-1, 10))
anybody = st.integers(0, 6)


class BattleMachine(RuleBasedStateMachine):
    fight: Fight

    @initialize(
        mine=st.lists(st.sampled_from(CLASSES), min_size=1, max_size=2),
        theirs=st.lists(st.sampled_from([*CLASSES, *MONSTERS]), min_size=1, max_size=2),
        level=st.integers(1, 30),
        seed=st.binary(min_size=32, max_size=32),
    )
    def begin(self, mine: list[str], theirs: list[str], level: int, seed: bytes) -> None:
        ours = [supplied(hero(name, character_id=n + 1, level=level, ember=9)) for n, name in enumerate(mine)]
        others = [self._other(name, n, level) for n, name in enumerate(theirs)]
        mode = "pvp" if all(build.character_id is not None for build in others) else "pve"
        self.fight = Fight(*ours, *others, mode=mode, seed=seed)
        self.shown = {each: engine.view(self.fight.battle, each) for each in AUDIENCES}
        self._give(engine.SYSTEM, i.PlacementTimeout())

    @staticmethod
    def _other(name: str, number: int, level: int) -> engine.Build:
        if name in CLASSES:
            return supplied(hero(name, character_id=number + 11, team=1, level=level))
        return monster(name, level)

    @precondition(lambda self: self.fight.battle.phase == "fighting")
    @rule()
    def think(self) -> None:
        """What the house chooses is legal, within its budget, and the same when it thinks again."""
        battle = self.fight.battle
        choice = choose(battle, battle.turn_owner, rules(), self.fight.dice)
        assert choice == choose(battle, battle.turn_owner, rules(), self.fight.dice)
        assert choice.evaluations <= EVALUATIONS_MAX
        assert self._give(battle.turn_owner, choice.intent)

    @precondition(lambda self: self.fight.battle.phase == "fighting")
    @rule(number=st.integers(0, 9), aim=cells | anybody)
    def cast(self, number: int, aim: Any) -> None:
        battle = self.fight.battle
        skills = battle.build(battle.of(battle.turn_owner)).skills
        cell = self._somebody(aim).cell if isinstance(aim, int) else aim
        self._give(battle.turn_owner, i.Cast(skills[number % len(skills)].id, cell))

    @precondition(lambda self: self.fight.battle.phase == "fighting")
    @rule(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
    def walk(self, steps: list[tuple[int, int]]) -> None:
        battle = self.fight.battle
        path = [battle.of(battle.turn_owner).cell]
        for dx, dy in steps:
            path.append((path[-1][0] + dx, path[-1][1] + dy))
        self._give(battle.turn_owner, i.Move(tuple(path[1:])))

    @rule(who=anybody)
    def end_turn(self, who: int) -> None:
        self._give(self.fight.battle.turn_owner or self._somebody(who).id, i.EndTurn())

    @rule()
    def run_out_of_time(self) -> None:
        self._give(engine.SYSTEM, i.TurnTimeout())

    @rule(who=anybody, is_back=st.booleans())
    def come_or_go(self, who: int, is_back: bool) -> None:
        kind = i.Reconnect if is_back else i.Disconnect
        self._give(engine.SYSTEM, kind(self._somebody(who).id))

    @rule(who=anybody, intent=st.sampled_from([i.Place((0, 4)), i.Ready("ff"), i.Follow(0, (0, 0))]))
    def send_at_the_wrong_moment(self, who: int, intent: Any) -> None:
        self._give(self._somebody(who).id, intent)

    @rule(who=anybody)
    def give_up(self, who: int) -> None:
        self._give(self._somebody(who).id, i.Forfeit())

    @rule()
    def store_and_load(self) -> None:
        """A battle goes on the same after it was written down."""
        check_stored(self.fight.battle)
        stored = msgspec.json.encode(self.fight.battle)
        self.fight.battle = msgspec.json.decode(stored, type=engine.Battle)

    @invariant()
    def keeps_the_laws(self) -> None:
        battle = self.fight.battle
        check_state(battle)
        assert battle.round <= ROUNDS_MAX
        assert (battle.phase == "ended") == bool(battle.results)

    def teardown(self) -> None:
        """The log alone gives the same battle again, every receipt follows the one before."""
        if not hasattr(self, "fight"):
            return
        fight = self.fight
        for law in (check_losses, check_turns, check_limits, check_costs):
            law(fight)
        check_again(fight)

    def _somebody(self, number: int) -> engine.Combatant:
        return self.fight.battle.combatants[number % len(self.fight.battle.combatants)]

    def _give(self, actor: int, intent: Any) -> bool:
        """Send something; what is refused has changed nothing, what is not shows to everybody in step."""
        fight = self.fight
        before, hashed = fight.battle, engine.state_hash(fight.battle)
        try:
            events = fight.give(actor, intent)
        except engine.Refusal:
            assert fight.battle is before
            assert engine.state_hash(before) == hashed
            return False
        check_events(before, fight.battle, events)
        assert not any(event.reason == "engine_fault" for event in of_type(events, e.BattleEnded))
        check_shown(self.shown, fight.battle, events)
        return True


BattleMachine.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_any_battle_keeps_the_laws = BattleMachine.TestCase
