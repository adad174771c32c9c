"""Experience that a rollback takes goes with its level and points, and comes back with it."""

from __future__ import annotations

import pytest

from aether.kernel import facts
from aether.kernel.facts.types import XpRestored, XpRevoked
from apps.accounts import selectors, services
from apps.accounts.models import Character
from apps.economy import services as economy
from apps.economy.services import rollback
from tests.economy.cast import character
from tests.economy.undoing import carried_out, staff, undone

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


def test_a_rollback_of_loot_takes_the_experience_along_and_its_undoing_gives_it_back(alice: int) -> None:
    services.grant_xp(character_id=alice, amount=40, cause="battle:9")
    economy.grant(character_id=alice, cause="battle:9", idempotency_key="loot:9", glim=30)
    case = undone(causes=["battle:9"])
    facts.drain()
    assert case.summary["revocations"] == [{"character_id": alice, "cause": "battle:9", "amount": 40}]
    assert Character.objects.get(pk=alice).xp_total == 1600
    back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="it was right")
    carried_out(rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look"))
    facts.drain()
    assert Character.objects.get(pk=alice).xp_total == 1640


def test_a_case_may_leave_the_experience(alice: int) -> None:
    economy.grant(character_id=alice, cause="battle:2", idempotency_key="loot:2", glim=30)
    undone(causes=["battle:2"], revokes_xp=False)
    facts.drain()
    assert Character.objects.get(pk=alice).xp_total == 1600
