"""Whom a rollback has changed something for is written a letter: what is gone, back, and owed."""

from __future__ import annotations

from typing import Any

import pytest

from apps.economy import mailbox
from apps.economy.models import Letter
from apps.economy.services import rollback
from tests.economy.cast import character, give, item_id
from tests.economy.undoing import carried_out, entry_of_key, hand_over, hand_over_item, staff, undone

pytestmark = pytest.mark.django_db


def corrections(who: int) -> list[Any]:
    """Return what somebody was written, oldest first."""
    letters = Letter.objects.filter(recipient_id=who, source="correction").order_by("pk")
    return [mailbox.opened(letter).correction for letter in letters]


def test_who_loses_something_is_told_what() -> None:
    alice = character()
    give(alice, glim=900, reed_fibre=7, reed_hook=1, key="wrong")
    undone(entries=[entry_of_key("wrong")])
    (told,) = corrections(alice)
    assert (told.taken.glim, [(each.item, each.count) for each in told.taken.stacks]) == (
        900,
        [("reed_fibre", 7)],
    )
    assert [each.item for each in told.taken.items] == ["reed_hook"]
    assert (told.owed.glim, told.given.glim) == (0, 0)


def test_who_owes_is_told_how_much_and_how_it_is_repaid() -> None:
    cheater = character()
    give(cheater, glim=900, key="wrong")
    hand_over(cheater, character("Bob"), "gift", glim=600)
    undone(entries=[entry_of_key("wrong")], subjects=[cheater])
    (told,) = corrections(cheater)
    assert (told.taken.glim, told.owed.glim, told.share_pct) == (300, 600, 20)


def test_a_receiver_of_a_gift_and_a_paid_victim_are_told() -> None:
    cheater, friend, buyer = character("Cheat"), character("Friend"), character("Buyer")
    give(cheater, reed_hook=1, key="wrong")
    give(buyer, glim=50, key="right")
    hook = item_id(cheater, "reed_hook")
    hand_over_item(cheater, friend, hook, "gift")
    undone(entries=[entry_of_key("wrong")], subjects=[cheater])
    (told,) = corrections(friend)
    assert [each.id for each in told.taken.items] == [hook]
    assert corrections(buyer) == []


def test_undoing_it_tells_what_is_back_and_no_longer_owed() -> None:
    cheater = character()
    give(cheater, glim=900, key="wrong")
    hand_over(cheater, character("Bob"), "gift", glim=600)
    case = undone(entries=[entry_of_key("wrong")], subjects=[cheater])
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    carried_out(rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look"))
    told = corrections(cheater)[-1]
    assert (told.given.glim, told.settled.glim, told.taken.glim) == (300, 600, 0)


def test_who_only_moved_things_about_is_not_written_to() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=30, key="mine")
    give(bob, glim=30, key="wrong")
    undone(entries=[entry_of_key("wrong")])
    assert corrections(alice) == []
