"""What casts come to however the dice fall: what the client has to foretell.

Every skill of the pack is cast in crowded worlds by the engine itself, with dice that fall as they are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from math import prod
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import LastingEffect, SkillSlot
from apps.combat import engine
from apps.combat.engine import casting, hurting
from apps.combat.engine import events as e
from apps.combat.engine.refusals import Refusal
from apps.combat.engine.resolution import Resolution

from .cast import Fight, rules
from .forecast_worlds import CASTER, WORLDS, known, skills

ME = engine.Audience("team:0")
COUNTED = ("skill", "kill", "redirect", "collision", "fall", "reflect", "field", "trigger")
HARM, HELP = ("damage", "dot", "dodge"), ("heal", "shield", "hot")
FALLS_MAX = 512
"""As many falls of all its dice are looked at one by one; of a cast with more, the extremes. Those that the
dice of its lowest fall would make tell beforehand which it is."""

Draw = Callable[[int, bool], int]
"""Which of so many outcomes a die shows, from the lowest on; and whether it is one of harm."""


def extreme(is_harm_high: bool, is_help_high: bool) -> Draw:
    return lambda outcomes, is_harm: outcomes - 1 if (is_harm_high if is_harm else is_help_high) else 0


def anywhere(luck: Random) -> Draw:
    return lambda outcomes, _: luck.randrange(outcomes)


EXTREMES = [extreme(harm, aid) for harm in (False, True) for aid in (False, True)]
LOWEST, HIGHEST = EXTREMES[0], EXTREMES[-1]


def every_fall() -> Iterator[Draw]:
    """Yield a draw for each way in which the dice may fall; each is to be used for a cast before the next."""
    drawn: list[tuple[int, int]] = []
    while True:
        planned, drawn = [value for value, _ in drawn], []
        yield partial(_as_planned, planned, drawn)
        while drawn and drawn[-1][0] == drawn[-1][1] - 1:
            drawn.pop()
        if not drawn:
            return
        value, outcomes = drawn.pop()
        drawn.append((value + 1, outcomes))


def _as_planned(planned: list[int], drawn: list[tuple[int, int]], outcomes: int, _: bool) -> int:
    value = planned[len(drawn)] if len(drawn) < len(planned) else 0
    drawn.append((value, outcomes))
    return value


class Loaded(Resolution):
    """Dice that fall as they are told: low harm is dodged where it can be."""

    draw: Draw = staticmethod(HIGHEST)
    is_crit = False

    def below(self, n: int, *, stream: str = "cast", why: str) -> int:
        if stream != "cast":
            return super().below(n, stream=stream, why=why)
        value = n - 1
        if why == "crit":
            value = 0 if self.is_crit else n - 1
        elif why == "dodge":
            value = (n - 1) * self.draw(2, True)
        elif why in (*HARM, *HELP):
            value = self.draw(n, why in HARM)
        self.emit(e.Rolled(stream, 0, n, value, 0, why))
        return value


def cases() -> dict[str, Any]:
    """Return worlds as the caster's side sees them, the skills, and what each cast there may bring."""
    found = []
    for number, world in enumerate(WORLDS):
        for skill in sorted(skills()):
            for rank in sorted({0, len(skills()[skill].ranks) - 1}):
                fight = world()
                cell = aim(fight, skill, rank)
                if cell is None:
                    continue
                found.append(
                    {
                        "world": number,
                        "skill": skill,
                        "rank": rank,
                        "cell": cell,
                        "normal": expected(fight, skill, cell, is_crit=False),
                        "critical": expected(fight, skill, cell, is_crit=True)
                        if may_be_critical(fight, skill)
                        else None,
                    }
                )
    return {
        "worlds": [msgspec.to_builtins(engine.view(world().battle, ME)) for world in WORLDS],
        "skills": {skill: shown(skill) for skill in sorted(skills())},
        "tags": {tag: {"effect": msgspec.to_builtins(found.effect)} for tag, found in rules().tags.items()},
        "battle": {"rules": {"wear": msgspec.to_builtins(rules().rules.wear)}},
        "cases": found,
    }


def may_be_critical(fight: Fight, skill: str) -> bool:
    crit_bp = skills()[skill].crit_bp + engine.stats.stat(fight.battle, fight.who(CASTER), "crit_bp")
    return crit_bp > 0


def shown(skill: str) -> dict[str, Any]:
    """Return what clients are told of a skill, but its words."""
    document = msgspec.to_builtins(skills()[skill])
    return {key: value for key, value in document.items() if key not in ("name", "description", "icon")}


def aim(fight: Fight, skill: str, rank: int) -> tuple[int, int] | None:
    """Teach the caster a skill, and return the legal cell from which it meets most."""
    fight.rebuild(CASTER, skills=(SkillSlot(skill, rank),))
    caster, definition = fight.who(CASTER), skills()[skill]
    best: tuple[int, int] | None = None
    most = -1
    for cell in ((x, y) for y in range(16) for x in range(16)):
        if not casting.is_legal(fight.battle, caster, definition, cell):
            continue
        met = len(casting.covered(fight.battle, caster, definition, cell))
        if met > most and happened(fight, skill, cell, is_crit=False) is not None:
            best, most = cell, met
    return best


def happened(
    fight: Fight,
    skill: str,
    cell: tuple[int, int],
    *,
    is_crit: bool,
    draw: Draw = HIGHEST,
) -> Loaded | None:
    """Cast, and return what came of it; nothing where it is refused, or shows who is unseen."""
    r = Loaded(fight.battle, known(), fight.dice)
    r.draw, r.is_crit = draw, is_crit
    try:
        casting.cast(r, fight.who(CASTER).id, skill, cell)
    except Refusal:
        return None
    unseen = {each.id for each in fight.battle.combatants if each.is_hidden}
    thrown = [event for event in r.events if isinstance(event, e.Collided)]
    return None if any(unseen & {event.who, event.struck} for event in thrown) else r


def expected(fight: Fight, skill: str, cell: tuple[int, int], *, is_crit: bool) -> dict[str, dict[str, Any]]:
    """Return, by combatant, the least and the most of each kind; what is nothing is left out."""
    cast = partial(happened, fight, skill, cell, is_crit=is_crit)
    lowest = cast(draw=LOWEST)
    falls = every_fall() if falls_of(lowest) <= FALLS_MAX else EXTREMES
    sums = [counted(cast(draw=draw)) for draw in islice(falls, FALLS_MAX + 1)]
    if len(sums) > FALLS_MAX:
        sums = [counted(cast(draw=draw)) for draw in EXTREMES]
    result: dict[str, dict[str, Any]] = {}
    for who, kind in sorted({each for found in sums for each in found}):
        if fight.battle.of(who).is_hidden:
            continue
        amounts = [found.get((who, kind), 0) for found in sums]
        between = [min(amounts), max(amounts)]
        if between != [0, 0]:
            result.setdefault(str(who), {})[kind] = between
    return result


def falls_of(r: Loaded | None) -> int:
    """Return in how many ways the dice that were drawn here could have fallen."""
    assert r is not None
    rolled = [event for event in r.events if isinstance(event, e.Rolled) and event.stream == "cast"]
    return prod(2 if event.why == "dodge" else event.n for event in rolled if event.why in (*HARM, *HELP))


def counted(r: Loaded | None) -> dict[tuple[int, str], int]:
    """Sum up what the events of a cast did to each."""
    assert r is not None
    sums: defaultdict[tuple[int, str], int] = defaultdict(int)
    for event in r.events:
        match event:
            case e.Damaged() if event.cause in COUNTED:
                sums[event.who, "lost"] += event.lost
                sums[event.who, "absorbed"] += event.absorbed
            case e.Healed():
                sums[event.who, "healed"] += event.amount
            case e.Revived():
                sums[event.who, "healed"] += event.hp
            case e.EffectApplied():
                _count_lasting(r, event, sums)
            case e.EffectChanged():
                changed = next((each for each in r.of(event.who).effects if each.id == event.effect_id), None)
                if changed is not None and changed.kind == "dot":
                    sums[event.who, "burning"] += _burnt(r, event.who, replace(changed, stacks=1))
    return dict(sums)


def _count_lasting(r: Loaded, event: e.EffectApplied, sums: defaultdict[tuple[int, str], int]) -> None:
    match event.effect.kind:
        case "shield":
            sums[event.who, "shielded"] += event.effect.value
        case "dot":
            sums[event.who, "burning"] += _burnt(r, event.who, event.effect)
        case "hot":
            heal_in = engine.stats.stat(r.battle, r.of(event.who), "heal_in_pct")
            sums[event.who, "mending"] += event.effect.value * max(0, 100 + heal_in) // 100


def _burnt(r: Loaded, who: int, burning: LastingEffect) -> int:
    """Return what one turn of burning takes, before shields."""
    blow = hurting.Blow(
        by=burning.source,
        cause="dot",
        element=burning.of,  # type: ignore[arg-type]
        base=burning.value,
        raw=burning.value,
        pierce_pct=burning.pierce_pct,
    )
    return hurting.received(blow, hurting.defence_of(r.battle, r.of(who), burning.of))  # type: ignore[arg-type]
