"""Quests whose rewards were taken back: done again unless something begun builds on them, and given back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from aether.kernel import content, facts
from aether.kernel.content.loading import from_documents
from aether.kernel.facts.types import QuestCompleted, QuestsRestored, QuestsRevoked
from apps.accounts import selectors as accounts
from apps.economy import selectors as economy
from apps.economy.services import rollback
from apps.quests import services
from apps.quests.definitions import QuestDef
from apps.quests.rules.revoking import reopened
from tests.economy.undoing import carried_out, opened, situations, staff
from tests.quests.cast import ILSE, MQ1, battle, hero, publish, say, state
from tests.quests.test_first_tether import fight_and_wear


def quest(name: str, condition: dict[str, Any] | None = None) -> QuestDef:
    text = {"en": "x", "fr": "x"}
    objective = {"id": "o", "on": "battle.won", "text": text}
    return msgspec.convert(
        {
            "id": name,
            "version": 1,
            "category": "side",
            "name": text,
            "description": text,
            "giver": "ilse_varn",
            "steps": [{"id": "s", "text": text, "objectives": [objective]}],
            "if": condition,
        },
        QuestDef,
    )


FIRST = quest("first")
SECOND = quest("second", {"all": [{"level": {">=": 1}}, {"quest": {"id": "first", "is": "completed"}}]})
THIRD = quest("third", {"quest": {"id": "second", "is": "completed"}})
OTHER = quest("other", {"not": {"quest": {"id": "first", "is": "completed"}}})
KNOWN = [FIRST, SECOND, THIRD, OTHER]


@pytest.mark.parametrize("begun", ["active", "ready", "completed"])
def test_a_quest_stays_done_while_one_that_needs_it_has_begun(begun: str) -> None:
    assert reopened(["first"], {"first": "completed", "second": begun}, KNOWN) == {"first": "second"}


def test_a_quest_opens_again_where_nothing_builds_on_it() -> None:
    states = {"first": "completed", "second": "available", "other": "active"}
    assert reopened(["first", "third"], states, KNOWN) == {"first": None}


def test_quests_of_a_chain_open_together_as_far_as_nothing_keeps_them() -> None:
    states = {"first": "completed", "second": "completed"}
    assert reopened(["first", "second"], states, KNOWN) == {"first": None, "second": None}
    kept = {"first": "second", "second": "third"}
    assert reopened(["first", "second"], {**states, "third": "active"}, KNOWN) == kept


@pytest.fixture
def alice(db: None) -> int:
    """Somebody who has done the first quest and been paid for it."""
    who = hero()
    say(who, "accept", "go")
    fight_and_wear(who)
    say(who, "report", "farewell")
    publish()
    assert state(who) == "completed"
    return who


def undo(who: int) -> Any:
    case = carried_out(opened(causes=[f"quest:{MQ1}"], characters=[who]))
    facts.drain()
    return case


def test_a_quest_whose_rewards_are_undone_can_be_done_and_is_paid_once_again(alice: int) -> None:
    glim = economy.glim(alice)
    case = undo(alice)
    assert case.summary["reopenings"] == [{"character_id": alice, "quest": MQ1}]
    assert (state(alice), economy.glim(alice), economy.count_of(alice, "moor_licence")) == (
        "available",
        glim - 50,
        0,
    )
    say(alice, "accept", "go")
    publish(battle(2, alice))
    before = economy.glim(alice)
    say(alice, "report", "farewell")
    assert (economy.glim(alice), economy.count_of(alice, "moor_licence")) == (before + 50, 1)
    assert accounts.character(alice).xp_total >= 120


def test_undoing_the_rollback_has_it_done_and_never_paid_twice(alice: int) -> None:
    glim = economy.glim(alice)
    case = undo(alice)
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    carried_out(rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look"))
    facts.drain()
    assert (state(alice), economy.glim(alice)) == ("completed", glim)
    publish(battle(3, alice))
    assert state(alice) == "completed"


def test_told_twice_it_opens_once(alice: int) -> None:
    case = undo(alice)
    say(alice, "accept", "go")
    publish(facts_of(alice, case.pk))
    assert state(alice) == "active"


def test_a_case_may_leave_quests_done(alice: int) -> None:
    carried_out(opened(causes=[f"quest:{MQ1}"], characters=[alice], reopens_quests=False))
    facts.drain()
    assert state(alice) == "completed"


def facts_of(who: int, case: int) -> QuestsRevoked:
    return QuestsRevoked(character=who, quests=(MQ1,), case=case)


def test_what_was_open_only_because_of_it_is_locked_again_and_opens_with_its_return(alice: int) -> None:
    with content.using(pack_with_a_sequel()):
        publish(QuestCompleted(character=alice, quest=MQ1))
        assert state(alice, "sequel") == "available"
        case = undo(alice)
        assert state(alice, "sequel") == "locked"
        publish(QuestsRestored(character=alice, case=case.pk))
        assert (state(alice), state(alice, "sequel")) == ("completed", "available")


def test_a_case_shows_and_keeps_to_it_that_a_quest_stays_done(alice: int) -> None:
    with content.using(pack_with_a_sequel()):
        publish(QuestCompleted(character=alice, quest=MQ1))
        services.start(character_id=alice, quest_id="sequel", cause="test")
        case = undo(alice)
        assert case.summary["reopenings"] == []
        assert "quest" in situations(case)
        assert state(alice) == "completed"


def test_a_dry_run_is_stale_once_a_sequel_has_begun(alice: int) -> None:
    with content.using(pack_with_a_sequel()):
        publish(QuestCompleted(character=alice, quest=MQ1))
        case = opened(causes=[f"quest:{MQ1}"], characters=[alice])
        services.start(character_id=alice, quest_id="sequel", cause="test")
        assert carried_out(case).state == "stale"


def pack_with_a_sequel() -> content.Pack:
    """Return the running pack with a quest that needs the first one."""
    pack = content.current()
    documents = msgspec.json.decode(pack.compiled)["documents"]
    condition = {"quest": {"id": MQ1, "is": "completed"}}
    first = {**documents["quests"][MQ1], "id": "sequel", "if": condition}
    del first["ready"]
    documents["quests"]["sequel"] = first
    is_open = {"quest": {"id": "sequel", "is": "available"}}
    more = {"id": "more", "text": first["name"], "if": is_open, "end": True}
    for node in documents["dialogues"][ILSE]["nodes"]:
        node["options"].append({**more, "effects": [{"quest.start": "sequel"}]})
    return from_documents(pack.info, documents)
