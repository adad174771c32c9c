"""Whatever triggers content may hang on whom, an input ends; where it runs away, nobody is paid for it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine.inputs import Cast, EndTurn, Input
from apps.combat.engine.refusals import Refusal
from apps.combat.engine.resolution import EVENTS_MAX

from .cast import Fight, of_type
from .lab import ALLY, BEYOND, MINE, THEIRS, lab

MOMENTS = (
    *("turn_start", "turn_end", "round_start", "damage_dealt", "damage_taken", "heal_taken", "kill", "death"),
    *("ally_death", "moved", "pushed", "collided", "cast", "effect_applied", "effect_expired", "hp_below"),
)
FILTERS = st.sampled_from(["any", "enemy", "ally", "self"])
NEAR = st.sampled_from([{"type": "single"}, {"type": "circle", "n": 2}, {"type": "square", "n": 4}])


def simple(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"filter": FILTERS} | {name: st.just(value) for name, value in fields.items()}
    )


plain = st.one_of(
    simple(type="damage", element="pure", min=1, max=2),
    simple(type="heal", min=1, max=3),
    simple(type="push", n=2),
    simple(type="pull", n=2),
    simple(type="swap"),
    simple(type="gain", pool="mp", n=1),
    simple(type="shield", amount=[1, 2], duration=1),
    simple(type="dot", element="ember", amount=[1, 1], duration=2, stack="stack", max=5),
    simple(type="reflect", pct=100, duration=3),
    simple(type="redirect", pct=50, duration=3),
    simple(type="dispel", polarity="any", count=2),
    simple(type="kill"),
)


def triggers(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A trigger for any moment, which may hang the next on whom it meets."""
    return st.fixed_dictionaries(
        {
            "type": st.just("trigger"),
            "filter": FILTERS,
            "on": st.sampled_from(MOMENTS),
            "duration": st.integers(1, 9),
            "at": st.sampled_from(["bearer", "other"]),
            "limit": st.integers(0, 3),
            "stack": st.sampled_from(["refresh", "independent"]),
            "max": st.just(5),
            "shape": NEAR,
            "effects": st.lists(inner, min_size=1, max_size=4),
        }
    )


tricks = st.lists(triggers(st.one_of(plain, triggers(plain))) | plain, min_size=1, max_size=6)
cells = st.sampled_from([MINE, THEIRS, ALLY, BEYOND])
strikes = {"type": "damage", "element": "ember", "min": 9, "max": 9, "filter": "any"}


@settings(max_examples=150, deadline=None)
@given(effects=tricks, aims=st.lists(cells, min_size=1, max_size=5))
def test_every_input_ends(effects: list[dict[str, Any]], aims: list[tuple[int, int]]) -> None:
    fight = lab(*effects, shape={"type": "square", "n": 4})
    for slot in (1, 2, 3):
        fight.teach(slot, *effects, strikes, shape={"type": "square", "n": 4})
    for aim in aims:
        for intent in (Cast("trick", aim), EndTurn()):
            before = fight.battle
            if before.phase != "ended":
                caused = answer(fight, intent)
                assert len(caused) <= EVENTS_MAX
                check_end(fight, before, caused)


def answer(fight: Fight, intent: Input) -> tuple[object, ...]:
    try:
        return fight.do(intent)
    except Refusal:
        return ()


def check_end(fight: Fight, before: engine.Battle, caused: tuple[object, ...]) -> None:
    if fight.battle.end_reason == "engine_fault":
        assert [type(event) for event in caused] == [e.BattleEnded]
        assert {each.outcome for each in fight.battle.results} == {"draw"}
        assert engine.spoils(fight.battle, fight.rulebook) == ()
        assert fight.battle.combatants == before.combatants
    else:
        assert len(of_type(caused, e.BattleEnded)) == (fight.battle.phase == "ended")
