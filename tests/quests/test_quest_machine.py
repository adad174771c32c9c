"""Quests move along their graph only, count what they are asked to, and never count down."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from apps.quests.definitions import QuestDef
from apps.quests.rules.machine import LEGAL, Event, Status, begun, is_legal, observed

TEXT = {"en": "x", "fr": "x"}


def quest(**changes: Any) -> QuestDef:
    document = {
        "id": "q",
        "version": 1,
        "category": "side",
        "name": TEXT,
        "description": TEXT,
        "giver": "somebody",
        "ready": TEXT,
        "steps": [
            {
                "id": "first",
                "text": TEXT,
                "objectives": [
                    {
                        "id": "kill",
                        "on": "monster.killed",
                        "where": {"monster": "mud_skitter"},
                        "count": 3,
                        "text": TEXT,
                    },
                    {"id": "wear", "on": "item.equipped", "text": TEXT},
                ],
            },
            {
                "id": "second",
                "text": TEXT,
                "objectives": [{"id": "gain", "on": "item.gained", "count": 5, "text": TEXT}],
            },
        ],
    }
    return msgspec.convert(document | changes, QuestDef)


KILL = Event(type="monster.killed", fields={"monster": "mud_skitter"})
OTHER_KILL = Event(type="monster.killed", fields={"monster": "peat_hulk"})
WEAR = Event(type="item.equipped", fields={"item": "reed_hook", "slot": "weapon"})
GAIN = Event(type="item.gained", fields={"item": "reed_fibre"}, amount=4)
EVENTS = st.lists(st.sampled_from([KILL, OTHER_KILL, WEAR, GAIN]), max_size=20)


def run(events: list[Event], status: Status | None = None) -> Status:
    status = status or begun(quest())
    for event in events:
        status = observed(quest(), status, event)
    return status


def test_a_finished_step_leads_to_the_next_and_the_last_to_ready() -> None:
    status = run([KILL, KILL, KILL, WEAR])
    assert (status.state, status.step, status.progress) == ("active", "second", {"gain": 0})
    assert run([GAIN, GAIN], status) == Status(state="ready")


def test_a_quest_without_ready_completes_by_itself() -> None:
    short = quest(ready=None)
    status = begun(short)
    for event in [KILL, KILL, KILL, WEAR, GAIN, GAIN]:
        status = observed(short, status, event)
    assert status.state == "completed"


def test_other_monsters_do_not_count() -> None:
    assert run([OTHER_KILL]) == begun(quest())


@given(EVENTS)
def test_progress_never_falls_nor_passes_its_goal(events: list[Event]) -> None:
    status = begun(quest())
    for event in events:
        after = observed(quest(), status, event)
        if after.step == status.step:
            assert all(after.progress[name] >= count for name, count in status.progress.items())
            assert all(count <= 5 for count in after.progress.values())
        assert is_legal(status.state, after.state) or after == status
        status = after


@given(st.permutations([KILL, KILL, KILL, WEAR]))
def test_the_order_of_events_within_a_step_does_not_matter(events: list[Event]) -> None:
    assert run(events) == run([KILL, KILL, KILL, WEAR])


def test_nothing_leaves_completed() -> None:
    assert LEGAL["completed"] == frozenset()
