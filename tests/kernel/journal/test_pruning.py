"""Receipts are forgotten when nobody can need them any more."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.db import connection

from aether.kernel.journal import Receipt, pruning, receipts

pytestmark = pytest.mark.django_db

ALDITH, BERWIN = 1, 2


@pytest.fixture(autouse=True)
def _nobody_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_busy", [])


def executed(character: int, command: str, *, days_ago: float) -> None:
    receipts.store(Receipt(character, command, b"digest", b"{}"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE command_receipt SET at = now() - %s * interval '1 day' WHERE command_id = %s",
            [days_ago, command],
        )


def test_old_receipts_go_and_young_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    for n in range(5):
        executed(ALDITH, f"old-{n}", days_ago=pruning.KEPT_DAYS + 1)
    executed(ALDITH, "of-yesterday", days_ago=1.1)

    assert pruning.prune_receipts() == 5

    assert receipts.find(ALDITH, "old-3") is None
    assert receipts.find(ALDITH, "of-yesterday") is not None


def test_who_is_in_a_battle_keeps_all_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 1)

    def fighting(characters: Collection[int]) -> set[int]:
        return {ALDITH} & set(characters)

    pruning.register_busy(fighting)
    executed(ALDITH, "in-battle", days_ago=100)
    executed(BERWIN, "at-home", days_ago=100)

    assert pruning.prune_receipts() == 1
    assert receipts.find(ALDITH, "in-battle") is not None
