"""Crowded worlds, and skills beside those of the pack, where the client has to foretell what a cast does."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace

from aether.protocol.combat_values import Field, LastingEffect
from apps.combat import engine
from apps.combat.engine.definitions import SkillDef

from .cast import Fight, hero, monster, rules

CASTER = 0
FIELD = engine.board_of(["." * 16] * 16)
CELLS = ((7, 7), (7, 6), (6, 8), (4, 7), (8, 7), (9, 8), (7, 9), (2, 7))
WALLS = {(8, 6), (9, 7), (7, 11), (5, 9), (10, 9)}
BRINKS = ((7, 5), (9, 8), (8, 9))
"""Where somebody is thrown against a wall, and from where over the edge of a board with pits beside."""


STRIKE = {"type": "damage", "element": "stone", "min": 4, "max": 7}
NEAR = {"type": "circle", "n": 1}
ONE_CELL: dict[str, Any] = {"target": ["any"], "range": {"min": 0, "max": 12}}
LAB: dict[str, dict[str, Any]] = {
    "lab_back": {**ONE_CELL, "ranks": [{"level": 1, "effects": [{"type": "teleport_back"}, STRIKE]}]},
    "lab_blow": {
        **ONE_CELL,
        "ranks": [
            {
                "level": 1,
                "effects": [
                    {**STRIKE, "min": 20, "max": 30, "dodgeable": True},
                    {**STRIKE, "on_hit": True},
                ],
            }
        ],
    },
    "lab_burst": {
        "target": ["cell"],
        "range": {"min": 0, "max": 12},
        "shape": {"type": "circle", "n": 3},
        "ranks": [
            {
                "level": 1,
                "effects": [
                    {**STRIKE, "min": 50, "max": 60, "filter": "enemy"},
                    {"type": "heal", "filter": "ally", "min": 3, "max": 4},
                ],
            }
        ],
    },
    "lab_answers": {
        "target": ["self"],
        "range": {"min": 0, "max": 0},
        "ranks": [
            {
                "level": 1,
                "effects": [
                    {"type": "trigger", "duration": 9, "effects": [STRIKE], "at": "other", "on": moment}
                    for moment in ("damage_taken", "ally_death")
                ]
                + [
                    {"type": "trigger", "duration": 9, "effects": [STRIKE], "on": "heal_taken"},
                    {
                        "type": "trigger",
                        "duration": 9,
                        "on": "death",
                        "shape": NEAR,
                        "priority": 3,
                        "effects": [{**STRIKE, "filter": "any"}],
                    },
                    {
                        "type": "trigger",
                        "duration": 9,
                        "on": "hp_below",
                        "below_pct": 60,
                        "effects": [{"type": "heal", "filter": "any", "min": 2, "max": 9}],
                    },
                    {
                        "type": "trigger",
                        "duration": 9,
                        "on": "before_damage_taken",
                        "stage": "modify",
                        "pct": 50,
                        "limit": 1,
                    },
                    {
                        "type": "trigger",
                        "duration": 9,
                        "on": "before_damage_taken",
                        "stage": "replace",
                        "limit": 1,
                    },
                    {"type": "trigger", "duration": 9, "on": "pushed", "effects": [STRIKE], "shape": NEAR},
                ],
            }
        ],
    },
    "lab_stages": {
        "target": ["self"],
        "range": {"min": 0, "max": 0},
        "ranks": [
            {
                "level": 1,
                "effects": [
                    *(
                        {"type": "trigger", "duration": 9, "on": on, "stage": "modify", "pct": pct}
                        for on, pct in (("damage_dealt", 60), ("heal_taken", -70), ("pushed", 100))
                    ),
                    *(
                        {"type": "trigger", "duration": 9, "on": on, "stage": "replace", "limit": 1}
                        for on in ("damage_dealt", "heal_taken", "pushed")
                    ),
                    {
                        "type": "trigger",
                        "duration": 9,
                        "on": "effect_applied",
                        "stage": "replace",
                        "polarity": "harmful",
                    },
                ],
            }
        ],
    },
}
"""What no skill of the pack does: to go back, to be dodged with what follows, and whatever may answer."""

(TAKEN, ALLY_FELL, HEALED, FELL, LOW, MORE, SPARED, PUSHED) = range(8)
(DEALS_MORE, HEALS_LESS, FARTHER, DEALS_NOTHING, UNHEALED, UNMOVED, IMMUNE) = range(8, 15)


@cache
def skills() -> dict[str, SkillDef]:
    words = {"en": "Lab", "fr": "Labo"}
    plain = {"name": words, "description": words, "icon": "x", "ap": 1}
    made = {
        skill: msgspec.convert({"id": skill, **plain, **document}, SkillDef, strict=True)
        for skill, document in LAB.items()
    }
    return {**rules().skills, **made}


@cache
def known() -> engine.Rulebook:
    return replace(rules(), skills=skills())


def effect(number: int, key: str, kind: str, of: str = "", **changes: Any) -> LastingEffect:
    made = LastingEffect(
        id=900 + number,
        key=key,
        kind=kind,  # type: ignore[arg-type]
        of=of,
        skill=key,
        source=0,
        anchor="bearer",
        anchor_id=0,
        until=9,
        value=0,
        stacks=1,
        pierce_pct=0,
        is_harmful=False,
        is_dispellable=True,
    )
    return replace(made, **changes)


def crowd(board: engine.BoardSpec = FIELD, **stats: int) -> Fight:
    """Four on the caster's side, one of whom is its summon and one has fallen; four against them."""
    fight = Fight(
        hero("hollowpiper", character_id=1, level=9),
        hero("anchorite", character_id=2, level=9),
        replace(monster("driftling", 3), team=0),
        hero("lampwarden", character_id=3, level=9),
        hero("kitewright", character_id=11, team=1, level=9),
        hero("anchorite", character_id=12, team=1, level=9),
        monster("peat_hulk", 5),
        hero("cindersmith", character_id=13, team=1, level=9),
        board=board,
        placement=(CELLS[:4], CELLS[4:]),
    ).start()
    fight.skip_to(CASTER)
    for slot, cell in enumerate(CELLS):
        who = fight.who(slot)
        fight.set(slot, cell=cell, began_at=cell, seen_at=cell, hp=who.hp_max * 2 // 3)
    fight.set(CASTER, ap=12, mp=8)
    fight.set(2, owner=fight.who(CASTER).id)
    fight.set(3, hp=0, is_alive=False)
    fight.give_stats(CASTER, **stats)
    return fight


def plain() -> Fight:
    return crowd()


def seasoned() -> Fight:
    """Power, resistances, shields, stacks, a guardian: everything that changes a number."""
    fight = crowd(
        power_ember=37, power_gale=21, power_tide=45, power_all=8, flat_gale=3, flat_stone=2, focus=12
    )
    fight.give_stats(CASTER, out_pct=15, pierce_pct=10, heal_out_pct=20, crit_bp=700)
    fight.give_stats(4, res_flat_gale=2, res_pct_gale=33, res_pct_all=9, in_pct=11)
    fight.give_stats(5, res_flat_stone=4, res_pct_tide=-40, res_pct_ember=90)
    fight.give_stats(1, heal_in_pct=-25)
    keeper = fight.who(7).id
    fight.set(
        4,
        effects=(
            effect(1, "brand", "dot", "ember", value=5, stacks=3, is_harmful=True),
            effect(2, "brace", "shield", value=6),
            effect(3, "lampshade", "shield", value=4),
        ),
    )
    fight.set(5, effects=(effect(4, "last_link", "redirect", value=50, source=keeper),), hp=9)
    fight.set(6, effects=(effect(5, "long_dusk", "mod", "res_pct_all", value=-30, is_harmful=True),))
    fight.set(1, effects=(effect(6, "mud", "mod", "out_pct", value=-20, is_harmful=True),))
    return fight


def unseen() -> Fight:
    """Somebody among them whom the caster's side does not see: nothing is foretold of them."""
    fight = crowd(power_all=20)
    fight.set(4, is_hidden=True, seen_at=(12, 12))
    return fight


def narrow() -> Fight:
    """Walls and pits wherever somebody may be thrown, and somebody behind whom others are."""
    rows = ["".join("#" if (x, y) in WALLS else "." for x in range(16)) for y in range(16)]
    rows[4] = rows[4][:7] + "~" + rows[4][8:]
    rows[8] = rows[8][:10] + "~" + rows[8][11:]
    fight = crowd(engine.board_of(rows, tags=[(x, y, "edge") for x, y in BRINKS]))
    for slot, cell in ((4, (7, 5)), (5, (9, 8)), (6, (8, 7)), (7, (10, 10))):
        fight.set(slot, cell=cell, began_at=cell, seen_at=cell)
    fight.give_stats(6, in_pct=20)
    fight.set(5, effects=(effect(1, "brace", "shield", value=4),))
    return fight


def thorny() -> Fight:
    """Traps that the caster's side sees, a glyph that meets who enters, and armour that strikes back."""
    fight = crowd(power_gale=30)
    keeper = fight.who(7).id
    fight.set(5, effects=(effect(1, "thorns", "reflect", value=40),))
    fight.set(
        6,
        effects=(
            effect(2, "thorns", "reflect", value=15, stacks=2),
            effect(3, "last_link", "redirect", value=30, source=keeper),
        ),
    )
    fight.set(CASTER, effects=(effect(4, "brace", "shield", value=3),))
    fields = [
        laid(fight, 1, "snare_kite", CASTER, [(7, 5), (7, 4), (8, 5)], kind="trap"),
        laid(fight, 2, "snare_kite", 4, [(6, 7), (5, 7)], kind="trap", is_revealed=True),
        laid(fight, 3, "slagpool", CASTER, [(10, 7), (9, 9), (10, 9), (7, 10)]),
    ]
    fight.battle = replace(fight.battle, fields=tuple(fields))
    return fight


def laid(
    fight: Fight, number: int, skill: str, slot: int, cells: list[tuple[int, int]], **changes: Any
) -> Field:
    """Return what somebody has laid there, and who enters it meets."""
    owner = fight.who(slot)
    lies = Field(
        id=700 + number,
        kind="glyph",
        skill=skill,
        source=owner.id,
        team=owner.team,
        centre=cells[0],
        cells=tuple(cells),
        when="enter",
        until=0,
        block=f"{skill}:0:0",
    )
    return replace(lies, **changes)


def answering() -> Fight:
    """All kinds of things that answer to a cast, on both sides, and some who may dodge it."""
    fight = crowd(power_gale=10, power_stone=5)
    fight.give_stats(4, dodge_bp=2500)
    fight.give_stats(7, dodge_bp=900)
    fight.set(1, began_at=(6, 7))
    fight.set(4, effects=(waiting(1, 4, TAKEN), waiting(2, 5, FELL)), hp=30)
    fight.set(5, effects=(waiting(3, 5, ALLY_FELL), waiting(4, 5, LOW), waiting(5, 5, MORE, value=1)))
    fight.set(6, effects=(waiting(6, 6, SPARED, value=1), waiting(7, CASTER, PUSHED), waiting(8, 6, LOW)))
    fight.set(7, effects=(waiting(9, 7, MORE), waiting(10, 7, FELL), waiting(11, 7, PUSHED)), hp=12)
    fight.set(1, effects=(waiting(12, 1, HEALED), waiting(13, 1, LOW)))
    fight.rebuild(5, kind="summon")
    fight.set(5, owner=fight.who(7).id)
    sent_on = effect(16, "sent", "redirect", "own_summon", value=40, source=fight.who(7).id)
    fight.set(7, effects=(*fight.who(7).effects, sent_on))
    fight.set(CASTER, effects=(waiting(14, CASTER, TAKEN), waiting(15, CASTER, HEALED)))
    snare = laid(fight, 1, "snare_kite", 4, [(6, 7), (5, 7)], kind="trap", is_revealed=True)
    fight.battle = replace(fight.battle, fields=(snare,))
    return fight


def staged() -> Fight:
    """All that replaces or changes what is about to happen, on both sides."""
    fight = crowd(power_gale=10, power_stone=5)
    fight.set(CASTER, effects=(waiting(1, CASTER, DEALS_MORE), waiting(2, CASTER, HEALS_LESS)))
    fight.set(1, effects=(waiting(3, 1, UNHEALED, value=1), waiting(4, 1, IMMUNE)), hp=20)
    fight.set(4, effects=(waiting(5, 4, FARTHER), waiting(6, 4, LOW)))
    fight.set(5, effects=(waiting(7, 5, UNMOVED, value=1), waiting(8, 5, IMMUNE)))
    fight.set(6, effects=(waiting(9, 6, DEALS_NOTHING, value=1), waiting(10, 6, TAKEN)))
    fight.set(7, effects=(waiting(11, 7, FARTHER), waiting(12, 7, MORE), waiting(13, 7, IMMUNE)))
    return fight


def waiting(number: int, source: int, trigger: int, *, value: int = 0) -> LastingEffect:
    """Return one of the triggers of the laboratory, as somebody has laid it."""
    skill, at = ("lab_answers", trigger) if trigger < DEALS_MORE else ("lab_stages", trigger - DEALS_MORE)
    found: Any = skills()[skill].ranks[0].effects[at]
    return effect(
        number,
        f"lab_{trigger}",
        "trigger",
        found.on,
        source=crowd_ids()[source],
        value=value,
        block=f"{skill}:0:{at}",
    )


@cache
def crowd_ids() -> tuple[int, ...]:
    return tuple(each.id for each in crowd().battle.combatants)


WORLDS = (plain, seasoned, unseen, narrow, thorny, answering, staged)
