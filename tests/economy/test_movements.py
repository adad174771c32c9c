"""What somebody is told of its own ledger: everything that came and went, once, in order, no more."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aether.protocol.exchange import Goods
from aether.protocol.movements import Movement
from apps.economy import movements, services
from apps.economy.buckets import bag, escrow, faucet, wallet
from apps.economy.services import shops
from apps.economy.services.ledger import Move, Posting, post_all
from apps.economy.services.staff_grants import grant_as_staff
from tests.economy.cast import character, deal, give, item_id, mint
from tests.economy.undoing import hand_over, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _beside_every_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])


def told(who: int, **wanted: object) -> list[Movement]:
    return movements.movements(who, **wanted).movements  # type: ignore[arg-type]


def seen(found: list[Movement]) -> list[tuple[str, dict[str, int]]]:
    return [(each.kind, {c.item: c.amount for c in each.changes}) for each in found]


def test_what_came_and_went_is_told_newest_first() -> None:
    alice = character()
    give(alice, glim=100, reed_hook=1)
    services.buy(deal(alice, "marsh_tonic", 12, count=2))
    hook = item_id(alice, "reed_hook")
    assert seen(told(alice)) == [
        ("buy", {"glim": -24, "marsh_tonic": 2}),
        ("grant", {"glim": 100, "reed_hook": 1}),
    ]
    newest, oldest = told(alice)
    assert (newest.topic, newest.source, oldest.topic, oldest.source) == ("shop", "shop", "found", "starter")
    assert {c.instance for c in oldest.changes} == {None, hook}


def test_what_is_put_on_has_not_moved() -> None:
    alice = character()
    give(alice, reed_hook=1)
    services.equip(character_id=alice, item_id=item_id(alice, "reed_hook"), idempotency_key="e")
    assert [each.kind for each in told(alice)] == ["grant"]


def test_a_topic_or_an_item_may_be_asked_for() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=100, reed_fibre=5)
    give(bob, glim=5)
    services.buy(deal(alice, "marsh_tonic", 12))
    hand_over(alice, bob, "7", reed_fibre=2)
    assert [each.kind for each in told(alice, topic="shop")] == ["buy"]
    assert [each.kind for each in told(alice, item="reed_fibre")] == ["trade", "grant"]
    assert [each.kind for each in told(alice, item="glim", topic="found")] == ["grant"]
    assert [each.kind for each in told(bob, item="reed_fibre")] == ["trade"]


def test_what_staff_gave_and_what_was_thrown_away_have_their_topics() -> None:
    alice = character()
    grant_as_staff(actor=staff("gwen"), character_id=alice, item="reed_fibre", amount=3, reason="a fault")
    services.discard(character_id=alice, item="reed_fibre", count=1, idempotency_key="d")
    assert [each.kind for each in told(alice, topic="house")] == ["gm_grant"]
    assert [each.kind for each in told(alice, topic="making")] == ["discard"]


def test_with_whom_one_wrote_is_told_and_what_others_hold_is_not() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=50)
    letter = services.Sending(
        character_id=alice, to="Bob", subject="Rent", body="", goods=Goods(glim=9), cod=0, idempotency_key="l"
    )
    number = services.send_letter(letter)
    services.take_attachments(
        services.Taking(character_id=bob, letter_id=number, cod=0, asset=None, idempotency_key="t")
    )
    assert [(each.kind, each.partner, each.changes[0].amount) for each in told(bob)] == [
        ("mail_take", "Alice", 9)
    ]
    assert [(each.kind, each.partner) for each in told(alice)] == [("mail_send", "Bob"), ("grant", None)]


def test_the_reference_of_a_battle_and_the_words_of_staff_stay_out() -> None:
    alice = character()
    move = Move(asset="glim", amount=3, source=faucet("loot"), target=wallet(alice))
    with transaction.atomic():
        post_all([Posting(kind="grant", idempotency_key="k", cause="battle:4711", moves=(move,))])
    assert b"4711" not in msgspec.json.encode(told(alice))


def test_every_movement_is_on_one_page_whole_however_its_lines_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements, "SCANNED", 3)
    monkeypatch.setattr(movements, "PAGE", 2)
    alice = character()
    postings = [
        Posting(
            kind="grant",
            idempotency_key=f"k{n}",
            cause="quest:1",
            moves=(
                Move(asset="glim", amount=n + 1, source=faucet("t"), target=wallet(alice)),
                Move(asset="reed_fibre", amount=n + 1, source=faucet("t"), target=bag(alice)),
                Move(asset="field_ration", amount=n + 1, source=faucet("t"), target=bag(alice)),
            ),
        )
        for n in range(7)
    ]
    with transaction.atomic():
        post_all(postings)
    amounts: list[int] = []
    before: int | None = None
    for _ in range(40):
        page = movements.movements(alice, before=before)
        assert all(len(each.changes) == 3 for each in page.movements)
        amounts += [each.changes[0].amount for each in page.movements]
        before = page.before
        if before is None:
            break
    assert amounts == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_looks_through_so_much_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements, "SCANNED", 2)
    monkeypatch.setattr(movements, "SCANS_MAX", 2)
    alice = character()
    give(alice, reed_fibre=1)
    for n in range(6):
        mint(alice, n + 1, f"m{n}")
    with CaptureQueriesContext(connection) as asked:
        page = movements.movements(alice, item="reed_fibre")
    assert page.movements == []
    assert page.before is not None
    assert len(asked) <= 5
    assert movements.movements(alice, item="reed_fibre", before=page.before).movements[0].kind == "grant"


def test_what_lies_set_aside_is_in_nobodys_hands() -> None:
    alice = character()
    give(alice, glim=10)
    aside = Move(asset="glim", amount=4, source=wallet(alice), target=escrow(alice, "order", 1))
    lost = Move(asset="glim", amount=4, source=escrow(alice, "order", 1), target=faucet("t"))
    with transaction.atomic():
        post_all([Posting(kind="order_place", idempotency_key="a", cause="market:x", moves=(aside,))])
        post_all([Posting(kind="market", idempotency_key="b", cause="market:x", moves=(lost,))])
    assert seen(told(alice)) == [("order_place", {"glim": -4}), ("grant", {"glim": 10})]


def test_who_has_never_held_anything_is_told_nothing() -> None:
    alice = character()
    assert movements.movements(alice).before is None
    assert told(alice) == []
