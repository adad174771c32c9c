"""What game masters wait for: the dry run of a rollback, and an audit of the whole ledger.

A process of its own fills a new database and does it: `python -m bench.undoing rollback_dry_run`. A grant of
glim, each with experience of its own cause, is an entry of two lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import msgspec

from bench.report import Figures
from bench.server import PROJECT, own_database

PEOPLE = 1_000
ENTRIES_AT_ONCE = 500
LINES = {"rollback_dry_run": 100_000, "ledger_audit": 1_000_000}


class Took(msgspec.Struct):
    seconds: float
    processor_s: float
    """Of Python alone; the database has its own."""


def run(what: str) -> Figures:
    """Fill a database, and measure one dry run, or one audit, of so many lines."""
    with own_database() as environment:
        command = [sys.executable, "-m", "bench.undoing", what]
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE)
    took = msgspec.json.decode(done.stdout.splitlines()[-1], type=Took)
    note = f"{took.processor_s:.1f} s of processor time in Python"
    return Figures(name=what, seconds=round(took.seconds, 2), count=LINES[what], note=note)


def rollback_dry_run(lines: int) -> Took:
    from apps.accounts.models import Account
    from apps.economy.services import rollback

    _grant(lines // 2, has_experience=True)
    master = Account.objects.create(username="gwen", is_staff=True)
    until = _tomorrow()
    case = rollback.open_case(
        actor=master, reason="bench", scope={"causes": ["bench:grant:*"], "until": until}
    )
    took = _timed(lambda: rollback.plan_case(actor=master, case_id=case.pk, reason="bench"))
    case.refresh_from_db()
    if case.summary["lines"] != lines:
        raise RuntimeError(f"the dry run has seen {case.summary['lines']} lines")
    return took


def ledger_audit(lines: int) -> Took:
    from apps.economy import auditing

    _grant(lines // 2, has_experience=False)

    def audit() -> None:
        if auditing.audit_snapshot():
            raise RuntimeError("the ledger breaks its laws")

    return _timed(audit)


def _grant(entries: int, *, has_experience: bool) -> None:
    from django.db import transaction

    from apps.accounts.models import Account, Character
    from apps.accounts.services import grant_xp
    from apps.economy.buckets import faucet, wallet
    from apps.economy.services.ledger import Move, Posting, post_all

    login = Account.objects.create(username="bench")
    Character.objects.bulk_create(
        Character(id=number, account=login, name=f"B{number}", name_key=f"b{number}", class_id="kitewright")
        for number in range(1, PEOPLE + 1)
    )
    for first in range(0, entries, ENTRIES_AT_ONCE):
        numbers = range(first, first + ENTRIES_AT_ONCE)
        with transaction.atomic():
            post_all(
                [
                    Posting(
                        kind="grant",
                        idempotency_key=f"grant:{number}",
                        cause=f"bench:grant:{number}",
                        moves=(
                            Move(
                                asset="glim",
                                amount=1 + number % 9,
                                source=faucet("bench"),
                                target=wallet(1 + number % PEOPLE),
                            ),
                        ),
                    )
                    for number in numbers
                ]
            )
            if has_experience:
                for number in numbers:
                    grant_xp(character_id=1 + number % PEOPLE, amount=3, cause=f"bench:grant:{number}")


def _timed(work: Callable[[], object]) -> Took:
    began, processor = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - processor)


def _tomorrow() -> str:
    from aether.kernel import clock

    return (clock.utc_now() + timedelta(days=1)).isoformat()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    import django

    django.setup()
    what = sys.argv[1]
    work = {"rollback_dry_run": rollback_dry_run, "ledger_audit": ledger_audit}[what]
    print(json.dumps(msgspec.to_builtins(work(LINES[what]))))


if __name__ == "__main__":
    main()
