"""The audit finds what breaks a law, even where somebody got round the triggers."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from apps.economy import auditing, services
from tests.economy.cast import character, deal, give, item_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy() -> int:
    """Somebody who has earned, worn, bought and sold."""
    alice = character()
    give(alice, glim=500, reed_fibre=3, reed_hook=2)
    services.equip(character_id=alice, item_id=item_id(alice, "reed_hook"), idempotency_key="e")
    services.unequip(character_id=alice, slot="weapon", idempotency_key="u")
    services.sell(deal(alice, item_id(alice, "reed_hook"), 15, key="s"))
    return alice


@pytest.fixture(autouse=True)
def _nobody_checks_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.economy.services.shops._presence", [])


def tamper(statement: str) -> set[str]:
    """Change the ledger as a superuser could, and return the laws that the audit finds broken."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    return {finding.law for finding in auditing.audit_ledger()}


def test_an_honest_ledger_keeps_every_law(busy: int) -> None:
    assert auditing.audit_ledger() == []


@pytest.mark.parametrize(
    ("statement", "law"),
    [
        (
            "UPDATE economy_line SET amount = amount + 1 WHERE asset = 'glim' AND amount > 0",
            "the lines of an entry sum to zero per asset",
        ),
        (
            "DELETE FROM economy_line WHERE asset = 'reed_fibre' AND amount > 0",
            "each asset sums to zero over all accounts",
        ),
        (
            "UPDATE economy_balance SET posted = posted + 1 WHERE asset = 'glim'",
            "a balance and its unfolded credits are the sum of its lines",
        ),
        (
            "DELETE FROM economy_balance WHERE asset = 'glim'",
            "a balance and its unfolded credits are the sum of its lines",
        ),
        (
            "DELETE FROM economy_iteminstance",
            "every item instance in the ledger is described, and every one described is in the ledger",
        ),
        (
            "INSERT INTO economy_line (entry_id, account_id, asset, amount) SELECT DISTINCT entry_id,"
            " (SELECT max(id) FROM economy_account WHERE bucket = 'wallet'), asset, 1"
            " FROM economy_line WHERE asset LIKE 'item:%' AND amount > 0",
            "an item instance has one holder, a character or a sink",
        ),
        (
            "UPDATE economy_line SET account_id ="
            " (SELECT max(id) FROM economy_account WHERE bucket = 'wallet')"
            " WHERE amount < 0 AND asset LIKE 'item:%'",
            "the lines of an item instance form a path",
        ),
    ],
)
def test_a_broken_law_is_found(busy: int, statement: str, law: str) -> None:
    assert law in tamper(statement)


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_all_is_well() -> None:
    give(character(), glim=5)
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    assert f"keeps its {len(auditing.LAWS)} laws" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command_fails_where_a_law_is_broken() -> None:
    give(character(), glim=5)
    tamper("UPDATE economy_balance SET posted = posted + 1")
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit_ledger", stderr=errors)
    assert "a balance and its unfolded credits are the sum of its lines: broken by" in errors.getvalue()
