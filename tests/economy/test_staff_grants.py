"""Staff give out of `gm:grant`, with a reason, once; what is much takes a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from aether.console.models import Approval
from aether.kernel import clock
from aether.kernel.errors import NotFoundError
from apps.accounts.errors import CharacterAwayError
from apps.accounts.models import Character
from apps.economy import auditing, mailbox, quotes, selectors
from apps.economy.errors import GrantTooLargeError, ItemRetiredError
from apps.economy.models import Entry, StaffGrant
from apps.economy.services import staff_grants
from apps.economy.services.minting import BAG_INSTANCES_MAX
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import all_at_once, character, give, stacks
from tests.economy.test_market import place
from tests.economy.test_trading import expect_refusal
from tests.economy.undoing import staff, system_sum, undone

pytestmark = pytest.mark.django_db
GIVE = "/gm/economy/staffgrant/give/"


def granted(who: int, item: str = "glim", amount: int = 50) -> StaffGrant:
    return staff_grants.grant_as_staff(
        actor=staff("gwen"), character_id=who, item=item, amount=amount, reason="lost in a fault"
    )


def give_approved(waiting: StaffGrant) -> StaffGrant:
    return staff_grants.give_approved(actor=staff("greta"), grant_id=waiting.pk, reason="seen")


def test_glim_and_items_come_out_of_the_hands_of_the_staff() -> None:
    alice = character()
    for item, amount in (("glim", 50), ("reed_fibre", 3), ("reed_hook", 2)):
        assert granted(alice, item, amount).entry_id is not None
    assert (selectors.glim(alice), stacks(alice)) == (50, {"reed_fibre": 3})
    assert [each.item for each in selectors.inventory(alice).items] == ["reed_hook"] * 2
    assert system_sum("gm:grant", "glim") == -50
    entry = Entry.objects.filter(kind="gm_grant").earliest("pk")
    assert (entry.note.text, entry.cause) == ("lost in a fault", f"gm:{StaffGrant.objects.earliest('pk').pk}")
    assert auditing.audit_ledger() == []


def test_what_finds_no_room_comes_by_mail() -> None:
    alice = character()
    give(alice, reed_hook=BAG_INSTANCES_MAX)
    granted(alice, "reed_hook", 2)
    assert [each.attached for each in mailbox.mailbox(alice).letters] == [2]
    assert auditing.audit_ledger() == []


@pytest.mark.parametrize(("item", "amount"), [("glim", 501), ("reed_fibre", 500), ("moor_licence", 1)])
def test_much_or_what_has_no_price_waits_for_a_second_person(item: str, amount: int) -> None:
    alice = character()
    assert granted(alice, item, amount).entry_id is None
    assert (selectors.glim(alice), stacks(alice)) == (0, {})


def test_what_two_people_talk_down_stays_much() -> None:
    alice, bob = character(), character("Bob")
    give(bob, reed_fibre=1, glim=50)
    give(alice, glim=50)
    place(bob, "sell", 1, 1)
    place(alice, "buy", 1, 1)
    assert granted(alice, "reed_fibre", 400).entry_id is None


def test_much_in_parts_is_much() -> None:
    """What one game master gives alone to somebody within a day counts together."""
    alice, bob = character(), character("Bob")
    assert granted(alice, "glim", 300).entry_id is not None
    assert granted(alice, "reed_fibre", 10).entry_id is not None
    assert granted(alice, "glim", 300).entry_id is None
    assert granted(bob, "glim", 300).entry_id is not None
    with clock.replaced((clock.utc_now() + timedelta(days=1, seconds=1)).timestamp):
        assert granted(alice, "glim", 300).entry_id is not None


def test_little_to_many_is_much() -> None:
    """What one game master gives alone to all characters within a day counts together, too."""
    people = [character(f"Friend {n}") for n in range(6)]
    given = [granted(each, "glim", 500).entry_id is not None for each in people]
    assert given == [True] * 5 + [False]
    assert granted(people[-1], "reed_fibre", 1).entry_id is None
    with clock.replaced((clock.utc_now() + timedelta(days=1, seconds=1)).timestamp):
        assert granted(people[-1], "glim", 500).entry_id is not None


def test_what_has_lost_its_price_since_it_was_given_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bob = character(), character("Bob")
    assert granted(alice, "reed_fibre", 10).entry_id is not None
    monkeypatch.setattr(quotes, "firm_prices", lambda items: {})
    assert granted(bob, "glim", 1).entry_id is None


@pytest.mark.django_db(transaction=True)
def test_what_is_given_at_once_counts_together() -> None:
    people = [character(f"Friend {n}") for n in range(8)]
    granted(people[0], "glim", 1)  # who gives is there
    results = all_at_once(*(lambda who=who: granted(who, "glim", 500) for who in people))  # type: ignore[misc]
    assert all(isinstance(each, StaffGrant) for each in results)
    assert sum(each.entry_id is not None for each in results if isinstance(each, StaffGrant)) == 4


def test_nothing_impossible_is_given() -> None:
    alice = character()
    expect_refusal(granted, alice, "nonsense", error=ItemRetiredError)
    expect_refusal(granted, 10**9, error=NotFoundError)
    for item, amount in (("glim", 0), ("glim", 10**6 + 1), ("reed_hook", 11), ("reed_fibre", 10_001)):
        expect_refusal(granted, alice, item, amount, error=GrantTooLargeError)
    assert not StaffGrant.objects.exists()


def test_nothing_is_given_to_who_has_left_for_another_shard() -> None:
    alice = character()
    waiting = granted(alice, "glim", 900)
    Character.objects.filter(pk=alice).update(gone_to="second")
    expect_refusal(granted, alice, error=CharacterAwayError)
    expect_refusal(give_approved, waiting, error=CharacterAwayError)
    assert selectors.glim(alice) == 0


def test_one_asks_and_another_approves_in_the_console() -> None:
    alice = character()
    for name in ("gwen", "greta"):
        game_master(name)
    asking: Client = sign_in("gwen")
    form = {"character": alice, "item": "glim", "amount": 900, "reason": "a fault"}
    assert asking.post(GIVE, form).status_code == 302
    waiting = Approval.objects.get()
    path = f"/gm/console/approval/{waiting.pk}/approve/"
    asking.post(path, {"reason": "mine"})
    assert selectors.glim(alice) == 0
    other = sign_in("greta")
    assert other.post(path, {"reason": "seen"}).status_code == 302
    assert selectors.glim(alice) == 900
    assert (StaffGrant.objects.get().asked_name, StaffGrant.objects.get().approved_name) == ("gwen", "greta")
    assert "900" in other.get("/gm/economy/staffgrant/").content.decode()


def test_a_little_is_given_at_once_from_the_page_of_the_character() -> None:
    alice = character()
    game_master()
    console = sign_in("gwen")
    link = f"{GIVE}?character={alice}"
    assert link in console.get(f"/gm/accounts/character/{alice}/change/").content.decode()
    console.post(GIVE, {"character": alice, "item": "reed_fibre", "amount": 4, "reason": ""})
    assert stacks(alice) == {}
    console.post(GIVE, {"character": alice, "item": "reed_fibre", "amount": 4, "reason": "a fault"})
    assert stacks(alice) == {"reed_fibre": 4}
    refused = console.post(GIVE, {"character": alice, "item": "nope", "amount": 4, "reason": "a fault"})
    assert refused.status_code == 200


def test_a_grant_of_the_staff_is_undone_like_any_other() -> None:
    alice = character()
    for item, amount in (("glim", 50), ("reed_hook", 1)):
        granted(alice, item, amount)
    entries = list(Entry.objects.filter(kind="gm_grant").values_list("pk", flat=True))
    undone(entries=entries)
    assert (selectors.glim(alice), selectors.inventory(alice).items) == (0, [])
    assert auditing.audit_ledger() == []
