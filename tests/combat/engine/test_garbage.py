"""Inputs of any shape: either events that fold, or a refusal that changes nothing; never anything else."""

from __future__ import annotations

from functools import cache

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.combat import engine
from apps.combat.engine import inputs as i
from apps.combat.engine.events import Event

from .cast import rules
from .test_random_play import played

numbers = st.integers(-(2**40), 2**40)
cells = st.tuples(st.integers(-3, 30), st.integers(-3, 30)) | st.tuples(numbers, numbers)
skills = st.sampled_from([*rules().skills, "", "nothing"]) | st.text(max_size=5)
intents: st.SearchStrategy[i.Input] = st.one_of(
    st.builds(i.Place, cells),
    st.builds(i.Ready, st.text(max_size=70)),
    st.builds(i.Move, st.lists(cells, max_size=14).map(tuple)),
    st.builds(i.Cast, skills, cells),
    st.sampled_from([i.EndTurn(), i.Forfeit(), i.PlacementTimeout(), i.TurnTimeout()]),
    st.builds(i.Disconnect, numbers),
    st.builds(i.Reconnect, numbers),
    st.builds(i.Abandon, numbers),
)


@cache
def moments() -> list[engine.Battle]:
    """Some battles at many points of their course."""
    found = []
    for number in range(4):
        battle, dice = engine.reopen(played(number).header, rules()), engine.Dice(played(number).seed)
        for logged in played(number).log:
            found.append(battle)
            battle = engine.step(battle, logged.actor, logged.input, rules(), dice).battle
        found.append(battle)
    return found


@settings(max_examples=120, deadline=None)
@given(at=st.integers(0, 10_000), who=st.integers(-1, 5), intent=intents)
def test_any_input_at_any_moment_is_answered(at: int, who: int, intent: i.Input) -> None:
    battle = moments()[at % len(moments())]
    actor = who if who <= 0 else battle.combatants[who % len(battle.combatants)].id
    before = engine.state_hash(battle)
    assert engine.fold(battle, caused(battle, actor, intent)).header == battle.header
    assert engine.state_hash(battle) == before


def caused(battle: engine.Battle, actor: int, intent: i.Input) -> tuple[Event, ...]:
    try:
        return engine.resolve(battle, actor, intent, rules(), engine.Dice(bytes(32)))
    except engine.Refusal:
        return ()


@given(intent=intents)
def test_every_input_survives_the_journal(intent: i.Input) -> None:
    assert msgspec.json.decode(msgspec.json.encode(intent), type=i.Input) == intent


def test_every_refusal_has_its_own_code_and_both_languages() -> None:
    kinds = engine.Refusal.__subclasses__()
    assert all(kind.code.startswith("combat.") for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.en != engine.Refusal.en and kind.fr != engine.Refusal.fr for kind in kinds)
