"""Nobody gets by a trade what it could not carry; who it is, both are told, and nothing has moved."""

from __future__ import annotations

import pytest

from aether.protocol.exchange import Portion
from apps.economy import selectors, services
from apps.economy.errors import PartnerOverweightError
from apps.economy.services import trading
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.test_trading import Watch, begun, expect_refusal, locked, offered, step, watch

pytestmark = pytest.mark.django_db
__all__ = ["watch"]


@pytest.fixture(autouse=True)
def _together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "_meeting", [])


@pytest.fixture
def both() -> tuple[int, int]:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=1000)
    give(bob, lampfat=selectors.carries_most(bob) - 10, glim=50)
    return alice, bob


def fibre(count: int) -> dict[str, list[Portion]]:
    return {"stacks": [Portion(item="reed_fibre", count=count)]}


def test_nobody_locks_what_one_of_both_could_not_carry(both: tuple[int, int]) -> None:
    alice, bob = both
    trade = offered(alice, begun(alice, bob), **fibre(11))
    for who in both:
        with pytest.raises(PartnerOverweightError) as refused:
            services.lock_trade(step(who, trade))
        assert refused.value.details == {"name": "Bob"}
    assert locked(offered(alice, trade, **fibre(10)), *both).state == "locked"


def test_what_one_gives_makes_room_for_what_it_gets(both: tuple[int, int]) -> None:
    alice, bob = both
    trade = offered(alice, begun(alice, bob), **fibre(30))
    trade = offered(bob, trade, stacks=[Portion(item="lampfat", count=20)])
    assert locked(trade, *both).state == "locked"


def test_who_carries_too_much_may_still_get_rid_of_it(both: tuple[int, int], watch: Watch) -> None:
    alice, bob = both
    trade = locked(offered(alice, begun(alice, bob), **fibre(5)), alice, bob)
    watch.pass_s(3)
    services.confirm_trade(step(alice, trade))
    assert services.confirm_trade(step(bob, trade)).state == "committed"


def test_what_has_become_too_heavy_since_is_not_exchanged(both: tuple[int, int], watch: Watch) -> None:
    alice, bob = both
    trade = offered(alice, begun(alice, bob), **fibre(10))
    trade = locked(offered(bob, trade, glim=50), alice, bob)
    give(bob, key="loot", skitter_shell=1)
    watch.pass_s(3)
    services.confirm_trade(step(alice, trade))
    expect_refusal(services.confirm_trade, step(bob, trade), error=PartnerOverweightError)
    assert (selectors.glim(bob), stacks(alice)) == (50, {"reed_fibre": 1000})
    assert "reed_fibre" not in stacks(bob)


def test_unique_things_weigh_too(both: tuple[int, int]) -> None:
    alice, bob = both
    give(alice, key="hook", reed_hook=1)
    give(bob, key="full", lampfat=10)
    trade = offered(alice, begun(alice, bob), items=[item_id(alice, "reed_hook")])
    expect_refusal(services.lock_trade, step(bob, trade), error=PartnerOverweightError)


def test_glim_weighs_nothing(both: tuple[int, int]) -> None:
    alice, bob = both
    give(bob, key="more", lampfat=500)
    assert locked(offered(bob, begun(alice, bob), glim=50), alice, bob).state == "locked"
