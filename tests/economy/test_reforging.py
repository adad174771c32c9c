"""Equipment is made of equipment: which piece is chosen, and the story and the undoing follow it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from aether.kernel import content
from aether.kernel.errors import GameError
from apps.economy import auditing, provenance, selectors, services
from apps.economy.errors import NotHeldError
from apps.economy.making_errors import NotAnIngredientError, OneAtATimeError, PiecesNeededError
from apps.economy.models import CraftJob, Entry, ItemEvent, ItemInstance, RollbackCase
from apps.economy.services import minting, rollback, surroundings
from apps.economy.services.crafting import finish_crafts
from tests.economy.cast import all_at_once, character, give, item_id, stacks
from tests.economy.test_crafting import pass_time
from tests.economy.undoing import (
    carried_out,
    entry_of_key,
    hand_over_item,
    has_item,
    opened,
    situations,
    staff,
    undone,
)

pytestmark = pytest.mark.django_db

REFORGE = "r_reforge_reed_hook"


@pytest.fixture(autouse=True)
def _everywhere_and_lawful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"forge", "workbench"}])
    yield
    assert auditing.audit_ledger() == []


def smith(name: str = "Alice") -> int:
    who = character(name)
    give(who, glim=500, reed_hook=1, iron_link=20)
    return who


def begin(who: int, *pieces: str, recipe: str = REFORGE, count: int = 1) -> int:
    return services.craft(
        character_id=who,
        recipe_id=recipe,
        count=count,
        pieces=pieces,
        idempotency_key=f"craft:{uuid.uuid4()}",
    ).id


def reforged(who: int, piece: str) -> str:
    """Make a new hook out of one, and return it."""
    begin(who, piece)
    pass_time(who)
    assert finish_crafts() == 1
    return str(ItemInstance.objects.filter(crafted_by=who).latest("created_entry_id").pk)


def test_the_chosen_piece_becomes_another_and_no_other() -> None:
    alice = smith()
    old = item_id(alice, "reed_hook")
    give(alice, key="two", reed_hook=1)
    new = reforged(alice, old)
    held = {each.id for each in selectors.inventory(alice).items}
    assert new in held
    assert old not in held
    assert len(held) == 2
    assert stacks(alice) == {"iron_link": 18}


def test_a_cancel_gives_the_piece_back() -> None:
    alice = smith()
    before = selectors.inventory(alice)
    craft = begin(alice, item_id(alice, "reed_hook"))
    assert not selectors.inventory(alice).items
    services.cancel_craft(character_id=alice, craft_id=craft)
    assert selectors.inventory(alice) == before


def test_its_story_says_what_it_was_made_of() -> None:
    alice = smith()
    old = item_id(alice, "reed_hook")
    new = reforged(alice, old)
    told = provenance.history_for_reader(uuid.UUID(new), [alice])
    assert {each.item: each.count for each in told.made_of} == {"iron_link": 2, "reed_hook": 1}
    first = ItemInstance.objects.get(pk=old)
    assert [str(each.pk) for each in provenance.works_of(first)] == [new]
    assert provenance.ingredients_of(first) == {}


def test_what_was_made_at_once_is_of_its_own_part_of_the_ingredients() -> None:
    alice = character()
    give(alice, glim=500, reed_fibre=12, iron_link=6)
    begin(alice, recipe="r_reed_hook", count=3)
    pass_time(alice)
    finish_crafts()
    for each in ItemInstance.objects.filter(crafted_by=alice):
        assert provenance.ingredients_of(each) == {"reed_fibre": 4, "iron_link": 2}


def test_a_full_bag_has_room_for_what_takes_the_place_of_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = smith()
    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", 1)
    assert has_item(alice, reforged(alice, item_id(alice, "reed_hook")))


def test_what_is_made_of_a_bound_piece_is_bound() -> None:
    stored = json.loads(content.current().compiled)
    stored["documents"]["items"]["reed_hook"]["bound"] = True
    for shop in stored["documents"]["shops"].values():
        shop["offers"] = [offer for offer in shop["offers"] if offer["item"] != "reed_hook"]
    with content.using(content.from_text(json.dumps(stored).encode())):
        alice = smith()
    old = item_id(alice, "reed_hook")
    assert ItemInstance.objects.get(pk=reforged(alice, old)).bound_to == alice


def test_pieces_have_to_be_those_that_the_recipe_asks_for() -> None:
    alice, bob = smith(), smith("Bob")
    hook = item_id(alice, "reed_hook")
    give(alice, key="cap", shellguard_cap=1, reed_fibre=4)
    cap = item_id(alice, "shellguard_cap")
    wrong: list[tuple[type[GameError], tuple[str, ...], str, int]] = [
        (PiecesNeededError, (), REFORGE, 1),
        (NotHeldError, (hook, hook), REFORGE, 1),
        (NotHeldError, (item_id(bob, "reed_hook"),), REFORGE, 1),
        (NotHeldError, ("x" * 36,), REFORGE, 1),
        (NotAnIngredientError, (cap,), REFORGE, 1),
        (NotAnIngredientError, (hook,), "r_reed_hook", 1),
        (PiecesNeededError, (hook,), REFORGE, 2),
    ]
    before = selectors.inventory(alice)
    for refusal, pieces, recipe, count in wrong:
        with pytest.raises(refusal):
            begin(alice, *pieces, recipe=recipe, count=count)
    give(alice, key="another", reed_hook=1)
    both = [each.id for each in selectors.inventory(alice).items if each.item == "reed_hook"]
    with pytest.raises(OneAtATimeError):
        begin(alice, *both, count=2)
    assert {each.id for each in before.items} <= {each.id for each in selectors.inventory(alice).items}


def test_what_is_worn_is_not_reforged() -> None:
    alice = smith()
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    with pytest.raises(NotHeldError):
        begin(alice, hook)


def test_what_was_made_of_a_wrong_item_is_tainted_with_what_was_made_of_that() -> None:
    cheater = character("Cheater")
    give(cheater, glim=500, iron_link=20)
    give(cheater, key="wrong", reed_hook=1)
    old = item_id(cheater, "reed_hook")
    first = reforged(cheater, old)
    second = reforged(cheater, first)
    case = undone(entries=[entry_of_key("wrong")])
    assert situations(case) == {"consumed": 1}
    tainted = {str(each.instance_id) for each in ItemEvent.objects.filter(kind="tainted")}
    assert tainted == {first, second}
    assert has_item(cheater, second)


def test_what_a_good_faith_holder_has_of_it_is_tainted_and_stays() -> None:
    cheater, bob = character("Cheater"), character("Bob")
    give(cheater, glim=500, iron_link=20)
    give(bob, glim=500)
    give(cheater, key="wrong", reed_hook=1)
    made = reforged(cheater, item_id(cheater, "reed_hook"))
    hand_over_item(cheater, bob, made, "sale", price=100)
    undone(entries=[entry_of_key("wrong")])
    assert has_item(bob, made)
    assert provenance.facts_of(uuid.UUID(made))["tainted"]


def test_the_mark_goes_with_the_case_that_left_it_and_comes_back_with_it() -> None:
    cheater, bob = character("Cheater"), character("Bob")
    give(cheater, glim=500, iron_link=20)
    give(bob, glim=500)
    give(cheater, key="wrong", reed_hook=1)
    made = reforged(cheater, item_id(cheater, "reed_hook"))
    hand_over_item(cheater, bob, made, "sale", price=100)
    case = undone(entries=[entry_of_key("wrong")])
    assert provenance.facts_of(uuid.UUID(made))["tainted"] == str(case.pk)
    back = taken_back(case)
    assert "tainted" not in provenance.facts_of(uuid.UUID(made))
    taken_back(back)
    assert provenance.facts_of(uuid.UUID(made))["tainted"] == str(case.pk)


def taken_back(case: RollbackCase) -> RollbackCase:
    """Undo a case that was wrong, by two."""
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was wrong")
    back = rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
    done = carried_out(back)
    assert done.state == "done"
    return done


def test_another_craft_after_the_look_needs_another_look() -> None:
    cheater = character("Cheater")
    give(cheater, glim=500, iron_link=20)
    give(cheater, key="wrong", reed_hook=1)
    first = reforged(cheater, item_id(cheater, "reed_hook"))
    case = opened(entries=[entry_of_key("wrong")])
    reforged(cheater, first)
    assert carried_out(case).state != "done"
    assert not ItemEvent.objects.filter(kind="tainted").exists()


def test_undoing_the_craft_gives_the_piece_back_and_takes_what_was_made() -> None:
    alice = smith()
    old = item_id(alice, "reed_hook")
    new = reforged(alice, old)
    undone(entries=[Entry.objects.get(kind="craft").pk])
    assert has_item(alice, old)
    assert not has_item(alice, new)
    assert stacks(alice) == {"iron_link": 20}
    assert selectors.glim(alice) == 500


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_one_piece_goes_one_way_however_many_ask(seed: int) -> None:
    """R01: crafted, worn, sold, put into the bank and thrown away at once."""
    alice = smith()
    hook = item_id(alice, "reed_hook")
    results = all_at_once(
        lambda: begin(alice, hook),
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
        lambda: services.discard(character_id=alice, item=hook, count=1, idempotency_key="d"),
        lambda: begin(alice, hook),
    )
    assert sum(not isinstance(each, Exception) for each in results) == 1
    assert CraftJob.objects.count() + bool(selectors.equipped(alice)) <= 1
