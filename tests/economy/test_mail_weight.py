"""What somebody gives is taken only as far as one can carry it; nothing that is one's own is lost by it."""

from __future__ import annotations

import pytest

from aether.protocol.exchange import Goods, Portion
from apps.economy import selectors, services
from apps.economy.errors import OverweightError
from apps.economy.services.minting import BAG_INSTANCES_MAX
from tests.economy.cast import character, give, stacks
from tests.economy.test_mail import days_later, send, some, take

pytestmark = pytest.mark.django_db


def test_nobody_takes_more_out_of_a_letter_than_it_can_carry() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=1000, glim=5)
    most = selectors.carries_most(bob)
    give(bob, lampfat=most - 10)
    letter = send(alice, goods=Goods(stacks=some("reed_fibre", 11)))
    with pytest.raises(OverweightError) as refused:
        take(bob, letter)
    assert refused.value.details == {"most": most}
    take(bob, send(alice, goods=Goods(stacks=some("reed_fibre", 10)), key="less"))
    assert stacks(bob) == {"lampfat": most - 10, "reed_fibre": 10}


def test_taking_all_leaves_what_is_too_heavy() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=1000, glim=5)
    letter = send(alice, goods=Goods(glim=5, stacks=some("reed_fibre", 1000)))
    assert take(bob, letter).letter.attached == 1
    assert (selectors.glim(bob), stacks(bob)) == (5, {})


def test_what_weighs_nothing_more_is_taken_by_whoever_carries_too_much() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=5)
    give(bob, lampfat=1000)
    take(bob, send(alice, goods=Goods(glim=5)))
    assert selectors.glim(bob) == 5


def test_a_letter_too_heavy_goes_home_and_is_taken_there_whatever_it_weighs() -> None:
    alice = character()
    character("Bob")
    give(alice, reed_fibre=1000)
    letter = send(alice, goods=Goods(stacks=some("reed_fibre", 1000)))
    with days_later(31):
        services.sweep()
        take(alice, letter)
    assert stacks(alice) == {"reed_fibre": 1000}


def test_nobody_pays_for_what_it_could_not_carry() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=1000, lampfat=1)
    give(bob, glim=50)
    goods = Goods(stacks=[Portion(item="reed_fibre", count=1000), Portion(item="lampfat", count=1)])
    letter = send(alice, goods=goods, cod=50)
    for asset in ("lampfat", None):
        with pytest.raises(OverweightError):
            take(bob, letter, cod=50, asset=asset)
    assert (selectors.glim(bob), selectors.glim(alice), stacks(bob)) == (50, 0, {})


def test_what_was_paid_for_waits_until_it_can_be_carried() -> None:
    alice, bob = character(), character("Bob")
    most = selectors.carries_most(bob)
    give(alice, reed_fibre=most - 1, lampfat=1)
    give(bob, glim=50)
    goods = Goods(stacks=[Portion(item="reed_fibre", count=most - 1), Portion(item="lampfat", count=1)])
    letter = send(alice, goods=goods, cod=50)
    with days_later(29):
        take(bob, letter, cod=50, asset="lampfat")
    give(bob, key="loot", skitter_shell=5)
    with days_later(58):
        services.sweep()
        with pytest.raises(OverweightError):
            take(bob, letter, key="rest")
        services.take(character_id=bob, cause="test:1", idempotency_key="t", items={"skitter_shell": 5})
        take(bob, letter, key="rest")
    assert stacks(bob) == {"lampfat": 1, "reed_fibre": most - 1}


def test_taking_all_takes_what_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "CARRIES_AT_LEAST", 10_000)
    alice, bob = character(), character("Bob")
    give(bob, reed_hook=BAG_INSTANCES_MAX - 1)
    give(alice, reed_hook=2, glim=5)
    items = [each.id for each in selectors.inventory(alice).items]
    letter = send(alice, goods=Goods(glim=5, items=items))
    assert take(bob, letter).letter.attached == 1
    assert (selectors.glim(bob), len(selectors.inventory(bob).items)) == (5, BAG_INSTANCES_MAX)
