"""Experience that a rollback takes goes with its level and points, and comes back with it."""

from __future__ import annotations

import pytest

from aether.kernel import facts
from aether.kernel.facts.types import XpRestored, XpRevoked
from apps.accounts import selectors, services
from apps.accounts.models import Character
from tests.economy.cast import character

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> int:
    found = character()
    services.grant_xp(character_id=found, amount=100, cause="battle:1")
    services.grant_xp(character_id=found, amount=1500, cause="battle:2")
    return found


def revoke(who: int, amount: int) -> None:
    facts.publish(XpRevoked(character=who, cause="battle:2", amount=amount, case=7))
    facts.drain()


def test_it_is_known_what_each_cause_gave(alice: int) -> None:
    assert selectors.xp_by_cause([alice], ["battle:2", "battle:3"]) == {(alice, "battle:2"): 1500}


def test_points_that_the_level_no_longer_gives_are_free_again(alice: int) -> None:
    services.allocate(character_id=alice, points={"vigor": 8})
    revoke(alice, 1500)
    profile = selectors.profile(alice)
    assert (profile.level, profile.stat_points, profile.stats["vigor"]) == (1, 0, 0)
    assert Character.objects.get(pk=alice).xp_total == 100


def test_points_that_the_level_still_gives_stay_spent(alice: int) -> None:
    services.allocate(character_id=alice, points={"vigor": 5})
    revoke(alice, 500)
    assert selectors.profile(alice).stats["vigor"] == 5


def test_what_was_revoked_comes_back(alice: int) -> None:
    revoke(alice, 1500)
    assert selectors.xp_by_cause([alice], ["battle:2"]) == {}
    facts.publish(XpRestored(character=alice, case=7))
    facts.drain()
    assert Character.objects.get(pk=alice).xp_total == 1600
    assert selectors.xp_by_cause([alice], ["battle:2"]) == {(alice, "battle:2"): 1500}


def test_nobody_has_less_than_no_experience(alice: int) -> None:
    revoke(alice, 10**6)
    assert Character.objects.get(pk=alice).xp_total == 0
