"""The damage pipeline: golden vectors, and what must hold for any numbers."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from apps.combat.engine import events as e
from apps.combat.engine.hurting import Blow, Defence, hurt, received, sent
from apps.combat.engine.inputs import Cast
from apps.combat.engine.resolution import Resolution
from apps.combat.engine.walking import toll_share

from .cast import Fight, hero, of_type, rules


def blow(raw: int, **changes: object) -> Blow:
    return Blow(by=0, cause="skill", element="ember", base=raw, raw=raw, **changes)  # type: ignore[arg-type]


class Vector(NamedTuple):
    """A blow on its way, and what must be left of it after each line of the pipeline."""

    base: int
    power: int
    flat: int
    out_pct: int
    falloff_pct: int
    defence: Defence
    pierce_pct: int
    left: tuple[int, ...]


VECTORS = [
    Vector(11, 37, 4, 15, 25, Defence(res_flat=3, res_pct=20, in_pct=-10), 0, (15, 19, 21, 15, 9, 8, 8)),
    Vector(13, -95, 0, 0, 0, Defence(res_pct=-150), 0, (1, 1, 1, 1, 2, 2, 2)),
    Vector(22, 205, 10, 0, 0, Defence(res_flat=6, res_pct=75, in_pct=25), 10, (67, 77, 77, 77, 28, 35, 17)),
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector.base))
def test_golden_vectors_line_by_line(vector: Vector) -> None:
    """d1, d2 and d3 leave the source; d4, d6, d7 reach the target, which dodges only the third (d8)."""
    base, power, flat, out_pct, falloff_pct, defence, pierce_pct, left = vector
    raw = sent(base, power=power, flat=flat, out_pct=out_pct)
    coming = blow(raw, falloff_pct=falloff_pct, pierce_pct=pierce_pct)
    is_dodged = left[-1] != left[-2]
    assert left == (
        sent(base, power=power, flat=0, out_pct=0),
        sent(base, power=power, flat=flat, out_pct=0),
        raw,
        received(replace(coming, pierce_pct=0), Defence()),
        received(coming, replace(defence, in_pct=0)),
        received(coming, defence),
        received(replace(coming, is_dodged=is_dodged), defence),
    )


def test_a_shield_takes_the_first_of_a_dodged_blow() -> None:
    """The end of the third vector: of 17 that are left, a shield of 9 takes 9, and 8 are lost."""
    fight = Fight(hero("anchorite", character_id=1), hero("anchorite", character_id=2, team=1)).start()
    fight.skip_to(0)
    fight.teach(0, {"type": "shield", "filter": "self", "amount": [9, 9], "duration": 5})
    fight.do(Cast("trick", fight.who(0).cell))
    r = Resolution(fight.battle, rules(), fight.dice)
    hurt(r, fight.who(0).id, replace(blow(17), element="pure"))
    (struck,) = of_type(r.events, e.Damaged)
    assert (struck.absorbed, struck.lost) == (9, 8)


def test_flat_resistance_can_stop_all() -> None:
    assert received(blow(9), Defence(res_flat=50)) == 0


def test_pure_damage_ignores_resistance_but_not_what_the_target_takes() -> None:
    pure = replace(blow(40), element="pure")
    assert received(pure, Defence(in_pct=-50)) == 20


@pytest.mark.parametrize(
    ("grip", "evade", "toll"),
    [(0, 0, 1), (0, 9, 1), (0, 10, 0), (9, 0, 1), (10, 0, 2), (25, 3, 3), (40, 0, 3), (12, 13, 1)],
)
def test_grip_vectors(grip: int, evade: int, toll: int) -> None:
    assert toll_share(grip=grip, evade=evade) == toll


amounts = st.integers(0, 20_000)
stats = st.integers(-10_000, 10_000)


@given(base=amounts, power=stats, flat=stats, out_pct=stats, more=st.integers(0, 500))
def test_more_power_never_hurts_less(base: int, power: int, flat: int, out_pct: int, more: int) -> None:
    weaker = sent(base, power=power, flat=flat, out_pct=out_pct)
    assert sent(base, power=power + more, flat=flat, out_pct=out_pct) >= weaker >= 0


@given(raw=amounts, res_flat=stats, res_pct=stats, more=st.integers(0, 500))
def test_more_resistance_never_hurts_more(raw: int, res_flat: int, res_pct: int, more: int) -> None:
    softer = received(blow(raw), Defence(res_flat=res_flat, res_pct=res_pct))
    assert received(blow(raw), Defence(res_flat=res_flat + more, res_pct=res_pct)) <= softer
    assert received(blow(raw), Defence(res_flat=res_flat, res_pct=res_pct + more)) <= softer


def test_no_product_passes_what_a_browser_can_compute() -> None:
    raw = 20_000 * 20_100 // 100 + 20_000
    assert raw * 10_100 < 2**53
    assert raw * 10_100 // 100 * 200 * 10_100 // 100 < 2**53


def test_shields_take_damage_before_hit_points_do() -> None:
    fight = Fight(hero("anchorite", character_id=1), hero("cindersmith", character_id=2, team=1)).start()
    fight.skip_to(0)
    fight.do(Cast("brace", fight.who(0).cell))
    fight.skip_to(1)
    fight.set(1, cell=(3, 4))
    events = fight.do(Cast("spark_throw", fight.who(0).cell))
    (damaged,) = of_type(events, e.Damaged)
    assert (damaged.absorbed, damaged.lost) == (damaged.amount, 0)
    (changed,) = of_type(events, e.EffectChanged)
    assert changed.value == 14 - damaged.amount


def test_wounds_wear_the_maximum_down_to_a_floor() -> None:
    from apps.combat.engine.hurting import hurt, pure

    fight = Fight(hero("anchorite", character_id=1), hero("cindersmith", character_id=2, team=1)).start()
    r = Resolution(fight.battle, rules(), fight.dice)
    start = fight.who(0).hp_max
    for _ in range(200):
        hurt(r, fight.who(0).id, pure(0, "surge", 10))
        r.battle = replace(
            r.battle,
            combatants=(replace(r.battle.combatants[0], hp=20), *r.battle.combatants[1:]),
        )
    assert r.battle.combatants[0].hp_max == start * 30 // 100
