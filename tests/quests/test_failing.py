"""Quests that fail: by what content says, and begun again only where it gives another chance."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import facts
from aether.kernel.conditions import Condition, holds, situation_of
from apps.accounts import services as accounts
from apps.economy import making_selectors as making
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.quests import services
from apps.quests.errors import NotAvailableError
from apps.quests.rules.machine import is_legal
from tests.economy.cast import give
from tests.quests.cast import hero, say, state
from tests.quests.test_quest_checks import Documents, node, problems

pytestmark = pytest.mark.django_db(transaction=True)

OVERDUE, ODILE = "side_archive_overdue", "odile_quire"


def reader() -> int:
    """Return a character that has come as far as the Archive."""
    found = hero(beside=ODILE)
    accounts.grant_xp(character_id=found, amount=150_000, cause="test:level")
    facts.drain()
    return found


def borrower() -> int:
    found = reader()
    assert say(found, "overdue", "accept", npc=ODILE)[-1] == ""
    assert state(found, OVERDUE) == "active"
    return found


def fail(character_id: int) -> None:
    services.fail(character_id=character_id, quest_id=OVERDUE, cause="test")


def test_a_talk_may_fail_a_quest_and_give_another_chance() -> None:
    alice = borrower()
    assert say(alice, "lose", npc=ODILE) == ["greeting", "disappointed"]
    assert state(alice, OVERDUE) == "failed"
    assert say(alice, npc=ODILE) == ["disappointed"]
    with pytest.raises(NotAvailableError):
        services.accept(character_id=alice, quest_id=OVERDUE)
    say(alice, "again", npc=ODILE)
    assert state(alice, OVERDUE) == "active"


def test_only_what_is_under_way_fails() -> None:
    alice = reader()
    fail(alice)
    assert state(alice, OVERDUE) == "available"
    say(alice, "overdue", "accept", npc=ODILE)
    fail(alice)
    fail(alice)
    assert state(alice, OVERDUE) == "failed"


def test_a_condition_asks_for_a_failed_quest() -> None:
    alice = borrower()
    asked = msgspec.convert({"quest": {"id": OVERDUE, "is": "failed"}}, Condition)
    assert not holds(asked, situation_of(alice, asked))
    fail(alice)
    assert holds(asked, situation_of(alice, asked))


def test_a_ready_quest_may_still_fail_and_a_completed_one_never() -> None:
    assert is_legal("ready", "failed")
    assert not is_legal("completed", "failed")
    assert not is_legal("available", "failed")


def test_the_ledgers_are_handed_over_and_a_recipe_is_shown() -> None:
    alice = borrower()
    give(alice, sealed_ledger=5)
    services.advance(character_id=alice, quest_id=OVERDUE, cause="test")
    assert "r_inkglass_lamp" not in making.crafting(alice).recipes
    assert say(alice, "hand_over", npc=ODILE) == ["returned", "closed"]
    assert state(alice, OVERDUE) == "completed"
    assert "r_inkglass_lamp" in making.crafting(alice).recipes
    assert economy.count_of(alice, "sealed_ledger") == 0


def test_whoever_knows_the_recipe_already_completes_the_quest_all_the_same() -> None:
    alice = borrower()
    economy_services.unlock_recipes(character_id=alice, recipes=["r_inkglass_lamp"])
    give(alice, sealed_ledger=5)
    services.advance(character_id=alice, quest_id=OVERDUE, cause="test")
    say(alice, "hand_over", npc=ODILE)
    assert state(alice, OVERDUE) == "completed"
    assert making.crafting(alice).recipes.count("r_inkglass_lamp") == 1


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        ({"quest.fail": "lost"}, "there is no quest `lost`"),
        ({"unlock": {"recipe": "lost"}}, "there is no recipe `lost`"),
        ({"unlock": {"recipe": "r_reed_hook"}}, "everybody knows `r_reed_hook`"),
        ({"unlock": {"exit": {"zone": "lastmoor", "exit": "lost"}}}, "`lastmoor` has no exit `lost`"),
        (
            {"unlock": {"exit": {"zone": "reedmoor_flats", "exit": "terrace_gate"}}},
            "does not ask to be `unlocked`",
        ),
        ({"unlock": {}}, "names a `recipe` or an `exit`"),
    ],
)
def test_an_effect_that_would_change_nothing_is_found(effect: Documents, message: str) -> None:
    def change(documents: Documents) -> None:
        node(documents, "greeting", ODILE)["options"][0]["effects"] = [effect]

    assert message in problems(change)


def test_a_condition_on_a_failure_that_nothing_brings_about_is_found() -> None:
    def change(documents: Documents) -> None:
        for each in documents["dialogues"][ODILE]["nodes"]:
            for option in each["options"]:
                option["effects"] = [
                    effect for effect in option.get("effects", []) if "quest.fail" not in effect
                ]
        documents["objects"]["notice_board"]["seen_if"] = {"quest": {"id": OVERDUE, "is": "failed"}}

    assert "no fresh character can ever see it" in problems(change)
