"""How long what stays stays, and what stacking leaves behind, for any numbers: properties that shrink."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.combat.engine import events as e
from apps.combat.engine.inputs import EndTurn
from apps.combat.engine.stats import stat

from .cast import of_type
from .lab import MINE, lab, trick

CASTER, TARGET = 0, 2
bounded = settings(max_examples=40, deadline=None, derandomize=True, print_blob=True)
turns = st.integers(1, 6)
stackings = st.sampled_from(["refresh", "stack", "independent", "highest"])


def mod(**changes: Any) -> dict[str, Any]:
    return {"type": "mod", "filter": "enemy", "stat": "grip", "delta": 5, "duration": 2, **changes}


@bounded
@given(duration=turns, amount=st.integers(1, 9))
def test_what_burns_for_n_turns_burns_n_times(duration: int, amount: int) -> None:
    burning = {"type": "dot", "element": "ember", "amount": [amount, amount], "duration": duration}
    fight = lab({**burning, "filter": "enemy"})
    trick(fight)
    for _ in range(4 * (duration + 2)):
        fight.do(EndTurn())
    burns = [event for event in of_type(fight.events, e.Damaged) if event.cause == "dot"]
    assert [(event.who, event.base) for event in burns] == [(fight.who(TARGET).id, amount)] * duration
    assert not fight.who(TARGET).effects


@bounded
@given(duration=turns, amount=st.integers(1, 9))
def test_what_begins_to_burn_where_a_turn_begins_burns_no_oftener(duration: int, amount: int) -> None:
    """The turn in which it is laid does not count, also where that happens before anything burns."""
    burning = {"type": "dot", "element": "ember", "amount": [amount, amount], "duration": duration}
    ground = {"type": "glyph", "when": "start", "duration": 1, "effects": [{**burning, "filter": "enemy"}]}
    fight = lab(ground)
    trick(fight)
    for _ in range(4 * (duration + 3)):
        fight.do(EndTurn())
    burns = [event for event in of_type(fight.events, e.Damaged) if event.cause == "dot"]
    assert [event.who for event in burns].count(fight.who(TARGET).id) == duration
    assert not fight.who(TARGET).effects


@bounded
@given(
    state=st.sampled_from(["stun", "silence", "taunt"]),
    duration=turns,
    casts=st.lists(st.booleans(), min_size=14, max_size=14),
    stacking=stackings,
    per_source=st.booleans(),
)
def test_nobody_is_kept_in_a_state_for_longer_than_it_lasts(
    state: str, duration: int, casts: list[bool], stacking: str, per_source: bool
) -> None:
    """Two who cast it again and again, in any order, do not lock anybody: it ends, and then makes immune."""
    hold = {"type": "state", "state": state, "filter": "enemy", "duration": duration, "max": 3}
    fight = lab({**hold, "stack": stacking, "per_source": per_source})
    fight.teach(1, {**hold, "stack": stacking, "per_source": per_source, "key": "trick"})
    held = 0
    for is_cast in casts:
        for slot in (0, 1):
            fight.skip_to(slot)
            if is_cast:
                trick(fight)
        turn = fight.who(TARGET).turns
        while fight.who(TARGET).turns == turn:
            fight.do(EndTurn())
        is_held = any(each.of == state and each.kind == "state" for each in fight.who(TARGET).effects)
        held = held + 1 if is_held else 0
        assert held <= duration


@bounded
@given(duration=turns, fate=st.sampled_from(["well", "dead", "stunned"]))
def test_what_hangs_on_its_caster_ends_at_its_nth_turn(duration: int, fate: str) -> None:
    """Whoever bears it, and also when the caster is dead or stunned by then: its place still counts."""
    fight = lab(mod(duration=duration))
    trick(fight)
    cast_in = fight.who(CASTER).turns
    if fate == "dead":
        fight.do(EndTurn())
        fight.set(CASTER, is_alive=False, hp=0, effects=())
    elif fate == "stunned":
        fight.skip_to(TARGET)
        stun = {"type": "state", "state": "stun", "filter": "enemy", "duration": duration + 1}
        fight.teach(TARGET, stun)
        trick(fight, MINE)
    while fight.who(CASTER).turns < cast_in + duration:
        assert len(fight.who(TARGET).effects) == 1
        fight.do(EndTurn())
    assert not fight.who(TARGET).effects


@bounded
@given(stacking=stackings, most=st.integers(1, 4), casts=st.integers(1, 6), delta=st.integers(-9, 9))
def test_stacks_stay_within_their_bound_and_leave_nothing(
    stacking: str, most: int, casts: int, delta: int
) -> None:
    fight = lab(mod(stack=stacking, max=most, delta=delta))
    plain = stat(fight.battle, fight.who(TARGET), "grip")
    for _ in range(2):
        for _ in range(casts):
            trick(fight)
            effects = fight.who(TARGET).effects
            counted = sum(each.stacks for each in effects if not each.is_waiting)
            is_many = stacking in ("stack", "independent")
            assert counted == 1 or (is_many and counted <= most)
            assert stat(fight.battle, fight.who(TARGET), "grip") == plain + delta * counted
        for _ in range(12):
            fight.do(EndTurn())
        assert not fight.who(TARGET).effects
        assert stat(fight.battle, fight.who(TARGET), "grip") == plain
        fight.skip_to(CASTER)


@bounded
@given(
    low=st.integers(0, 30),
    spread=st.integers(0, 20),
    more=st.integers(0, 20),
    crit_bp=st.sampled_from([0, 3_000, 10_000]),
)
def test_damage_stays_within_what_the_content_says(low: int, spread: int, more: int, crit_bp: int) -> None:
    blow = {"type": "damage", "element": "ember", "filter": "enemy", "min": low, "max": low + spread}
    fight = lab({**blow, "crit": [low + more, low + spread + more]}, crit_bp=crit_bp)
    events = trick(fight)
    (cast,), (hurt,) = of_type(events, e.SkillCast), of_type(events, e.Damaged)
    bonus = more if cast.is_crit else 0
    assert low + bonus <= hurt.amount <= low + spread + bonus
    assert hurt.amount >= hurt.absorbed + hurt.redirected + hurt.lost
