"""The AI's short cuts cut nothing off: it chooses as if it looked at everything, and as it did before."""

from __future__ import annotations

import hashlib
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from aether.protocol.combat_values import Cell
from apps.combat import engine
from apps.combat.balance.duels import Fighter, at_level, fight
from apps.combat.engine import casting
from apps.combat.engine.ai import EVALUATIONS_MAX, bounds, choose, gains, house, score, search
from apps.combat.engine.ai.bounds import UNKNOWN
from apps.combat.engine.definitions import Single
from apps.combat.engine.events import ControllerChanged
from apps.combat.engine.inputs import Cast

from .lab import DAMAGE, lab, trick
from .random_play import CLASSES, random_fight
from .test_recorded_battles import recorded_rules

CHOICES = Path(__file__).parent / "recorded" / "choices.json"
PAIRS = tuple(combinations_with_replacement(CLASSES, 2))


class WorkedOutAnew(gains.Gains):
    """What an aim brings, found from every place as if from the first."""

    most = property(lambda _: None, lambda *_: None)

    def of(self, stand: Cell, to: Cell, away: int) -> int:
        skill = self._means.skill
        met = () if self._aim.met is None else ((self._aim.met, 0),)
        if not isinstance(skill.shape, Single):
            met = score.covered(self._mind, skill, stand, to)
        return self._scored(met, stand, to)


@pytest.mark.parametrize("number", range(8))
def test_bounds_hide_no_better_choice(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fight = random_fight(number).start()
    for _ in range(60):
        if fight.battle.phase != "fighting":
            break
        owner = fight.battle.turn_owner
        chosen = choose(fight.battle, owner, fight.rulebook, fight.dice)
        with monkeypatch.context() as patched:
            patched.setattr(bounds.Bound, "of", lambda *_: UNKNOWN)
            patched.setattr(search, "gains_of", WorkedOutAnew)
            unbounded = choose(fight.battle, owner, fight.rulebook, fight.dice)
        assert chosen.evaluations <= unbounded.evaluations <= EVALUATIONS_MAX
        assert chosen.intent == unbounded.intent
        fight.do(chosen.intent)


@pytest.mark.parametrize(
    "shape", [{"type": "circle", "n": 2}, {"type": "line", "n": 3}, {"type": "cone", "n": 2}]
)
def test_the_taunted_choose_what_the_rules_allow(
    shape: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was worked out once about whom they may meet holds for every aim from every place."""
    fight = lab({"type": "state", "filter": "enemy", "state": "taunt", "duration": 9})
    trick(fight)
    fight.skip_to(2)
    fight.teach(2, DAMAGE, target=["cell"], shape=shape, range={"min": 1, "max": 3})
    chance, casts = Random(7), 0
    for _ in range(80):
        cells = chance.sample([(x, y) for x in range(3, 8) for y in range(3, 8)], 4)
        for slot, cell in enumerate(cells):
            fight.set(slot, cell=cell, began_at=cell)
        battle, rulebook = fight.battle, fight.rulebook
        chosen = choose(battle, battle.turn_owner, rulebook, fight.dice)
        with monkeypatch.context() as patched:
            patched.setattr(search, "check_taunt", lambda *asked: casting.check_taunt(*asked[:4]))
            assert chosen == choose(battle, battle.turn_owner, rulebook, fight.dice)
        if isinstance(chosen.intent, Cast):
            skill = rulebook.skills[chosen.intent.skill]
            casting.check_taunt(battle, battle.of(battle.turn_owner), skill, chosen.intent.cell)
            casts += 1
    assert casts


def test_a_turn_shares_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many decisions a turn takes; the first ones leave something to the later ones."""
    budget = 24
    monkeypatch.setattr(house, "EVALUATIONS_MAX", budget)
    spent: list[list[int]] = []
    for number in range(4):
        fight = random_fight(number).start()
        fight.battle = engine.fold(
            fight.battle, [ControllerChanged(each.id, "afk") for each in fight.battle.combatants]
        )
        player, turn = engine.House(fight.rulebook, fight.dice), 0
        while fight.battle.phase == "fighting" and fight.battle.round < 6:
            found = player.next_input(fight.battle)
            assert found is not None
            if fight.battle.turn != turn:
                turn = fight.battle.turn
                spent.append([])
            spent[-1].append(player.evaluations - sum(spent[-1]))
            fight.give(*found)
    assert all(sum(turn) <= budget for turn in spent)
    assert any(turn[0] == budget // 2 and sum(turn) > turn[0] for turn in spent)


def duels(rules: engine.Rulebook) -> dict[str, str]:
    """Return for pairs of the recorded content what some duels between them came to."""
    pairs = [(Fighter(one, level), Fighter(other, level)) for one, other in PAIRS for level in (5, 20)]
    for name in sorted(rules.monsters):
        of = at_level(name, 15, rules)
        pairs += [(Fighter(CLASSES[of.level % len(CLASSES)], of.level), of)]
    return {
        f"{one} {other}": _digest([fight(one, other, n, "golden", rules) for n in (0, 1)])
        for one, other in pairs
    }


def _digest(outcomes: object) -> str:
    return hashlib.sha256(msgspec.json.encode(outcomes)).hexdigest()[:16]


def test_duels_of_the_ai_come_to_what_was_recorded() -> None:
    """A change here is a change of what the AI chooses: if it is meant, record anew, with the battles."""
    assert duels(recorded_rules()) == msgspec.json.decode(CHOICES.read_bytes())


def record() -> None:
    CHOICES.write_bytes(msgspec.json.format(msgspec.json.encode(duels(recorded_rules())), indent=1) + b"\n")


if __name__ == "__main__":
    record()
