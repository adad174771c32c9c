"""A character moves from one shard to the other, with everything that it has, whatever is killed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aether.kernel import clock, facts, shards
from aether.kernel.errors import NotFoundError
from aether.kernel.models import Shard
from apps.accounts import selectors, services
from apps.accounts.errors import (
    CharacterAwayError,
    SameShardError,
    ShardNotOpenError,
    TransferBlockedError,
    TransferTooLateError,
    TransferTooSoonError,
    TransferUnderWayError,
)
from apps.accounts.models import Transfer
from apps.accounts.services.transferring import leaving, telling
from apps.economy import selectors as economy
from apps.economy.auditing import audit_ledger
from apps.world.models import ExitUnlock
from tests.accounts import cast
from tests.economy.cast import sum_of_beyond
from tests.shards.two_shards import TwoShards
from tests.shards.wanderer import Wanderer

POINTS = [
    "transfer_frozen",
    "transfer_packing",
    "transfer_packed",
    "transfer_claimed",
    "transfer_unpacking",
    "transfer_arrived",
    "transfer_released",
    *(f"transfer_told:{n}" for n in range(1, 6)),
]
STEPS_TO = {"requested": (), "frozen": (leaving.freeze,), "exported": (leaving.freeze, leaving.pack)}
ON_THE_WAY_BACK = ["transfer_returning", "transfer_returned", "transfer_told:1", "transfer_told:2"]


class KilledError(BaseException):
    """The process dies: what had not committed is gone, and nobody tidies up."""


def kill_at(patch: pytest.MonkeyPatch, point: str) -> None:
    name, _, hit = point.partition(":")
    left = int(hit or 1)

    def reach(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left == 0:
                raise KilledError

    for module in (telling, leaving, services.transferring.arriving):
        patch.setattr(module, "reach", reach)


def sweep(two_shards: TwoShards) -> None:
    """Let both shards do what is due, until nothing is."""
    for _ in range(6):
        for shard in ("first", "second"):
            with two_shards.on(shard):
                services.move_characters()


def assert_nothing_is_lost(two_shards: TwoShards) -> None:
    for shard in ("first", "second"):
        with two_shards.on(shard):
            assert services.audit_transfers() == []
            assert audit_ledger() == []
    beyond: Counter[str] = Counter()
    for shard in ("first", "second"):
        with two_shards.on(shard):
            beyond.update(sum_of_beyond())
    assert not any(beyond.values()), "what left one shard and what came to the other differ"


def holders(two_shards: TwoShards, name: str) -> list[str]:
    """Return the shards on which somebody plays under a name."""
    found = []
    for shard in ("first", "second"):
        with two_shards.on(shard):
            try:
                selectors.character_named(name)
            except NotFoundError:
                continue
            found.append(shard)
    return found


def without_fee(described: dict[str, Any]) -> dict[str, Any]:
    return described | {"glim": described["glim"] - 100}


def why_of(transfer: UUID) -> list[dict[str, str]]:
    """Return what the player is told of why a transfer did not happen."""
    found: list[dict[str, str]] = Transfer.objects.get(pk=transfer).why
    return found


def state_of(transfer: UUID) -> str:
    return Transfer.objects.get(pk=transfer).state


def test_everything_goes_along(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    before = maren.described()
    maren.leave_for("second")
    sweep(two_shards)
    assert holders(two_shards, "Maren") == ["second"]
    with two_shards.on("second"):
        assert maren.again().described() == without_fee(before)
    assert selectors.characters_of(maren.account_id) == []
    assert selectors.whereabouts("Maren") == ("second", "Maren")
    assert_nothing_is_lost(two_shards)


def test_who_comes_back_is_who_left(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    maren.leave_for("second")
    sweep(two_shards)
    Shard.objects.update(transfer_cooldown_s=0, transfer_fee=0)
    with two_shards.on("second"):
        maren.again().leave_for("first")
    sweep(two_shards)
    assert holders(two_shards, "Maren") == ["first"]
    assert maren.again() == maren
    assert_nothing_is_lost(two_shards)


def test_a_shard_of_the_release_before_takes_who_has_failed_a_quest(two_shards: TwoShards) -> None:
    """It knows neither that state nor unlocked exits: the one is given up for it, the other it forgets."""
    maren = Wanderer.made()
    before = maren.described()
    transfer = maren.leave_for("second")
    for step in STEPS_TO["exported"]:
        step(Transfer.objects.get(pk=transfer))
    packed = Transfer.objects.get(pk=transfer).package
    assert packed is not None
    assert "failed" not in {state for _, state, *_ in packed["quests"]["quests"]}
    sweep(two_shards)
    Shard.objects.update(transfer_cooldown_s=0, transfer_fee=0)
    with two_shards.on("second"):
        ExitUnlock.objects.all().delete()
        maren.again().leave_for("first")
    sweep(two_shards)
    assert maren.described() == without_fee(before)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_loses_and_doubles_nothing(
    two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    maren = Wanderer.made()
    before = maren.described()
    maren.leave_for("second")
    with monkeypatch.context() as patch:
        kill_at(patch, point)
        with pytest.raises(KilledError):
            sweep(two_shards)
    assert len(holders(two_shards, "Maren")) <= 1
    sweep(two_shards)
    assert holders(two_shards, "Maren") == ["second"]
    with two_shards.on("second"):
        assert maren.again().described() == before | {"glim": before["glim"] - 100}
    assert_nothing_is_lost(two_shards)


@pytest.mark.parametrize("stage", ["requested", "frozen", "exported"])
@pytest.mark.parametrize("point", ON_THE_WAY_BACK)
def test_a_character_can_be_called_back_until_it_arrives(
    two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch, stage: str, point: str
) -> None:
    maren = Wanderer.made()
    before = maren.described()
    transfer = maren.leave_for("second")
    for step in STEPS_TO[stage]:
        step(Transfer.objects.get(pk=transfer))
    assert state_of(transfer) == stage
    with monkeypatch.context() as patch:
        kill_at(patch, point)
        try:
            services.call_back(account_id=maren.account_id, transfer_id=transfer)
            sweep(two_shards)
        except KilledError:
            pass
    sweep(two_shards)
    assert state_of(transfer) == "returned"
    assert holders(two_shards, "Maren") == ["first"]
    assert maren.described() == before
    assert_nothing_is_lost(two_shards)


def test_who_arrives_cannot_be_called_back(two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch) -> None:
    maren = Wanderer.made()
    transfer = maren.leave_for("second")
    with monkeypatch.context() as patch:
        kill_at(patch, "transfer_claimed")
        with pytest.raises(KilledError):
            sweep(two_shards)
    with pytest.raises(TransferTooLateError):
        services.call_back(account_id=maren.account_id, transfer_id=transfer)


@pytest.mark.parametrize("point", ["", "transfer_declined", "transfer_returning"])
def test_what_the_target_cannot_take_goes_home(
    two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    maren = Wanderer.made()
    before = maren.described()
    transfer = maren.leave_for("second")
    with two_shards.on("second"):
        for name in ("Ana", "Bea", "Cleo", "Dora", "Edda"):
            cast.character(maren.account, name)
    with monkeypatch.context() as patch:
        if point:
            kill_at(patch, point)
            with pytest.raises(KilledError):
                sweep(two_shards)
    sweep(two_shards)
    assert [each["code"] for each in why_of(transfer)] == ["accounts.too_many_characters"]
    assert state_of(transfer) == "returned"
    assert maren.described() == before
    assert_nothing_is_lost(two_shards)


def test_all_that_is_open_is_told_at_once(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    maren.opens_things()
    with pytest.raises(TransferBlockedError) as refusal:
        maren.leave_for("second")
    assert refusal.value.details["blockers"] == ["mail", "order", "party", "dungeon"]
    assert "an order on the market" in refusal.value.message("en")
    assert "un ordre au marché" in refusal.value.message("fr")
    assert not Transfer.objects.exists()


def test_what_opens_meanwhile_lets_the_character_stay(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    transfer = maren.leave_for("second")
    maren.opens_things()
    sweep(two_shards)
    assert state_of(transfer) == "returned"
    assert [each["code"] for each in why_of(transfer)] == ["mail", "order", "party", "dungeon"]
    assert why_of(transfer)[1]["fr"] == "un ordre au marché"
    assert holders(two_shards, "Maren") == ["first"]


def test_nobody_plays_a_character_that_leaves(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    transfer = maren.leave_for("second")
    leaving.freeze(Transfer.objects.get(pk=transfer))
    with pytest.raises(CharacterAwayError):
        selectors.character_of_account(maren.account_id, maren.character_id)
    with pytest.raises(CharacterAwayError):
        selectors.profile(maren.character_id)


def test_facts_that_name_a_character_come_before_its_packing(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    transfer = maren.leave_for("second")
    maren.levels_up()
    sweep(two_shards)
    assert state_of(transfer) == "frozen"
    facts.drain()
    sweep(two_shards)
    assert state_of(transfer) == "done"


def test_a_second_transfer_of_the_same_character_is_refused(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    maren.leave_for("second")
    with pytest.raises(TransferUnderWayError):
        maren.leave_for("second")


def test_where_nobody_can_go_is_refused(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    with pytest.raises(SameShardError):
        maren.leave_for("first")
    with pytest.raises(NotFoundError):
        maren.leave_for("third")
    shards.change_state(actor=cast.game_master(), shard_id="second", state="closed", reason="not ready")
    with pytest.raises(ShardNotOpenError):
        maren.leave_for("second")
    Shard.objects.filter(pk="second").update(state="open", seen_at=clock.utc_now() - timedelta(minutes=2))
    with pytest.raises(ShardNotOpenError) as refusal:
        maren.leave_for("second")
    assert refusal.value.details == {"standing": "away"}


def test_who_has_come_lately_stays_a_while(two_shards: TwoShards) -> None:
    maren = Wanderer.made()
    maren.leave_for("second")
    sweep(two_shards)
    with two_shards.on("second"), pytest.raises(TransferTooSoonError):
        maren.again().leave_for("first")


def test_staff_bring_home_what_hangs(two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch) -> None:
    maren, gwen = Wanderer.made(), cast.game_master()
    transfer = maren.leave_for("second")
    with monkeypatch.context() as patch:
        kill_at(patch, "transfer_claimed")
        with pytest.raises(KilledError):
            sweep(two_shards)
    with pytest.raises(TransferTooLateError):
        services.call_back_as_staff(actor=gwen, transfer_id=transfer, reason="it hangs")
    with two_shards.on("second"):
        services.call_back_as_staff(actor=gwen, transfer_id=transfer, reason="it hangs")
    sweep(two_shards)
    assert state_of(transfer) == "returned"
    assert economy.inventory(maren.character_id).glim > 0
    assert_nothing_is_lost(two_shards)
