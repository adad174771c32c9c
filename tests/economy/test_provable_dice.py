"""Dice outside battles: committed to first, thrown in order, shown at the end, and checked by anybody."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from msgspec.structs import replace

from aether.kernel import clock, content, rng
from aether.kernel.errors import NotFoundError
from aether.protocol.dice import DiceExport
from apps.economy import dice as fair
from apps.economy import services
from apps.economy.making import NodeDef
from apps.economy.making_errors import DiceInUseError, DiceUnusedError
from apps.economy.models import DiceThrow
from apps.economy.rules.proof import UnreadableDiceError, export_problems, read_export
from apps.economy.services import shops, throwing
from apps.economy.services.throwing import show_due_dice, thrown
from tests.economy.cast import all_at_once, character, deal, give

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 30, 4, tzinfo=UTC)


def gather(who: int, key: str) -> services.Granted:
    node = content.current().get(NodeDef, "reed_bed")
    return services.gather(character_id=who, node=node, zone="moor", idempotency_key=f"gather:{who}:{key}")


def shown(who: int) -> DiceExport:
    services.show_dice(character_id=who)
    (pair, *_) = fair.shown_pairs(who).pairs
    return fair.export(who, pair.number)


def test_what_is_thrown_follows_from_seeds_that_were_told_and_given_before() -> None:
    alice = character()
    told = services.read_dice(character_id=alice).waiting
    services.share_in_dice(character_id=alice, pair=told.number, seed=b"a word of mine")
    given = [gather(alice, f"{n}") for n in range(5)]
    export = shown(alice)
    assert list(export_problems(export)) == []
    assert (export.pair.commitment, export.pair.number) == (told.commitment, told.number)
    assert bytes.fromhex(export.pair.client_seed) == b"a word of mine"
    assert [throw.nonce for throw in export.throws] == [0, 1, 2, 3, 4]
    assert {throw.cause for throw in export.throws} == {"gather:reed_bed"}
    assert [throw.gave for throw in export.throws] == [
        {stack.item: stack.count for stack in granted.stacks} for granted in given
    ]


def test_the_seed_of_the_house_is_shown_to_nobody_while_it_is_in_use() -> None:
    alice = character()
    gather(alice, "a")
    seen = services.read_dice(character_id=alice)
    assert seen.in_use is not None
    assert (seen.in_use.server_seed, seen.waiting.server_seed) == (None, None)
    with pytest.raises(NotFoundError):
        fair.export(alice, seen.in_use.number)
    with pytest.raises(NotFoundError):
        fair.export(alice, seen.waiting.number)
    assert fair.shown_pairs(alice).pairs == ()


def test_the_next_pair_is_committed_to_before_the_last_one_ends() -> None:
    alice = character()
    gather(alice, "a")
    waiting = services.read_dice(character_id=alice).waiting
    services.share_in_dice(character_id=alice, pair=waiting.number, seed=b"next")
    services.show_dice(character_id=alice)
    gather(alice, "b")
    in_use = services.read_dice(character_id=alice).in_use
    assert in_use is not None
    assert (in_use.commitment, in_use.client_seed) == (waiting.commitment, b"next".hex())


def test_nobody_shares_in_a_pair_that_is_in_use() -> None:
    alice = character()
    number = services.read_dice(character_id=alice).waiting.number
    gather(alice, "a")
    with pytest.raises(DiceInUseError):
        services.share_in_dice(character_id=alice, pair=number, seed=b"too late")
    services.show_dice(character_id=alice)
    with pytest.raises(DiceInUseError):
        services.share_in_dice(character_id=alice, pair=number, seed=b"far too late")
    with pytest.raises(DiceUnusedError):
        services.show_dice(character_id=alice)


def test_a_pair_ends_with_its_week_whether_it_is_thrown_again_or_not() -> None:
    alice, bob = character(), character("Bob")
    before = MONDAY - timedelta(hours=1)
    with clock.replaced(before.timestamp):
        gather(alice, "a")
        gather(bob, "a")
        assert show_due_dice() == 0
        assert services.read_dice(character_id=alice).week_ends_at == MONDAY.timestamp()
    with clock.replaced(MONDAY.timestamp):
        gather(alice, "b")
        assert [pair.throws for pair in fair.shown_pairs(alice).pairs] == [1]
        assert show_due_dice() == 1
        assert [pair.throws for pair in fair.shown_pairs(bob).pairs] == [1]
        assert services.read_dice(character_id=bob).in_use is None


def test_a_pair_that_is_thrown_very_often_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throwing, "THROWS_MAX", 2)
    alice = character()
    for n in range(5):
        gather(alice, f"{n}")
    assert [pair.throws for pair in fair.shown_pairs(alice).pairs] == [2, 2]


def test_whatever_gives_nothing_by_dice_takes_no_throw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])
    alice = character()
    give(alice, glim=500, reed_fibre=3)
    services.buy(deal(alice, "reed_fibre", 6, key="stack"))
    assert not DiceThrow.objects.exists()


def test_a_transaction_that_is_undone_throws_the_same_again() -> None:
    alice = character()
    gather(alice, "before")

    def rolls() -> list[int]:
        with thrown(alice, cause="gather:x", entry_key="x") as dice:
            return [dice.below(1000) for _ in range(20)]

    def undone() -> list[int]:
        with transaction.atomic():
            found = rolls()
            transaction.set_rollback(True)
        return found

    assert undone() == undone() == rolls() != rolls()


def test_the_same_key_throws_once() -> None:
    alice = character()
    assert gather(alice, "k") == gather(alice, "k")
    assert DiceThrow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_once_each_throw_has_a_number_of_its_own() -> None:
    alice = character()
    gather(alice, "first")
    all_at_once(*[lambda n=n: gather(alice, f"{n}") for n in range(8)])  # type: ignore[misc]
    export = shown(alice)
    assert (len(export.throws), list(export_problems(export))) == (9, [])


def test_bought_and_granted_things_are_thrown_with_the_pair_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])
    alice = character()
    give(alice, glim=10_000)
    services.buy(deal(alice, "reed_hook", 60, key="hook"))
    services.grant(character_id=alice, cause="chest:c1", idempotency_key="chest", loot="lt_reed_bed")
    export = shown(alice)
    assert list(export_problems(export)) == []
    assert [throw.cause for throw in export.throws] == ["shop:lastmoor_stores", "chest:c1"]
    assert export.throws[0].gave == {"reed_hook": 1}


def test_a_craft_that_waits_for_room_comes_to_what_it_did_before() -> None:
    """See test_crafting for the waiting itself: here only its dice."""
    alice = character()
    with thrown(alice, cause="craft:r", entry_key="hold:1:resolve") as first:
        rolled = [first.below(100) for _ in range(5)]
    services.show_dice(character_id=alice)
    gather(alice, "meanwhile")
    with thrown(alice, cause="craft:r", entry_key="hold:1:resolve", earlier=first.kept) as again:
        assert [again.below(100) for _ in range(5)] == rolled
    assert DiceThrow.objects.filter(cause="craft:r").count() == 1


def test_a_pair_that_was_sealed_under_a_key_of_before_is_thrown_on(settings: Any) -> None:
    alice = character()
    gather(alice, "a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key" * 8, [settings.SECRET_KEY]
    gather(alice, "b")
    export = shown(alice)
    assert (len(export.throws), list(export_problems(export))) == (2, [])


def test_a_clock_that_is_behind_ends_a_pair_all_the_same() -> None:
    alice = character()
    now = clock.now()
    with clock.replaced(lambda: now + 0.5):
        gather(alice, "a")
    with clock.replaced(lambda: now):
        assert len(shown(alice).throws) == 1


def test_after_a_restore_no_seed_that_was_shown_is_thrown_with(capsys: pytest.CaptureFixture[str]) -> None:
    alice, bob = character(), character("Bob")
    gather(alice, "a")
    services.read_dice(character_id=bob)
    before = services.read_dice(character_id=alice)
    assert before.in_use is not None
    call_command("renew_dice")
    assert "2 characters" in capsys.readouterr().out
    assert {pair.number for pair in fair.shown_pairs(alice).pairs} >= {
        before.in_use.number,
        before.waiting.number,
    }
    assert all(list(export_problems(fair.export(who, 1))) == [] for who in (alice, bob))
    gather(alice, "b")
    after = services.read_dice(character_id=alice)
    assert after.in_use is not None
    # Numbers that were told after the moment of the restore are not told again of other pairs.
    assert after.in_use.number > before.waiting.number + 500
    assert (after.in_use.throws, after.waiting.number) == (1, after.in_use.number + 1)


def test_dice_are_even() -> None:
    """A χ² of 2,000 throws; the seed of the house is drawn anew, so the bound is one in 10^9."""
    alice, counts = character(), Counter[int]()
    with thrown(alice, cause="gather:x", entry_key="x") as dice:
        for _ in range(2000):
            counts[dice.below(10)] += 1
    chi_square = sum((counts[face] - 200) ** 2 / 200 for face in range(10))
    assert chi_square < 62, counts


@pytest.fixture
def export() -> DiceExport:
    alice = character()
    for n in range(3):
        gather(alice, f"{n}")
    return shown(alice)


def test_the_sample_that_the_client_is_tested_with_is_fair() -> None:
    sample = read_export(Path("client/src/app/verify/sample-dice.json").read_bytes())
    assert list(export_problems(sample)) == []


def _without_one(export: DiceExport) -> DiceExport:
    return replace(export, throws=(export.throws[0], export.throws[2]))


def _thrown_twice(export: DiceExport) -> DiceExport:
    return replace(export, throws=(*export.throws, replace(export.throws[2], nonce=3)))


def _other_seed(export: DiceExport) -> DiceExport:
    return replace(export, pair=replace(export.pair, server_seed="00" * 32))


def _other_share(export: DiceExport) -> DiceExport:
    return replace(export, pair=replace(export.pair, client_seed="00"))


def _another_character(export: DiceExport) -> DiceExport:
    return replace(export, character_id=export.character_id + 1)


def _another_cause(export: DiceExport) -> DiceExport:
    return replace(export, throws=(replace(export.throws[0], cause="craft:x"), *export.throws[1:]))


def _better_roll(export: DiceExport) -> DiceExport:
    first = export.throws[0]
    rolls = tuple((index, n, (value + 1) % n, end) for index, n, value, end in first.rolls)
    return replace(export, throws=(replace(first, rolls=rolls), *export.throws[1:]))


def _unended(export: DiceExport) -> DiceExport:
    return replace(export, pair=replace(export.pair, server_seed=None))


def _beyond(export: DiceExport) -> DiceExport:
    far = ((2**53 - 1, 2, 0, 0),)
    return replace(export, throws=(replace(export.throws[0], rolls=far), *export.throws[1:]))


@pytest.mark.parametrize(
    "forge",
    [
        _without_one,
        _thrown_twice,
        _other_seed,
        _other_share,
        _another_character,
        _another_cause,
        _better_roll,
        _unended,
        _beyond,
    ],
)
def test_a_forged_file_is_found_out(export: DiceExport, forge: object, tmp_path: Path) -> None:
    assert callable(forge)
    forged = forge(export)
    assert list(export_problems(forged))
    path = tmp_path / "forged.json"
    path.write_bytes(msgspec.json.encode(forged))
    with pytest.raises(CommandError):
        call_command("verify_dice", path)


def test_the_commands_write_a_file_and_check_it(
    export: DiceExport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dice.json"
    call_command("export_dice", export.character_id, export.pair.number, out=path)
    assert msgspec.json.decode(path.read_bytes(), type=DiceExport) == export
    call_command("verify_dice", path)
    assert "3 throws follow one another" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no pair 2 that has ended"):
        call_command("export_dice", export.character_id, 2)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_dice", tmp_path / "none.json")


@given(st.one_of(st.binary(max_size=60), st.recursive(st.none() | st.integers(), st.lists).map(json.dumps)))
@trials(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_else_is_no_export(text: bytes | str) -> None:
    with pytest.raises(UnreadableDiceError):
        read_export(text if isinstance(text, bytes) else text.encode())


def test_a_throw_is_the_published_vector() -> None:
    """The client's `throwKey` is held to the same numbers."""
    key = rng.throw_key(bytes(range(32)), character_id=1001, client_seed=b"alice", nonce=7)
    stream = rng.stream(key, "gather")
    index, values = 0, []
    for _ in range(6):
        roll = stream.below(100, index)
        index = roll.next_index
        values.append(roll.value)
    assert (key.hex(), values) == (KEY, VALUES)


KEY = "0a1b1459db88f8a3b2e058ba47ab219fc14288a7817740c636484409da3953fc"
VALUES = [62, 4, 2, 32, 98, 88]
