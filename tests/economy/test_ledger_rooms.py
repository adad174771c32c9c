"""Game masters read the ledger and change nothing in it."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.economy import selectors, services
from apps.economy.models import Account, Entry, ItemInstance
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, item_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def console() -> Client:
    game_master()
    return sign_in("gwen")


@pytest.fixture
def alice() -> int:
    """Somebody who has a hook on and some glim."""
    found = character("Alice<script>")
    give(found, glim=70, reed_fibre=3, reed_hook=1)
    services.equip(character_id=found, item_id=item_id(found, "reed_hook"), idempotency_key="e")
    return found


def text_of(console: Client, path: str) -> str:
    page = console.get(path)
    assert page.status_code == 200
    return page.content.decode()


def test_an_entry_shows_its_lines(console: Client, alice: int) -> None:
    entry = Entry.objects.get(kind="grant")
    shown = text_of(console, f"/gm/economy/entry/{entry.pk}/change/")
    assert "+70" in shown
    assert "-70" in shown
    assert "faucet:starter" in shown


def test_an_account_shows_balances_and_statement(console: Client, alice: int) -> None:
    account = Account.objects.get(owner_id=alice, bucket="bag")
    shown = text_of(console, f"/gm/economy/account/{account.pk}/change/")
    assert "reed_fibre" in shown
    assert "+3" in shown


def test_a_faucet_shows_what_it_has_given(console: Client, alice: int) -> None:
    account = Account.objects.get(bucket="faucet:starter")
    assert "-70" in text_of(console, f"/gm/economy/account/{account.pk}/change/")


def test_an_item_shows_where_it_has_been(console: Client, alice: int) -> None:
    hook = item_id(alice, "reed_hook")
    shown = text_of(console, f"/gm/economy/iteminstance/{hook}/change/")
    assert f"character {alice} bag" in shown
    assert f"character {alice} equipped:weapon" in shown


@pytest.mark.parametrize("room", ["entry", "account", "iteminstance"])
def test_the_rooms_list_and_search(console: Client, alice: int, room: str) -> None:
    for query in ("", str(alice), "starter:test", "nonsense", "' OR 1=1 --"):
        assert console.get(f"/gm/economy/{room}/", {"q": query}).status_code == 200


@pytest.mark.parametrize("room", ["entry", "account", "iteminstance"])
def test_nothing_can_be_written(console: Client, alice: int, room: str) -> None:
    model = {"entry": Entry, "account": Account, "iteminstance": ItemInstance}[room]
    found = model.objects.order_by("pk").first()
    assert found is not None
    for path in ("add/", f"{found.pk}/delete/", f"{found.pk}/change/"):
        assert console.post(f"/gm/economy/{room}/{path}", {"kind": "forged"}).status_code == 403
    assert selectors.glim(alice) == 70


def test_quests_and_blocks_are_listed_too(console: Client) -> None:
    for path in ("quests/queststatus/", "quests/flag/", "chat/block/"):
        assert console.get(f"/gm/{path}").status_code == 200
