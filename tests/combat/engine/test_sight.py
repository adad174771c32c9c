"""Who is unseen: what others learn of it, what gives it away, and what it does to everybody else."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from apps.combat import engine
from apps.combat.engine import events as e
from apps.combat.engine import refusals
from apps.combat.engine.ai import choose
from apps.combat.engine.inputs import Cast, EndTurn, Move

from .cast import Fight, of_type
from .lab import ALLY, DAMAGE, MINE, THEIRS, lab, trick

FADE = {"type": "state", "filter": "self", "state": "invisible", "duration": 9}
HARM = {**DAMAGE, "filter": "enemy"}
OTHERS = (engine.Audience("team:1"), engine.SPECTATOR)
OWN = (engine.Audience("team:0"), engine.OMNISCIENT)


def faded(**changes: Any) -> Fight:
    """The first has vanished; its turn goes on."""
    fight = lab(FADE, id="fade", **changes)
    trick(fight, MINE, "fade")
    return fight


def seen(fight: Fight, audience: engine.Audience) -> Any:
    return engine.view(fight.battle, audience).combatants[0]


def test_others_see_where_it_was_seen_last_and_no_movement_points() -> None:
    fight = faded()
    events = fight.do(Move(((4, 3), (5, 3))))
    for audience in OTHERS:
        assert (seen(fight, audience).cell, seen(fight, audience).mp) == (MINE, 0)
        assert engine.view_events(events, fight.battle, audience) == []
    for audience in OWN:
        assert seen(fight, audience).cell == (5, 3)
        assert len(engine.view_events(events, fight.battle, audience)) == 1


def test_a_skill_gives_it_away_before_it_is_cast() -> None:
    fight = faded()
    fight.do(Move(((4, 3),)))
    fight.teach(0, HARM)
    events = trick(fight)
    (appeared,) = of_type(events, e.Appeared)
    assert appeared.cell == (4, 3)
    assert events.index(appeared) < events.index(of_type(events, e.SkillCast)[0])
    assert not fight.who(0).is_hidden


def test_a_skill_that_does_not_break_it_is_told_where_its_caster_was_seen() -> None:
    fight = faded(breaks_invisibility=False)
    fight.do(Move(((4, 3),)))
    shield = {"type": "shield", "filter": "self", "amount": [5, 5], "duration": 2}
    fight.teach(0, shield, breaks_invisibility=False)
    events = trick(fight, (4, 3))
    assert fight.who(0).is_hidden
    (told,) = of_type(engine.view_events(events, fight.battle, OTHERS[0]), e.SkillCast)
    assert (told.cell, told.mp, told.shown) == (MINE, 0, None)


def test_it_cannot_be_aimed_at_and_a_refusal_does_not_say_why() -> None:
    fight = faded()
    fight.do(Move(((4, 3),)))
    fight.do(EndTurn())
    fight.skip_to(2)
    fight.teach(2, HARM, target=["enemy"])
    with pytest.raises(refusals.WrongTarget) as met:
        trick(fight, (4, 3))
    with pytest.raises(refusals.WrongTarget) as empty:
        trick(fight, (2, 2))
    assert met.value.code == empty.value.code


def test_it_blocks_no_sight_and_no_path_that_others_choose() -> None:
    fight = faded()
    fight.do(Move(((5, 4),)))
    fight.do(EndTurn())
    fight.skip_to(2)
    fight.set(1, cell=(3, 4))
    fight.teach(2, HARM, range={"min": 1, "max": 6, "los": True}, target=["enemy"])
    assert of_type(trick(fight, (3, 4)), e.Damaged)
    events = fight.do(Move(((5, 4), (4, 4))))
    (moved,) = of_type(events, e.Moved)
    assert (moved.path, moved.stopped) == ((), "obstructed")
    assert fight.who(2).mp == moved.mp == 3


def test_it_takes_no_toll() -> None:
    fight = lab(FADE, id="fade")
    fight.give_stats(0, grip=40)
    fight.set(0, cell=(5, 4))
    trick(fight, MINE, "fade")
    fight.skip_to(2)
    fight.do(Move(((7, 4),)))
    assert fight.who(2).mp == 2


def test_damage_shows_it_for_a_moment_and_leaves_it_unseen() -> None:
    fight = faded()
    fight.do(Move(((4, 3),)))
    fight.skip_to(2)
    fight.teach(2, HARM, shape={"type": "circle", "n": 2})
    events = trick(fight, MINE)
    assert [event.cell for event in of_type(events, e.Glimpsed)] == [(4, 3)]
    assert fight.who(0).is_hidden
    assert seen(fight, OTHERS[0]).cell == (4, 3)


def test_light_reveals_it_until_it_goes_out() -> None:
    fight = faded()
    fight.skip_to(2)
    fight.teach(2, {"type": "reveal", "shape": {"type": "circle", "n": 1}, "duration": 1})
    (appeared,) = of_type(trick(fight, MINE), e.Appeared)
    assert appeared.who == fight.who(0).id
    fight.do(EndTurn())
    fight.skip_to(2)
    assert of_type(fight.events, e.Vanished)[-1].who == fight.who(0).id
    assert fight.who(0).is_hidden


def test_light_shows_traps_to_everybody() -> None:
    fight = lab({"type": "trap", "effects": [HARM]}, covert=True)
    events = trick(fight, (5, 5))
    assert engine.view(fight.battle, OTHERS[0]).fields == ()
    assert len(engine.view(fight.battle, OWN[0]).fields) == 1
    assert of_type(engine.view_events(events, fight.battle, OTHERS[0]), e.FieldLaid) == []
    (told,) = of_type(engine.view_events(events, fight.battle, OTHERS[0]), e.SkillCast)
    assert (told.cell, told.target) == (MINE, 0)
    fight.skip_to(2)
    fight.teach(2, {"type": "reveal", "shape": {"type": "circle", "n": 2}}, id="light")
    (shown,) = of_type(trick(fight, (5, 4), "light"), e.FieldRevealed)
    assert shown.field.centre == (5, 5)
    assert engine.view(fight.battle, engine.SPECTATOR).fields == (shown.field,)


def test_a_trap_that_fires_does_not_show_who_has_laid_it() -> None:
    fight = faded()
    fight.teach(0, {"type": "trap", "effects": [HARM]}, covert=True, breaks_invisibility=False)
    trick(fight, (5, 4))
    fight.skip_to(2)
    events = fight.do(Move(((5, 4),)))
    assert of_type(events, e.FieldFired)
    assert fight.who(0).is_hidden
    for audience in OTHERS:
        told = engine.view_events(events, fight.battle, audience)
        shown = [event.who for event in told if isinstance(event, e.Appeared | e.Glimpsed)]
        assert fight.who(0).id not in shown
        assert (seen(fight, audience).cell, seen(fight, audience).is_hidden) == (MINE, True)


def test_who_falls_unseen_is_seen_again() -> None:
    fight = faded()
    fight.set(0, hp=1)
    fight.skip_to(2)
    fight.teach(2, HARM, shape={"type": "circle", "n": 2})
    events = trick(fight, MINE)
    order = [type(event) for event in events if isinstance(event, e.Appeared | e.Died)]
    assert order == [e.Appeared, e.Died]


def test_the_ai_finds_nobody_whom_its_team_does_not_see() -> None:
    fight = faded()
    fight.skip_to(1)
    fight.teach(1, FADE, id="fade")
    trick(fight, ALLY, "fade")
    fight.skip_to(2)
    assert not isinstance(choose(fight.battle, fight.who(2).id, fight.rulebook, fight.dice).intent, Cast)


def test_the_ai_does_not_run_into_somebody_unseen_for_ever() -> None:
    fight = faded()
    fight.skip_to(2)
    fight.set(1, cell=(0, 4))
    fight.set(3, cell=(11, 0))
    for slot, cell in ((2, (7, 0)), (0, (6, 0))):
        fight.set(slot, cell=cell)
    fight.set(1, cell=(2, 0))
    fight.battle = replace(fight.battle, header=replace(fight.header, board=engine.board_of(["." * 12])))
    walker = fight.who(2).id
    for _ in range(6):
        if fight.battle.turn_owner == walker:
            fight.do(choose(fight.battle, walker, fight.rulebook, fight.dice).intent)
    assert [event.stopped for event in of_type(fight.events, e.Moved) if event.who == walker] == [
        "obstructed"
    ]
    assert fight.battle.turn_owner != walker


def test_what_the_ai_decides_does_not_depend_on_where_the_unseen_are() -> None:
    """Invariant 20: changing hidden fields changes nothing."""
    fight = faded()
    fight.skip_to(2)
    intents = []
    for cell in (MINE, (5, 3), (2, 2), (7, 4)):
        fight.set(0, cell=cell, mp=1)
        intents.append(choose(fight.battle, fight.who(2).id, fight.rulebook, fight.dice).intent)
    assert len(set(map(repr, intents))) == 1


def test_where_somebody_unseen_stands_nobody_can_appear() -> None:
    fight = faded()
    fight.skip_to(2)
    fight.teach(2, {"type": "teleport"}, target=["free_cell"])
    events = trick(fight, MINE)
    assert of_type(events, e.Displaced) == []
    assert [event.what for event in of_type(events, e.EffectResisted)] == ["teleport"]
    assert fight.who(2).cell == THEIRS


def test_a_heal_for_somebody_unseen_does_not_show_its_cell() -> None:
    fight = faded()
    fight.do(Move(((4, 3),)))
    fight.skip_to(1)
    fight.teach(1, {"type": "heal", "filter": "ally", "min": 5, "max": 5}, target=["ally"])
    events = trick(fight, (4, 3))
    (told,) = of_type(engine.view_events(events, fight.battle, OTHERS[0]), e.SkillCast)
    assert (told.cell, told.target) == (MINE, 0)


def test_a_covert_cast_does_not_tell_whom_it_met() -> None:
    fight = lab({"type": "heal", "filter": "ally", "min": 1, "max": 1}, covert=True)
    events = trick(fight, ALLY)
    for audience in OTHERS:
        (told,) = of_type(engine.view_events(events, fight.battle, audience), e.SkillCast)
        assert (told.cell, told.target) == (MINE, 0)
    (own,) = of_type(engine.view_events(events, fight.battle, OWN[0]), e.SkillCast)
    assert (own.cell, own.target) == (ALLY, fight.who(1).id)


@pytest.mark.parametrize("stacking", [{"stack": "independent"}, {"per_source": False}])
def test_to_fade_again_shows_nothing_to_anybody(stacking: dict[str, Any]) -> None:
    """One takes the place of the other: the oldest of one's own, or that of somebody else."""
    fade = {**FADE, "filter": "ally", **stacking}
    fight = lab(fade, id="fade", breaks_invisibility=False)
    trick(fight, MINE, "fade")
    fight.do(Move(((4, 3),)))
    fader = int("per_source" in stacking)
    fight.skip_to(fader)
    fight.teach(fader, fade, id="fade", breaks_invisibility=False)
    again = trick(fight, (4, 3), "fade")
    assert [event.why for event in of_type(again, e.EffectEnded)] == ["replaced"]
    assert of_type(again, e.Appeared) == of_type(again, e.Vanished) == []
    assert (seen(fight, OTHERS[0]).is_hidden, seen(fight, OTHERS[0]).cell) == (True, MINE)


def test_who_is_unseen_and_immune_to_being_revealed_shows_its_cell_once() -> None:
    """That it resists would tell that it is near by, and no more than near by."""
    fight = faded()
    immune = {"type": "trigger", "filter": "self", "on": "effect_applied", "stage": "replace"}
    fight.teach(0, {**immune, "polarity": "harmful", "duration": 9}, id="ward", breaks_invisibility=False)
    trick(fight, MINE, "ward")
    fight.do(Move(((4, 3),)))
    fight.skip_to(2)
    fight.teach(2, {"type": "reveal", "shape": {"type": "circle", "n": 3}, "duration": 1})
    events = trick(fight, MINE)
    assert [event.what for event in of_type(events, e.EffectResisted)] == ["revealed"]
    assert [event.cell for event in of_type(events, e.Glimpsed)] == [(4, 3)]
    assert fight.who(0).is_hidden
