"""A shard that was restored to a moment gets once more what staff gave after it, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aether.kernel import clock
from apps.accounts.models import Character
from apps.economy import auditing, selectors, services
from apps.economy.models import Entry
from apps.economy.services.staff_grants import grant_as_staff
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.undoing import staff, undone

pytestmark = pytest.mark.django_db(transaction=True)


def granted(who: int, item: str, amount: int) -> None:
    grant_as_staff(actor=staff("gwen"), character_id=who, item=item, amount=amount, reason="a fault")


def restore(moment: datetime) -> None:
    """Have the economy be as it was at a moment, as a backup would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        later = "SELECT id FROM economy_entry WHERE at > %s"
        cursor.execute(f"DELETE FROM economy_line WHERE entry_id IN ({later})", [moment])
        cursor.execute(f"DELETE FROM economy_iteminstance WHERE created_entry_id IN ({later})", [moment])
        for table in ("economy_staffgrant", "economy_entrynote"):
            cursor.execute(f"DELETE FROM {table} WHERE entry_id IN ({later})", [moment])
        cursor.execute("DELETE FROM economy_entry WHERE at > %s", [moment])
        cursor.execute("SET session_replication_role = origin")
    call_command("rebuild_balances", "--apply")


@pytest.fixture
def alice() -> int:
    """Somebody who has something at the moment, and is given much after it."""
    found = character()
    give(found, glim=5)
    granted(found, "glim", 10)
    return found


@pytest.fixture
def moment(alice: int) -> datetime:
    return clock.utc_now()


@pytest.fixture
def file(alice: int, moment: datetime, tmp_path: Path) -> Path:
    """Have things happen after the moment, write down what staff gave, and restore."""
    bob = character("Bob")
    granted(alice, "glim", 20)
    granted(alice, "reed_hook", 1)
    granted(bob, "reed_fibre", 4)
    services.compensate(
        character_id=alice, glim=7, cause="compensation:battle:1", idempotency_key="c1", note="sorry"
    )
    give(alice, key="loot", glim=900, lampfat=3)
    path = tmp_path / "grants.json"
    call_command("export_grants", str(path), "--after", moment.isoformat())
    restore(moment)
    return path


def test_what_staff_gave_is_given_again_and_what_was_earned_is_not(alice: int, file: Path) -> None:
    assert selectors.glim(alice) == 15
    call_command("replay_grants", str(file))
    assert selectors.glim(alice) == 15, "without --apply it only tells"
    call_command("replay_grants", str(file), "--apply")
    assert (selectors.glim(alice), stacks(alice)) == (42, {})
    assert item_id(alice, "reed_hook")
    assert auditing.audit_ledger() == []
    notes = Entry.objects.filter(idempotency_key__startswith="restore:").values_list("note__text", flat=True)
    assert sorted(notes) == ["a fault"] * 3 + ["sorry"]


def test_giving_again_twice_gives_once(alice: int, file: Path) -> None:
    for _ in range(2):
        call_command("replay_grants", str(file), "--apply")
    assert (selectors.glim(alice), len(selectors.inventory(alice).items)) == (42, 1)
    assert auditing.audit_ledger() == []


def test_a_new_grant_of_the_same_number_is_another_one(alice: int, file: Path) -> None:
    granted(alice, "glim", 3)
    call_command("replay_grants", str(file), "--apply")
    assert selectors.glim(alice) == 45


def test_somebody_else_of_that_number_gets_nothing(
    alice: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Character.objects.filter(name="Bob").update(name="Carol")
    call_command("replay_grants", str(file), "--apply")
    assert "1 nobody of that name" in capsys.readouterr().out
    assert stacks(Character.objects.get(name="Carol").pk) == {}


def test_what_was_undone_is_not_given_again(alice: int, moment: datetime, tmp_path: Path) -> None:
    granted(alice, "glim", 20)
    undone(entries=[Entry.objects.filter(kind="gm_grant").latest("pk").pk])
    path = tmp_path / "grants.json"
    call_command("export_grants", str(path), "--after", moment.isoformat())
    restore(moment)
    call_command("replay_grants", str(path), "--apply")
    assert selectors.glim(alice) == 15


def test_what_was_just_being_given_at_the_moment_is_given_once(
    alice: int, moment: datetime, tmp_path: Path
) -> None:
    """An entry bears a moment before that of its commit, by which a restore goes: it may be gone, or not."""
    path = tmp_path / "grants.json"
    call_command("export_grants", str(path), "--after", moment.isoformat())
    call_command("replay_grants", str(path), "--apply")
    assert selectors.glim(alice) == 15
    restore(Entry.objects.filter(kind="gm_grant").earliest("pk").at - timedelta(microseconds=1))
    call_command("replay_grants", str(path), "--apply")
    assert selectors.glim(alice) == 15
    assert auditing.audit_ledger() == []


def test_wild_moments_and_files_are_refused(tmp_path: Path) -> None:
    for wild in ("yesterday", "2026-11-29T20:00:00"):
        with pytest.raises(CommandError):
            call_command("export_grants", str(tmp_path / "x"), "--after", wild)
    wild_file = tmp_path / "wild.json"
    wild_file.write_text('{"after": 3}')
    for path in (wild_file, tmp_path / "none"):
        with pytest.raises(CommandError):
            call_command("replay_grants", str(path))
