"""Where a sword was, ever: told to its holder, to whom it is offered, and to nobody else."""

from __future__ import annotations

import itertools
import uuid

import msgspec
import pytest
from django.test import Client

from aether.kernel.errors import NotFoundError
from aether.protocol.economy import ItemHistory
from aether.protocol.exchange import Goods
from apps.accounts.models import Character
from apps.economy import mailbox, provenance, services
from apps.economy.models import ItemEvent, ItemInstance
from apps.economy.services import trading
from tests.economy.cast import character, give, item_id
from tests.economy.undoing import hand_over_item

pytestmark = pytest.mark.django_db


def client_of(character_id: int) -> Client:
    client = Client()
    client.force_login(Character.objects.get(pk=character_id).account)
    return client


def test_the_holder_is_told_of_every_holder_before() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    services.unequip(character_id=alice, slot="weapon", idempotency_key="u")
    hand_over_item(alice, bob, hook, "gift")
    told = client_of(bob).get(f"/api/v1/items/{hook}/history").json()
    assert [(each["holder"], each["kind"]) for each in told["stations"]] == [
        ("Alice", "grant"),
        ("Bob", "trade"),
    ]
    assert told["item"] == "reed_hook"


def test_to_others_the_item_does_not_exist() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    for item in (item_id(alice, "reed_hook"), str(uuid.uuid4())):
        assert client_of(bob).get(f"/api/v1/items/{item}/history").status_code == 404
    assert Client().get(f"/api/v1/items/{item}/history").status_code in (401, 403)


def history(item: str, who: int) -> ItemHistory:
    return provenance.history_for_reader(uuid.UUID(item), [who])


def holders(told: ItemHistory) -> list[str | None]:
    return [each.holder for each in told.stations]


def test_whom_it_is_offered_by_trade_is_told_until_the_trade_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "_meeting", [])
    alice, bob, cara = character(), character("Bob"), character("Cara")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    with pytest.raises(NotFoundError):
        history(hook, bob)
    at = services.Step(character_id=alice, trade_id=trade.id, rev=trade.rev)
    services.offer_in_trade(at, Goods(items=[hook]))
    assert holders(history(hook, bob)) == ["Alice"]
    with pytest.raises(NotFoundError):
        history(hook, cara)
    services.cancel_trade(character_id=bob, trade_id=trade.id)
    with pytest.raises(NotFoundError):
        history(hook, bob)


def test_what_somebody_offers_and_has_no_more_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "_meeting", [])
    alice, bob, cara = character(), character("Bob"), character("Cara")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    at = services.Step(character_id=alice, trade_id=trade.id, rev=trade.rev)
    services.offer_in_trade(at, Goods(items=[hook]))
    hand_over_item(alice, cara, hook, "gift")
    with pytest.raises(NotFoundError):
        history(hook, bob)


def test_an_open_auction_and_a_letter_tell_where_it_was() -> None:
    alice, bob, cara = character(), character("Bob"), character("Cara")
    give(alice, glim=100, reed_hook=2)
    hook = item_id(alice, "reed_hook")
    auction = services.open_auction(
        services.Listing(
            character_id=alice, item_id=hook, start_bid=5, buyout=None, hours=12, idempotency_key="a"
        )
    )
    assert holders(history(hook, cara)) == ["Alice"]
    services.cancel_auction(character_id=alice, auction_id=auction.id)
    with pytest.raises(NotFoundError):
        history(hook, cara)
    other = item_id(alice, "reed_hook")
    letter = services.Sending(
        character_id=alice,
        to="Bob",
        subject="For you",
        body="",
        goods=Goods(items=[other]),
        cod=9,
        idempotency_key="l",
    )
    services.send_letter(letter)
    assert holders(history(other, bob)) == ["Alice", "Bob"]
    with pytest.raises(NotFoundError):
        history(other, alice)


def test_what_staff_know_and_whose_battle_it_was_is_told_to_nobody() -> None:
    alice = character()
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    made = ItemInstance.objects.get(pk=hook)
    facts = {"tainted": 7, "made_for": "battle:99", "made_by": "grant", "durability": 12}
    ItemEvent.objects.create(instance=made, kind="arrived", facts=facts, entry_id=made.created_entry_id)
    told = history(hook, alice)
    assert told.facts == {"made_by": "grant", "durability": "12"}
    assert b"battle:99" not in msgspec.json.encode(told)


def test_who_is_no_longer_here_is_not_taken_for_the_house() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    hand_over_item(alice, bob, hook, "gift")
    Character.objects.filter(pk=alice).delete()
    assert [(each.holder, each.is_house) for each in history(hook, bob).stations] == [
        (None, False),
        ("Bob", False),
    ]


def test_a_very_long_story_begins_at_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "STATIONS_MAX", 3)
    alice, bob, cara = character(), character("Bob"), character("Cara")
    give(cara, reed_hook=1)
    hook = item_id(cara, "reed_hook")
    path = [cara, alice, bob, alice, bob]
    for n, (giver, taker) in enumerate(itertools.pairwise(path)):
        hand_over_item(giver, taker, hook, f"gift{n}")
    told = history(hook, bob)
    assert (holders(told), told.left_out) == (["Cara", "Alice", "Bob"], 2)


def test_what_is_offered_is_shown_as_worn_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "_meeting", [])
    alice, bob = character(), character("Bob")
    give(alice, glim=100, reed_hook=2)
    for hook in ItemInstance.objects.all():
        ItemEvent.objects.create(
            instance=hook, kind="worn", facts={"durability": 3}, entry_id=hook.created_entry_id
        )
    first, second = sorted(str(each.pk) for each in ItemInstance.objects.all())
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    at = services.Step(character_id=alice, trade_id=trade.id, rev=trade.rev)
    offered = services.offer_in_trade(at, Goods(items=[first]))
    assert [each.durability for each in offered.mine.goods.items] == [3]
    services.cancel_trade(character_id=alice, trade_id=trade.id)
    auction = services.open_auction(
        services.Listing(
            character_id=alice, item_id=second, start_bid=5, buyout=None, hours=12, idempotency_key="a"
        )
    )
    assert auction.goods.durability == 3
    assert mailbox.goods_seen({f"item:{first}": 1}).items[0].durability == 3
