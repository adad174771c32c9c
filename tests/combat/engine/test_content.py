"""The sample pack is sound, and unsound content is refused with the place and the reason."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel.content.reading import read_document
from apps.combat import engine
from apps.combat.engine.definitions import KINDS, BattleDef, SkillDef
from apps.combat.engine.validation.bounds import largest

from .cast import PACK, pack


def document(skill_id: str = "crosswind") -> dict[str, Any]:
    path = PACK / "skills" / f"{skill_id}.yaml"
    found: dict[str, Any] = read_document(path, path.name).value
    return found


def problems_of(changed: dict[str, Any]) -> list[engine.Problem]:
    skill = msgspec.convert(changed, SkillDef, strict=True)
    return engine.validate(replace(pack(), skills={**pack().skills, skill.id: skill}))


def test_the_sample_pack_is_sound() -> None:
    assert engine.validate(pack()) == []


def test_the_sample_pack_has_five_classes_of_eight_skills_and_fifteen_monsters() -> None:
    skills = {class_id: len(each.skills) for class_id, each in pack().classes.items()}
    assert skills == dict.fromkeys(("anchorite", "cindersmith", "hollowpiper", "kitewright", "lampwarden"), 8)
    paying = [each for each in pack().monsters.values() if each.loot is not None]
    assert len(paying) == 15
    assert len(pack().monsters) == 18


def test_an_unknown_effect_is_an_error_of_the_content() -> None:
    changed = document()
    changed["ranks"][0]["effects"][0]["type"] = "charm"
    with pytest.raises(msgspec.ValidationError, match=r"Invalid value 'charm' - at `\$\.ranks\[0\]"):
        msgspec.convert(changed, SkillDef, strict=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_unknown_field_is_an_error_of_the_content(kind: str) -> None:
    file = sorted((PACK / kind).glob("*.yaml"))[0]
    with pytest.raises(msgspec.ValidationError, match="unknown field `surprise`"):
        msgspec.convert({**read_document(file, file.name).value, "surprise": 1}, KINDS[kind], strict=True)


@pytest.mark.parametrize(
    ("path", "value", "keys"),
    [
        (("range", "axis"), False, ("range", "axis")),
        (("range", "min"), 0, ("range", "min")),
        (("range", "max"), 1, ("range",)),
        (("class",), "nobody", ("class",)),
        (("ap",), 0, ("limits",)),
        (("ranks", 0, "level"), 2, ("ranks", 0, "level")),
        (("ranks", 1, "level"), 1, ("ranks", 1, "level")),
        (("ranks", 0, "effects", 0, "min"), 99, ("ranks", 0, "effects", 0)),
        (("ranks", 0, "effects", 0, "crit"), [1, 2], ("ranks", 0, "effects", 0, "crit")),
        (("ranks", 0, "effects", 0, "crit"), [20, 14], ("ranks", 0, "effects", 0, "crit")),
        (
            ("ranks", 0, "effects", 0),
            {"type": "mod", "stat": "charm", "delta": 1, "duration": 1},
            ("ranks", 0, "effects", 0, "stat"),
        ),
        (("ranks", 0, "effects", 0), {"type": "teleport"}, ("ranks", 0, "effects", 0)),
    ],
)
def test_what_makes_no_sense_is_named_and_located(
    path: tuple[Any, ...], value: Any, keys: tuple[Any, ...]
) -> None:
    changed = document()
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    found = problems_of(changed)
    assert all(each.path and each.message for each in found)
    assert ("skills", "crosswind", keys) in [(each.kind, each.id, each.keys) for each in found]


def test_broken_references_of_classes_and_monsters_are_found() -> None:
    hulk = pack().monsters["peat_hulk"]
    anchorite = pack().classes["anchorite"]
    broken = replace(
        pack(),
        monsters={
            "peat_hulk": replace(hulk, skills=("gone",), ai=replace(hulk.ai, profile="gone"), level=(5, 4))
        },
        classes={**pack().classes, "anchorite": replace(anchorite, skills=("brand", "gone"))},
    )
    found = {(each.kind, each.keys) for each in engine.validate(broken)}
    assert found >= {
        ("monsters", ("skills", 0)),
        ("monsters", ("ai", "profile")),
        ("monsters", ("level",)),
        ("classes", ("skills", 0)),
        ("classes", ("skills", 1)),
    }


def trick_with(*effects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A skill of the kitewright that replaces one of the pack's, so that somebody knows it."""
    return {**document("wire_dart"), "ranks": [{"level": 1, "effects": list(effects)}], **changes}


TRAP = {"type": "trap", "effects": [{"type": "kill"}]}
WAITING = {"type": "trigger", "duration": 1, "effects": [{"type": "kill"}]}


@pytest.mark.parametrize(
    ("skill", "keys", "message"),
    [
        (trick_with({"type": "summon", "monster": "gone"}), ("monster",), "no monster"),
        (trick_with(TRAP), (), "covert"),
        (trick_with({**TRAP, "effects": []}, covert=True), ("effects",), "something to do"),
        (trick_with({"type": "revive", "hp_pct": 10}), (), "corpse"),
        (
            trick_with({"type": "mod", "stat": "hp_max", "delta": 1, "duration": 1}),
            ("stat",),
            "effects can change",
        ),
        (
            trick_with({"type": "skill_mod", "skill": "gone", "path": "ap", "delta": 1, "duration": 1}),
            ("skill",),
            "no skill",
        ),
        (
            trick_with({"type": "cooldown", "skill": "gone", "delta": 1}),
            ("skill",),
            "no skill",
        ),
        (
            trick_with({"type": "per_stack", "key": "gone", "effects": [{"type": "kill"}]}),
            ("key",),
            "ever lays",
        ),
        (trick_with({"type": "if", "cond": [{}], "then": [{"type": "kill"}]}), ("cond", 0), "nothing"),
        (
            trick_with({"type": "trigger", "on": "cast", "duration": 1}),
            ("effects",),
            "something to do",
        ),
        (
            trick_with({"type": "trigger", "on": "cast", "stage": "modify", "duration": 1}),
            ("stage",),
            "nothing to modify: only before_damage_taken",
        ),
        (
            trick_with(
                {"type": "trigger", "on": "effect_applied", "stage": "modify", "duration": 1, "pct": 5}
            ),
            ("stage",),
            "nothing to modify",
        ),
        (
            trick_with({**WAITING, "on": "heal_taken", "stage": "replace"}),
            ("effects",),
            "only what reacts",
        ),
        (
            trick_with({**WAITING, "on": "heal_taken", "polarity": "helpful"}),
            ("polarity",),
            "effect_applied",
        ),
        (
            trick_with(
                {
                    "type": "trigger",
                    "on": "cast",
                    "duration": 1,
                    "effects": [
                        {"type": "trigger", "on": "cast", "duration": 1, "effects": [{"type": "kill"}]}
                    ],
                }
            ),
            ("effects",),
            "never ends",
        ),
        (
            trick_with({"type": "damage_pct", "pct": 5}, breaks_invisibility=False),
            (),
            "breaks_invisibility",
        ),
        (
            trick_with({"type": "teleport"}, target=["free_cell"], breaks_invisibility=False),
            (),
            "covert",
        ),
        (
            trick_with({"type": "shield", "amount": [5, 5], "duration": 2, "stack": "stack", "max": 2}),
            ("stack",),
            "independent",
        ),
        (
            trick_with({"type": "dash", "n": 3}, breaks_invisibility=False),
            (),
            "covert",
        ),
        (
            trick_with({**TRAP, "effects": [{"type": "wall", "duration": 1}]}, covert=True),
            ("effects", 0),
            "aims it",
        ),
    ],
)
def test_what_an_effect_cannot_do_is_named_and_located(
    skill: dict[str, Any], keys: tuple[Any, ...], message: str
) -> None:
    found = [each for each in problems_of(skill) if each.keys == ("ranks", 0, "effects", 0, *keys)]
    assert any(message in each.message for each in found), problems_of(skill)


def within_if(*effects: dict[str, Any]) -> dict[str, Any]:
    return {"type": "if", "cond": [{"hp_below_pct": 50}], "then": list(effects)}


@pytest.mark.parametrize(
    ("skill", "keys", "message"),
    [
        (trick_with(within_if({"type": "kill"}, TRAP)), ("then", 1), "covert"),
        (
            trick_with(within_if({"type": "damage_pct", "pct": 5}), breaks_invisibility=False),
            ("then", 0),
            "breaks_invisibility",
        ),
        (
            trick_with({**TRAP, "effects": [within_if({"type": "wall", "duration": 1})]}, covert=True),
            ("effects", 0, "then", 0),
            "aims it",
        ),
        (
            trick_with(
                {
                    "type": "trigger",
                    "on": "cast",
                    "duration": 1,
                    "effects": [
                        within_if(
                            {"type": "trigger", "on": "cast", "duration": 1, "effects": [{"type": "kill"}]}
                        )
                    ],
                }
            ),
            ("effects",),
            "never ends",
        ),
        (
            trick_with({"type": "if", "cond": [{"all": [{"not": {}}]}], "then": [{"type": "kill"}]}),
            ("cond", 0, "all", 0, "not"),
            "nothing",
        ),
    ],
)
def test_what_an_effect_inside_others_cannot_do_is_found_too(
    skill: dict[str, Any], keys: tuple[Any, ...], message: str
) -> None:
    found = [each for each in problems_of(skill) if each.keys == ("ranks", 0, "effects", 0, *keys)]
    assert any(message in each.message for each in found), problems_of(skill)


def test_a_key_that_only_an_effect_inside_another_lays_is_known() -> None:
    mark = {"type": "mod", "stat": "grip", "delta": 1, "duration": 2, "key": "deep"}
    per_stack = {"type": "per_stack", "key": "deep", "effects": [{"type": "kill"}]}
    assert problems_of(trick_with(within_if(mark), per_stack)) == []


@pytest.mark.parametrize(
    ("effect", "keys"),
    [
        (
            {"type": "if", "cond": [{"not": {"effect": "brnad"}}], "then": [{"type": "kill"}]},
            "cond[0].not.effect",
        ),
        ({"type": "dispel", "polarity": "any", "count": 1, "key": "brnad"}, "key"),
    ],
)
def test_a_key_that_nothing_lays_is_found(effect: dict[str, Any], keys: str) -> None:
    (problem,) = problems_of(trick_with(effect))
    assert problem.path.endswith(keys)
    assert "brnad" in problem.message


def test_conditions_may_not_be_nested_without_an_end_nor_ask_a_skill_for_a_target() -> None:
    deep: dict[str, Any] = {"state": "root"}
    for _ in range(5):
        deep = {"not": deep}
    (problem,) = problems_of(trick_with({"type": "kill"}, requires=[deep]))
    assert "nested" in problem.message
    asks = {"any": [{"state": "root"}, {"not": {"of": "target", "state": "root"}}]}
    (problem,) = problems_of(trick_with({"type": "kill"}, requires=[asks]))
    assert (problem.keys, "caster" in problem.message) == (("requires", 0, "of"), True)


def test_a_skill_that_nobody_knows_is_a_problem() -> None:
    orphan = {**document("wire_dart"), "id": "orphan"}
    assert [each.message for each in problems_of(orphan)] == [
        "no class, no monster and no item knows this skill"
    ]


def test_battles_go_by_one_document() -> None:
    one, other = (msgspec.convert({"id": name}, BattleDef) for name in ("one", "other"))
    (problem,) = engine.validate(replace(pack(), battle={"one": one, "other": other}))
    assert (problem.kind, problem.id) == ("battle", "other")


def test_monsters_that_call_one_another_without_an_end_are_a_problem() -> None:
    imp = pack().monsters["kiln_imp"]
    endless = replace(pack(), monsters={**pack().monsters, "kiln_imp": replace(imp, skills=("call_imp",))})
    found = {(each.id, each.message) for each in engine.validate(endless)}
    assert ("kiln_imp", "it calls monsters that call it again") in found


def test_rows_of_rules_name_lines_and_skills_that_are_there() -> None:
    oru = pack().monsters["warden_engine_oru"]
    broken = replace(oru, lines={}, skills=("counter_swing",))
    found = {each.path for each in engine.validate(replace(pack(), monsters={"oru": broken}))}
    assert {"ai.reserved[0]", "ai.rules[0].do[0].say", "ai.rules[0].do[2].cast"} <= found


def test_no_number_of_battle_can_leave_what_a_browser_holds_exactly() -> None:
    """The bound follows the pipeline with everything at its cap; content at its own limits stays below."""
    most = {"min": 10_000, "max": 10_000, "crit": [10_000, 10_000], "per_level": 100}
    worst = [
        trick_with({"type": "damage", "element": "ember", **most}),
        trick_with({"type": "heal", **most}),
        trick_with(
            {"type": "dot", "element": "ember", "amount": [10_000, 10_000], "per_level": 100, "duration": 1}
        ),
    ]
    for skill in worst:
        effect = msgspec.convert(skill, SkillDef, strict=True).ranks[0].effects[0]
        assert 10**9 < largest(effect) < 2**53
