"""Whatever happens in a battle goes into the journal and comes out of it the same."""

from __future__ import annotations

import pytest

from apps.combat import engine, logbook
from apps.combat.clocks import Clock, after, opened
from apps.combat.logbook import Acted, LoggedStep
from apps.combat.sentences import Narrator
from tests.combat.engine.test_random_play import BATTLES, played


@pytest.mark.parametrize("number", BATTLES)
def test_an_entry_is_read_as_it_was_written_and_every_event_can_be_told(number: int) -> None:
    fight = played(number)
    narrator = Narrator(fight.header)
    battle, clock = engine.reopen(fight.header, fight.rulebook), Clock(began=0)
    for logged in fight.log:
        before = battle
        battle, events = engine.step(battle, logged.actor, logged.input, fight.rulebook, fight.dice)
        clock = after(clock if clock.banks else opened(battle, 0), before, battle, 1_000)
        step = LoggedStep(actor=logged.actor, input=logged.input, events=events)
        entry = Acted(steps=(step,), clock=clock)
        assert logbook.decode(logbook.encode(entry)) == entry
        assert all(isinstance(narrator.tell(event), str) for event in events)
