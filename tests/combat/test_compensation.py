"""Compensation: once for each battle and person, by the ledger, and above a threshold by two."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from aether.console import approvals
from aether.console.models import Approval
from aether.kernel import facts
from aether.kernel.audit import SecondPersonError
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import ForbiddenError
from aether.kernel.transactions import transactional
from apps.accounts import selectors as accounts
from apps.accounts.models import Account
from apps.combat import services
from apps.combat.errors import CompensatedError, NothingToCompensateError, NotToCompensateError
from apps.combat.models import BattleCompensation, BattleRecord
from apps.economy import selectors as economy
from apps.economy.models import Entry, EntryNote
from tests import cast
from tests.combat.cast import fighter, ground
from tests.combat.test_draws import draw, game_master

pytestmark = pytest.mark.usefixtures("arena")


class Duel:
    def __init__(self, battle_id: int, one: int, other: int) -> None:
        self.id, self.one, self.other = battle_id, one, other

    def purses(self) -> list[int]:
        return [economy.inventory(each).glim for each in (self.one, self.other)]

    def experience(self) -> list[int]:
        return [accounts.character(each).xp_total for each in (self.one, self.other)]


@transactional
def _begun(one: int, other: int) -> int:
    builds = (fighter(one, team=0), fighter(other, team=1))
    return services.open_battle("duel", ground(), builds).battle


async def drawn_duel() -> Duel:
    alice, bob = await cast.alice(), await cast.bob()
    battle_id = await in_database_thread(_begun, alice.character_id, bob.character_id)
    await in_database_thread(draw, battle_id)
    return Duel(battle_id, alice.character_id, bob.character_id)


def give(battle_id: int, **changes: Any) -> list[int]:
    asked = {"actor": game_master(), "glim": 100, "xp": 50, "reason": "the fault was ours"} | changes
    return services.compensate(battle_id=battle_id, **asked)


async def test_each_player_gets_the_same_with_the_reason_in_the_ledger() -> None:
    duel = await drawn_duel()
    before = await in_database_thread(duel.purses)
    assert await in_database_thread(give, duel.id) == [duel.one, duel.other]
    assert await in_database_thread(duel.purses) == [glim + 100 for glim in before]
    assert await in_database_thread(duel.experience) == [50, 50]
    entry = await Entry.objects.filter(cause=f"compensation:battle:{duel.id}").afirst()
    assert entry is not None
    assert (await EntryNote.objects.aget(entry=entry)).text == "the fault was ours"
    await in_database_thread(lambda: call_command("audit_ledger"))


async def test_nobody_is_compensated_twice() -> None:
    duel = await drawn_duel()
    await in_database_thread(give, duel.id)
    before = await in_database_thread(duel.purses)
    with pytest.raises(CompensatedError):
        await in_database_thread(give, duel.id)
    assert await in_database_thread(duel.purses) == before
    assert await BattleCompensation.objects.acount() == 2


async def test_a_battle_that_went_well_is_not_compensated() -> None:
    alice, bob = await cast.alice(), await cast.bob()
    battle_id = await in_database_thread(_begun, alice.character_id, bob.character_id)
    with pytest.raises(NotToCompensateError):
        await in_database_thread(give, battle_id)


@pytest.mark.parametrize(("glim", "xp"), [(0, 0), (-1, 5), (10**7, 0), (0, 10**6)])
async def test_an_amount_is_something_and_bounded(glim: int, xp: int) -> None:
    duel = await drawn_duel()
    with pytest.raises(NothingToCompensateError):
        await in_database_thread(lambda: give(duel.id, glim=glim, xp=xp))


async def test_more_than_the_threshold_takes_a_second_person() -> None:
    duel = await drawn_duel()
    gwen, gil = await in_database_thread(game_master), await in_database_thread(game_master, "gil")
    for approved_by in (None, gwen):
        with pytest.raises(SecondPersonError):
            await in_database_thread(lambda who=approved_by: give(duel.id, glim=5_000, approved_by=who))
    assert await in_database_thread(lambda: give(duel.id, glim=5_000, approved_by=gil))
    kept = await BattleCompensation.objects.afirst()
    assert kept is not None
    assert (kept.actor, kept.approved_by) == ("gwen", "gil")


def ask(battle_id: int, actor: Account) -> int:
    return approvals.ask(
        actor=actor,
        act="compensate_battle",
        target=f"battle:{battle_id}",
        values={"glim": 5_000, "xp": 0},
        reason="a whole evening is lost",
    ).pk


async def test_what_was_asked_for_is_done_by_the_word_of_another() -> None:
    duel = await drawn_duel()
    gwen, gil = await in_database_thread(game_master), await in_database_thread(game_master, "gil")
    asked = await in_database_thread(ask, duel.id, gwen)
    before = await in_database_thread(duel.purses)
    with pytest.raises(SecondPersonError):
        await in_database_thread(lambda: approvals.approve(actor=gwen, approval_id=asked, reason="mine"))
    assert await in_database_thread(duel.purses) == before
    await in_database_thread(lambda: approvals.approve(actor=gil, approval_id=asked, reason="true"))
    assert await in_database_thread(duel.purses) == [glim + 5_000 for glim in before]
    with pytest.raises(approvals.AlreadyDecidedError):
        await in_database_thread(lambda: approvals.approve(actor=gil, approval_id=asked, reason="true"))
    assert await in_database_thread(duel.purses) == [glim + 5_000 for glim in before]


async def test_what_is_refused_now_waits_on() -> None:
    """The battle was compensated in between: nothing happens, and the request can still be refused."""
    duel = await drawn_duel()
    gwen, gil = await in_database_thread(game_master), await in_database_thread(game_master, "gil")
    asked = await in_database_thread(ask, duel.id, gwen)
    await in_database_thread(give, duel.id)
    with pytest.raises(CompensatedError):
        await in_database_thread(lambda: approvals.approve(actor=gil, approval_id=asked, reason="true"))
    assert (await Approval.objects.aget(pk=asked)).state == "open"
    await in_database_thread(lambda: approvals.refuse(actor=gil, approval_id=asked, reason="late"))
    assert (await Approval.objects.aget(pk=asked)).state == "refused"


async def test_the_database_itself_knows_no_approval_by_who_asked() -> None:
    gwen = await in_database_thread(game_master)
    asked = await in_database_thread(ask, 1, gwen)

    def forge() -> None:
        with transaction.atomic():
            Approval.objects.filter(pk=asked).update(
                state="approved", decided_by=gwen, decided_at="2026-01-01T00:00:00Z"
            )

    with pytest.raises(IntegrityError):
        await in_database_thread(forge)


async def test_who_asked_may_take_it_back_and_others_ask_once() -> None:
    gwen = await in_database_thread(game_master)
    asked = await in_database_thread(ask, 1, gwen)
    with pytest.raises(approvals.AlreadyAskedError):
        await in_database_thread(ask, 1, gwen)
    await in_database_thread(lambda: approvals.refuse(actor=gwen, approval_id=asked, reason="a mistake"))
    assert (await Approval.objects.aget(pk=asked)).state == "withdrawn"


async def test_both_persons_need_the_permission() -> None:
    gwen = await in_database_thread(game_master)
    asked = await in_database_thread(ask, 1, gwen)
    temp = await in_database_thread(
        lambda: Account.objects.create_user("temp", password=cast.PASSWORD, is_staff=True)
    )
    with pytest.raises(ForbiddenError):
        await in_database_thread(lambda: approvals.approve(actor=temp, approval_id=asked, reason="sure"))
    with pytest.raises(ForbiddenError):
        await in_database_thread(ask, 2, temp)


async def test_the_draw_before_it_frees_all() -> None:
    duel = await drawn_duel()
    await in_database_thread(facts.drain)
    assert (await BattleRecord.objects.aget(pk=duel.id)).status == BattleRecord.Status.DRAWN
