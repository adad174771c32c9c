"""Balances that were damaged past the triggers are rebuilt from the lines, also while people play on."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from apps.economy import auditing, selectors, services
from apps.economy.models import Account, BalanceRepair
from apps.economy.services import rebuilding
from tests.economy.cast import character, give, mint, stacks

pytestmark = pytest.mark.django_db(transaction=True)


def damage(statement: str) -> None:
    """Change something past the triggers, as a fault of the disk or a hand in the database may."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def alice() -> int:
    found = character()
    give(found, glim=50, reed_fibre=7, reed_hook=1)
    services.fold()
    services.fold()
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE economy_balance SET posted = posted + 5 WHERE asset = 'glim'",
        "UPDATE economy_balance SET posted = 0",
        "DELETE FROM economy_balance",
        "INSERT INTO economy_balance (account_id, asset, posted)"
        " SELECT account_id, 'lampfat', 9 FROM economy_balance LIMIT 1",
        "INSERT INTO economy_systemtotal (account_id, asset, total)"
        " SELECT id, 'glim', 3 FROM economy_account WHERE owner_type = 'system' LIMIT 1"
        " ON CONFLICT (account_id, asset) DO UPDATE SET total = economy_systemtotal.total + 3",
    ],
)
def test_what_was_damaged_is_what_its_lines_say(alice: int, statement: str) -> None:
    damage(statement)
    with pytest.raises(SystemExit):
        call_command("rebuild_balances")
    assert auditing.audit_ledger() != [], "a dry run puts nothing right"
    call_command("rebuild_balances", "--apply")
    assert auditing.audit_ledger() == []
    assert (selectors.glim(alice), stacks(alice)) == (50, {"reed_fibre": 7})
    assert [each.item for each in selectors.inventory(alice).items] == ["reed_hook"]
    call_command("rebuild_balances")


def test_a_repair_says_what_it_has_changed(alice: int) -> None:
    damage("UPDATE economy_balance SET posted = posted + 5 WHERE asset = 'glim'")
    rebuilding.rebuild()
    assert list(BalanceRepair.objects.values_list("asset", "before", "after")) == [("glim", 55, 50)]


def test_a_repair_of_what_is_right_changes_nothing(alice: int) -> None:
    account = Account.objects.get(owner_id=alice, bucket="wallet")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO economy_balancerepair (account_id, asset, before, after, at)"
            " VALUES (%s, 'glim', 1, 999, now())",
            [account.pk],
        )
    assert (selectors.glim(alice), BalanceRepair.objects.count()) == (50, 0)


def test_lines_that_come_to_less_than_nothing_are_no_balance(alice: int) -> None:
    wallet = Account.objects.get(owner_id=alice, bucket="wallet").pk
    damage(f"UPDATE economy_line SET amount = -1 WHERE asset = 'glim' AND account_id = {wallet}")
    repaired, refused = rebuilding.rebuild()
    assert ([each.summed for each in refused], repaired) == ([-1], [])


def test_nothing_but_a_repair_moves_a_balance(alice: int) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE economy_balance SET posted = 1")
    assert selectors.glim(alice) == 50


def test_r17_it_is_rebuilt_while_people_play_on(alice: int) -> None:
    bob = character("Bob")
    is_over = Event()

    def play() -> None:
        n = 0
        while not is_over.is_set():
            n += 1
            for who in (alice, bob):
                mint(who, 3, f"live:{who}:{n}")
                services.take(character_id=who, cause="test:1", idempotency_key=f"t:{who}:{n}", glim=1)
        connection.close()

    players = [Thread(target=play)]
    for each in players:
        each.start()
    try:
        for _ in range(10):
            damage("UPDATE economy_balance SET posted = posted + 7 WHERE asset = 'glim'")
            rebuilding.rebuild()
    finally:
        is_over.set()
        for each in players:
            each.join(30)
    assert BalanceRepair.objects.count() >= 10
    assert auditing.audit_ledger() == []
