"""Hostile banking: what is put away is in one place, in its own amount, and does not escape what is owed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
import pytest

from aether.protocol.exchange import Goods
from aether.protocol.making import Deposit, Withdraw
from apps.economy import auditing, selectors, services
from apps.economy import making_selectors as making
from apps.economy.errors import CapacityError, InsufficientError, NotHeldError
from apps.economy.models import BALANCE_MAX
from apps.economy.services import banking, surroundings, trading
from tests.economy.cast import all_at_once, character, give, item_id, mint, stacks
from tests.hostile.test_exchange_rows import agreed, refusals, sending, step

racing = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_the_bank_and_lawful(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"bank"}])
    monkeypatch.setattr(trading, "_meeting", [])
    yield
    assert auditing.audit_ledger() == []


def put(who: int, item: str, count: int, key: str) -> object:
    return services.deposit(character_id=who, item=item, count=count, idempotency_key=f"{key}:{who}")


def fetch(who: int, item: str, count: int, key: str) -> object:
    return services.withdraw(character_id=who, item=item, count=count, idempotency_key=f"{key}:{who}")


@racing
def test_r01_one_item_in_the_bank_a_letter_a_trade_and_on_the_body_is_in_one_place() -> None:
    alice, bob = character(), character("Bob")
    character("Carol")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    trade = agreed(alice, bob, Goods(items=[hook]), Goods())
    services.confirm_trade(step(alice, trade))
    works = [
        lambda: put(alice, hook, 1, "d"),
        lambda: services.send_letter(sending(alice, "Carol", Goods(items=[hook]), "s")),
        lambda: services.confirm_trade(step(bob, trade)),
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
    ]
    assert len(refusals(all_at_once(*works))) == 3


@racing
def test_r08_a_stack_put_in_and_taken_out_from_all_sides_is_conserved() -> None:
    alice = character()
    give(alice, reed_fibre=5)
    works = [
        *[lambda n=n: put(alice, "reed_fibre", 2, f"d{n}") for n in range(4)],
        *[lambda n=n: fetch(alice, "reed_fibre", 3, f"w{n}") for n in range(4)],
    ]
    assert set(refusals(all_at_once(*works))) == {"economy.insufficient"}
    assert stacks(alice).get("reed_fibre", 0) + making.in_bank(alice).get("reed_fibre", 0) == 5


@racing
def test_r08_the_same_deposit_from_all_sides_is_one() -> None:
    alice = character()
    give(alice, glim=50)
    assert refusals(all_at_once(*[lambda: put(alice, "glim", 10, "same")] * 6)) == []
    assert (selectors.glim(alice), making.in_bank(alice)) == (40, {"glim": 10})


@pytest.mark.parametrize("count", [0, -1, 2**63, 1.5, "3", None])
@pytest.mark.parametrize("command", [Deposit, Withdraw])
def test_e01_the_bank_takes_no_number_that_is_none(command: type[msgspec.Struct], count: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"item": "glim", "count": count}, command)


def test_e03_a_full_vault_refuses_before_anything_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = character()
    give(alice, glim=10)
    put(alice, "glim", 10, "d")
    mint(alice, BALANCE_MAX - 5, "much")
    with pytest.raises(CapacityError):
        put(alice, "glim", BALANCE_MAX - 5, "e")
    monkeypatch.setattr(banking, "BANK_KINDS_MAX", 1)
    give(alice, reed_fibre=1)
    with pytest.raises(CapacityError):
        put(alice, "reed_fibre", 1, "f")
    assert (selectors.glim(alice), making.in_bank(alice)) == (BALANCE_MAX - 5, {"glim": 10})


def test_e03_a_full_purse_refuses_what_lies_in_the_bank() -> None:
    alice = character()
    give(alice, glim=10)
    put(alice, "glim", 10, "d")
    mint(alice, BALANCE_MAX, "much")
    with pytest.raises(CapacityError):
        fetch(alice, "glim", 10, "w")
    assert making.in_bank(alice) == {"glim": 10}


@pytest.mark.parametrize("wrap", ["{}", "item:{}", "{{{}}}", "urn:uuid:{}"])
def test_e10_what_somebody_else_holds_is_neither_put_in_nor_taken_out(wrap: str) -> None:
    alice, bob = character(), character("Bob")
    give(bob, reed_hook=1)
    for item in (item_id(bob, "reed_hook"), str(uuid.uuid4())):
        for act in (put, fetch):
            with pytest.raises((NotHeldError, InsufficientError)):
                act(alice, wrap.format(item), 1, f"{act.__name__}{item}")
    assert item_id(bob, "reed_hook")


@pytest.mark.parametrize("item", ["item:", "glim ", "GLIM", "wallet", "no_such_thing", "reed_hook"])
def test_e10_what_there_is_not_is_not_held(item: str) -> None:
    alice = character()
    give(alice, glim=10, reed_hook=1)
    for act in (put, fetch):
        with pytest.raises((NotHeldError, InsufficientError)):
            act(alice, item, 1, act.__name__)
