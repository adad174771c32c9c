"""Each row of the table of what may be undone, in today's game."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from aether.kernel import clock
from apps.economy import auditing, making_selectors, selectors, services
from apps.economy.buckets import Bucket, bag, bank, faucet, sink, wallet
from apps.economy.models import Debt
from apps.economy.rules.rollback.plan import debt_of
from apps.economy.services import rollback
from apps.economy.services.folding import fold_lines
from apps.economy.services.ledger import Move
from apps.economy.services.rollback.debts import collect_debt
from tests.economy.cast import character, deal, give, item_id, stacks
from tests.economy.undoing import (
    entry_of_key,
    hand_over,
    hand_over_item,
    has_item,
    holdings,
    opened,
    post_moves,
    situations,
    staff,
    system_sum,
    undone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_checks_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.economy.services.shops._presence", [])


@pytest.fixture(autouse=True)
def _audited() -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@pytest.fixture
def cheater() -> int:
    return character("Mallory")


@pytest.fixture
def bob() -> int:
    return character("Bob")


@pytest.fixture
def carol() -> int:
    return character("Carol")


def wrong(cheater: int, **given: int) -> int:
    give(cheater, key="wrong", **given)
    return entry_of_key("wrong")


def owed(who: int, asset: str = "glim") -> int:
    return -system_sum(debt_of(who).bucket, asset)


def test_a_fungible_still_there_is_taken_whole(cheater: int) -> None:
    case = undone(entries=[wrong(cheater, glim=100, reed_fibre=3)])
    assert situations(case) == {}
    assert (selectors.glim(cheater), stacks(cheater), owed(cheater)) == (0, {}, 0)
    assert system_sum("faucet:starter") == 0


def test_what_was_spent_is_owed(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=70)
    case = undone(entries=[entry])
    assert situations(case) == {"partly_spent": 1}
    assert (selectors.glim(cheater), owed(cheater), selectors.glim(bob)) == (0, 70, 70)


def test_a_share_of_what_a_debtor_earns_pays_the_debt(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    undone(entries=[entry])
    give(cheater, glim=55, key="honest")
    _fold()
    rollback.collect_debts()
    assert (selectors.glim(cheater), owed(cheater)) == (44, 89)
    rollback.collect_debts()
    assert owed(cheater) == 89
    give(cheater, glim=1000, key="more")
    _fold()
    rollback.collect_debts()
    assert (selectors.glim(cheater), owed(cheater)) == (955, 0)
    assert Debt.objects.get().settled_at is not None


def test_spending_income_at_once_does_not_escape_the_debt(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    undone(entries=[entry])
    give(cheater, glim=50, key="honest")
    hand_over(cheater, bob, "u", glim=50)
    _fold()
    rollback.collect_debts()
    assert owed(cheater) == 100
    give(cheater, glim=50, key="more")
    _fold()
    rollback.collect_debts()
    assert owed(cheater) == 80


def test_income_that_is_put_into_the_bank_pays_the_debt_too(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    undone(entries=[entry])
    give(cheater, glim=55, key="honest")
    to_bank = Move(asset="glim", amount=52, source=wallet(cheater), target=bank(cheater))
    post_moves("bank_deposit", "b", [to_bank])
    _fold()
    rollback.collect_debts()
    assert (selectors.glim(cheater), making_selectors.in_bank(cheater), owed(cheater)) == (
        0,
        {"glim": 44},
        89,
    )


def test_a_debt_can_be_waived(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    undone(entries=[entry])
    rollback.waive_debt(actor=staff("gwen"), debt_id=Debt.objects.get().pk, reason="paid enough")
    assert owed(cheater) == 0
    assert system_sum("gm:compensation") == -100


def test_a_debt_that_ends_meanwhile_is_not_paid_off_twice(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=70)
    case = undone(entries=[entry])
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    back = rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
    rollback.approve_case(actor=staff("odo"), case_id=back.pk, seen=back.fingerprint, reason="yes")
    assert rollback.take_step(back.pk)
    rollback.waive_debt(actor=staff("gwen"), debt_id=Debt.objects.get().pk, reason="paid enough")
    rollback.carry_on(back.pk)
    assert (owed(cheater), selectors.glim(cheater)) == (0, 100)


def test_a_debt_that_is_partly_paid_meanwhile_is_paid_off_as_far_as_it_goes(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    case = undone(entries=[entry])
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    back = rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
    rollback.approve_case(actor=staff("odo"), case_id=back.pk, seen=back.fingerprint, reason="yes")
    assert rollback.take_step(back.pk)
    give(cheater, glim=50, key="honest")
    _fold()
    rollback.collect_debts()
    assert owed(cheater) == 90
    rollback.carry_on(back.pk)
    assert (owed(cheater), selectors.glim(cheater)) == (0, 50)
    rollback.collect_debts()
    assert Debt.objects.get().settled_at is not None


def test_a_debt_that_is_more_than_paid_takes_nothing(cheater: int, bob: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "t", glim=100)
    undone(entries=[entry])
    give(cheater, glim=50, key="honest")
    post_moves(
        "gift",
        "g",
        [Move(asset="glim", amount=110, source=faucet("gift"), target=Bucket(*debt_of(cheater)))],
    )
    _fold()
    assert collect_debt(Debt.objects.get().pk) == 0
    assert Debt.objects.get().settled_at is not None
    assert selectors.glim(cheater) == 50
    back = Move(asset="glim", amount=10, source=Bucket(*debt_of(cheater)), target=faucet("gift"))
    post_moves("gift", "h", [back])


def test_a_compensation_by_staff_can_be_undone(cheater: int) -> None:
    with transaction.atomic():
        services.compensate(
            character_id=cheater, glim=80, cause="battle:1", idempotency_key="gm", note="a mistake"
        )
    case = undone(entries=[entry_of_key("gm")])
    assert case.summary["reversals"] == 1
    assert (selectors.glim(cheater), system_sum("gm:compensation")) == (0, 0)


def test_what_a_rollback_has_posted_is_in_no_other_scope(cheater: int) -> None:
    undone(entries=[wrong(cheater, glim=100)])
    assert opened(characters=[cheater]).summary["situations"] == {"reversed_already": 1}


def test_a_unique_item_still_held_is_confiscated_even_from_the_body(cheater: int) -> None:
    entry = wrong(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    services.equip(character_id=cheater, item_id=hook, idempotency_key="e")
    undone(entries=[entry])
    assert not has_item(cheater, hook)
    assert system_sum("gm:confiscate", f"item:{hook}") == 1


def test_a_gift_of_this_week_is_followed(cheater: int, bob: int, carol: int) -> None:
    entry = wrong(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    hand_over_item(cheater, bob, hook, "gift")
    hand_over_item(bob, carol, hook, "gift on")
    case = undone(entries=[entry])
    assert situations(case) == {"passed_on": 2}
    assert not has_item(carol, hook)


def test_a_gift_of_last_week_stays_and_is_paid_for(cheater: int, bob: int) -> None:
    entry = wrong(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    hand_over_item(cheater, bob, hook, "gift")
    with clock.replaced(_later(timedelta(days=8))):
        case = undone(entries=[entry])
    assert situations(case) == {"given_on_long_ago": 1}
    assert has_item(bob, hook)
    assert owed(cheater) == 15


def test_a_good_faith_buyer_keeps_and_the_cheater_pays(cheater: int, bob: int) -> None:
    give(bob, glim=500)
    entry = wrong(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    hand_over_item(cheater, bob, hook, "sale", price=40)
    case = undone(entries=[entry])
    assert situations(case) == {"sold_on": 1}
    assert has_item(bob, hook)
    assert (selectors.glim(bob), selectors.glim(cheater)) == (460, 0)
    assert system_sum("gm:confiscate") == 40


def test_what_was_paid_for_is_not_paid_for_again(cheater: int, bob: int) -> None:
    give(bob, glim=500)
    entry = wrong(cheater, reed_hook=1)
    hand_over_item(cheater, bob, item_id(cheater, "reed_hook"), "sale", price=40)
    undone(entries=[entry])
    assert situations(undone(entries=[entry])) == {"reversed_already": 1}
    assert (system_sum("gm:confiscate"), owed(cheater)) == (40, 0)


def test_the_victim_of_a_theft_is_paid_for_what_was_sold_on(cheater: int, bob: int, carol: int) -> None:
    give(carol, reed_hook=1)
    give(bob, glim=500)
    hook = item_id(carol, "reed_hook")
    hand_over_item(carol, cheater, hook, "theft")
    hand_over_item(cheater, bob, hook, "sale", price=40)
    case = undone(entries=[entry_of_key("theft")], subjects=[cheater])
    assert situations(case) == {"sold_on": 1}
    assert has_item(bob, hook)
    assert (selectors.glim(carol), selectors.glim(cheater)) == (40, 0)
    assert system_sum("gm:compensation") == 0


def test_a_stolen_item_goes_back_to_whom_it_was_stolen_from(cheater: int, carol: int) -> None:
    give(carol, reed_hook=1)
    hook = item_id(carol, "reed_hook")
    hand_over_item(carol, cheater, hook, "theft")
    undone(entries=[entry_of_key("theft")], subjects=[cheater])
    assert has_item(carol, hook)


def test_a_buyer_below_half_the_price_gives_it_back_and_is_paid_back(cheater: int, bob: int) -> None:
    give(bob, glim=500)
    entry = wrong(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    hand_over_item(cheater, bob, hook, "wink", price=2)
    undone(entries=[entry])
    assert not has_item(bob, hook)
    assert selectors.glim(bob) == 500


def test_what_a_shop_has_bought_is_paid_for(cheater: int) -> None:
    entry = wrong(cheater, reed_hook=1)
    services.sell(deal(cheater, item_id(cheater, "reed_hook"), 15))
    case = undone(entries=[entry])
    assert situations(case) == {"consumed": 1}
    assert selectors.glim(cheater) == 0
    assert system_sum("gm:confiscate") == 15


def test_a_sale_to_a_shop_can_itself_be_undone(cheater: int) -> None:
    give(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    services.sell(deal(cheater, hook, 15, key="s"))
    before = selectors.glim(cheater)
    undone(entries=[entry_of_key(f"s:{cheater}")])
    assert has_item(cheater, hook)
    assert selectors.glim(cheater) == before - 15


def test_a_third_party_never_owes(cheater: int, bob: int, carol: int) -> None:
    entry = wrong(cheater, glim=100)
    hand_over(cheater, bob, "gift", glim=80)
    hand_over(bob, carol, "on", glim=50)
    case = undone(entries=[entry, entry_of_key("gift")], subjects=[cheater])
    assert situations(case) == {"spent_by_third_party": 1, "partly_spent": 1}
    assert (selectors.glim(bob), selectors.glim(carol), owed(bob)) == (0, 50, 0)
    assert owed(cheater) == 50


def test_a_sale_in_the_scope_stays(cheater: int, bob: int) -> None:
    give(bob, glim=500)
    give(cheater, reed_fibre=10)
    hand_over(cheater, bob, "sale", reed_fibre=10, price=30)
    before = holdings()
    case = undone(entries=[entry_of_key("sale")], subjects=[cheater])
    assert situations(case) == {"sale": 1}
    assert holdings() == before


def test_a_sale_among_subjects_is_undone_as_a_pair(cheater: int, bob: int) -> None:
    give(bob, glim=500)
    give(cheater, reed_fibre=10)
    before = holdings()
    hand_over(cheater, bob, "sale", reed_fibre=10, price=30)
    undone(entries=[entry_of_key("sale")], subjects=[cheater, bob])
    assert holdings() == before


def test_what_lies_in_somebodys_escrow_is_left_there(cheater: int) -> None:
    entry = wrong(cheater, reed_hook=1)
    asset = f"item:{item_id(cheater, 'reed_hook')}"
    escrow = Bucket("character", cheater, "escrow:trade:7")
    post_moves("hold", "h", [Move(asset=asset, amount=1, source=bag(cheater), target=escrow)])
    case = undone(entries=[entry])
    assert situations(case) == {"in_escrow": 1}
    assert holdings()[cheater, "escrow:trade:7", asset] == 1


def test_moving_things_about_oneself_is_nothing_to_undo(cheater: int) -> None:
    give(cheater, reed_hook=1)
    hook = item_id(cheater, "reed_hook")
    services.equip(character_id=cheater, item_id=hook, idempotency_key="e")
    case = opened(characters=[cheater], kinds=["equip"])
    assert situations(case) == {"own_move": 1}


def test_a_loss_to_a_sink_comes_back(cheater: int) -> None:
    give(cheater, glim=100)
    post_moves("take", "fine", [Move(asset="glim", amount=60, source=wallet(cheater), target=sink("fine"))])
    undone(entries=[entry_of_key("fine")])
    assert selectors.glim(cheater) == 100


def _fold() -> None:
    """Let it be certain that no earlier line appears any more, as it is once other transactions end."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO economy_foldmark VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING")
        cursor.execute(
            "UPDATE economy_foldmark SET seen_to = (SELECT max(id) FROM economy_line), seen_before = 0"
        )
    fold_lines()


def _later(span: timedelta) -> Callable[[], float]:
    moment = clock.now() + span.total_seconds()
    return lambda: moment
