"""What machines draw leaves receipts, like every other roll; nobody needs the AI to check them."""

from __future__ import annotations

import sys

import msgspec
import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.ai import choose
from apps.combat.engine.inputs import Cast, EndTurn, Follow, Input
from apps.combat.engine.state import StreamIndex

from .cast import Fight, hero, monster, of_type
from .test_exports import exported

UNLIKELY_ROW = 2
"""The row of Oru's rules that hangs on luck."""


def hunt(monster_id: str = "ash_gull", level: int = 6) -> Fight:
    fight = Fight(hero("anchorite", character_id=1), monster(monster_id, level), mode="pve").start()
    fight.skip_to(1)
    return fight


def oru(seed: int = 0) -> Fight:
    party = [hero("anchorite", character_id=number, level=20) for number in (1, 2, 3)]
    fight = Fight(*party, monster("warden_engine_oru", 20), mode="pve", seed=bytes([seed]) * 32).start()
    fight.skip_to(3)
    return fight


def played_out(fight: Fight) -> Fight:
    """Let the house play its side, and the players only end their turns."""
    while fight.battle.phase == "fighting":
        house = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
        fight.give(*(house or (fight.battle.turn_owner, EndTurn())))
    return fight


def drawn(events: object, why: str) -> list[e.Rolled]:
    return [roll for roll in of_type(events, e.Rolled) if (roll.stream, roll.why) == ("ai", why)]


def decided(fight: Fight) -> Input:
    found = engine.House(fight.rulebook, fight.dice).next_input(fight.battle)
    assert found is not None
    return found[1]


def test_every_decision_of_the_house_leaves_its_receipt_also_where_there_was_no_choice() -> None:
    fight = played_out(hunt())
    decisions = [each.input for each in fight.log if getattr(each.input, "among", 0)]
    rolls = drawn(fight.events, "choice")
    assert [roll.n for roll in rolls] == [each.among for each in decisions]
    assert 1 in {roll.n for roll in rolls}
    assert [roll.index for roll in rolls[1:]] == [roll.next_index for roll in rolls[:-1]]


def test_what_was_drawn_is_what_was_chosen() -> None:
    fight = hunt("mud_skitter", 1)
    fight.set(0, cell=(5, 4))
    fight.set(1, cell=(8, 7))
    intents = {}
    for index in range(40):
        streams = (*fight.battle.streams, StreamIndex("ai", index))
        at = replace(fight.battle, streams=streams)
        (actor, intent) = engine.House(fight.rulebook, fight.dice).next_input(at) or (0, EndTurn())
        (roll,) = drawn(engine.step(at, actor, intent, fight.rulebook, fight.dice).events, "choice")
        assert intents.setdefault((roll.n, roll.value), intent) == intent
    assert len({repr(intent) for intent in intents.values()}) > 1


def test_thinking_draws_nothing_by_itself() -> None:
    fight = hunt()
    before = fight.battle
    assert decided(fight) == decided(fight)
    assert fight.battle is before


def test_what_machines_draw_moves_no_other_dice() -> None:
    one, other = hunt(), hunt()
    choice = choose(one.battle, one.who(1).id, one.rulebook, one.dice)
    one.do(decided(one))
    other.do(choice.intent)
    one.skip_to(0)
    other.skip_to(0)
    mine = [roll for roll in of_type(one.events, e.Rolled) if roll.stream != "ai"]
    assert mine == [roll for roll in of_type(other.events, e.Rolled) if roll.stream != "ai"]


def test_a_player_draws_no_decision() -> None:
    fight = hunt()
    fight.skip_to(0)
    for intent in (EndTurn(among=2), Cast("hook_swing", (0, 0), among=1)):
        with pytest.raises(refusals.NotAllowed):
            fight.do(intent)


def test_a_battle_is_fought_again_without_the_ai(monkeypatch: pytest.MonkeyPatch) -> None:
    fight = played_out(hunt())
    monkeypatch.delattr(sys.modules["apps.combat.engine.ai.house"], "best_options")
    again = engine.replay(fight.header, fight.log, fight.rulebook, fight.seed)
    assert again.events == tuple(fight.events)


def test_luck_is_rolled_for_every_row_as_a_turn_begins() -> None:
    fight = oru()
    rules = fight.rulebook.monsters["warden_engine_oru"].ai.rules
    rolls = drawn(fight.events, "rule")[-len(rules) :]
    assert tuple(roll.value for roll in rolls) == fight.who(3).luck
    assert [roll.n for roll in rolls] == [10_000] * len(rules)
    fight.do(decided(fight))
    assert len(fight.who(3).luck) == len(rules)


def test_a_row_without_its_luck_is_not_followed_whoever_says_so() -> None:
    chance = oru().rulebook.monsters["warden_engine_oru"].ai.rules[UNLIKELY_ROW].chance_bp
    assert chance < 10_000
    outcomes = set()
    for seed in range(12):
        fight = oru(seed)
        fight.battle = replace(fight.battle, round=5)
        fight.set(3, cell=(6, 5), ap=8)
        near = next(each.cell for each in fight.battle.combatants if each.team == 0)
        is_lucky = fight.who(3).luck[UNLIKELY_ROW] < chance
        outcomes.add(is_lucky)
        if is_lucky:
            continue
        assert not (isinstance(found := decided(fight), Follow) and found.rule == UNLIKELY_ROW)
        with pytest.raises(refusals.NotAllowed):
            fight.do(Follow(UNLIKELY_ROW, near))
    assert outcomes == {True, False}


def test_a_file_from_which_a_draw_of_a_machine_is_missing_is_found_out() -> None:
    export = exported(played_out(hunt()))
    assert list(engine.dice_problems(export.reveal)) == []
    rolls = export.reveal.rolls
    first = next(at for at, roll in enumerate(rolls) if roll.stream == "ai")
    without = replace(export.reveal, rolls=(*rolls[:first], *rolls[first + 1 :]))
    assert any("does not continue its stream" in problem for problem in engine.dice_problems(without))


def test_a_log_that_hides_among_how_many_a_machine_drew_is_not_what_the_rules_make() -> None:
    fight = played_out(hunt())
    export = exported(fight)
    at = next(at for at, step in enumerate(export.log) if getattr(step.input, "among", 0) == 1)
    forged = replace(export.log[at], input=replace(export.log[at].input, among=2))
    log = (*export.log[:at], forged, *export.log[at + 1 :])
    assert "differs in n" in engine.fight_again(replace(export, log=log), fight.rulebook).problem
    for among in (0, 2):
        problems = problems_of(export, at, among=among)
        assert any(f"input {at + 1} does not say among how many" in problem for problem in problems)


def test_a_log_in_which_a_player_claims_to_have_drawn_is_found_out() -> None:
    export = exported(played_out(hunt()))
    assert not [each for each in problems_of(export, 0, among=None) if "among how many" in each]
    human = export.header.builds[0].id
    steps = enumerate(export.log)
    at = next(at for at, step in steps if step.actor == human and isinstance(step.input, EndTurn))
    assert any("among how many" in problem for problem in problems_of(export, at, among=1))


def problems_of(export: engine.BattleExport, at: int, *, among: int | None) -> list[str]:
    """Return what level 1 finds in an export one of whose decisions says another number."""
    log = list(export.log)
    if among is not None:
        log[at] = replace(log[at], input=replace(log[at].input, among=among))
    changed = replace(export, log=tuple(log))
    return list(engine.export_problems(engine.read_export(msgspec.json.encode(changed))))
