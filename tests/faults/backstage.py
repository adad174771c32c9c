"""What happens behind the scene, in a process with the platform's code: one JSON request a line, one answer.

It talks to the database itself, not through a fault proxy, and closes its connections after each request,
since the database may have died in between.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from aether.kernel import facts, live  # noqa: E402
from aether.kernel.journal.verifying import Survey  # noqa: E402
from apps.world import positions, reports  # noqa: E402
from apps.world.models import CharacterPlace, ZoneCopy  # noqa: E402
from tests.faults import checker, crowd  # noqa: E402


def migrate(*, to: tuple[str, ...] = ()) -> None:
    call_command("migrate", *to, verbosity=0, interactive=False)


def backlog() -> dict[str, int]:
    found = facts.backlog()
    return {"pending": found.pending, "parked": found.parked}


def redeliver(*, times: int) -> int:
    """Make every fact that was ever done due again, as a relay that forgot would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, h.subscriber FROM kernel_outboxfact f JOIN kernel_handledfact h ON h.fact_id = f.id"
        )
        rows = cursor.fetchall()
    return crowd.redeliver(rows, times=times)


def check_damaged(*, sql: str) -> list[str]:
    """Return what the checker finds after a change that no law of the database forbids to a superuser."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
            assert cursor.rowcount == 1, f"{cursor.rowcount} rows were damaged"
        wrong = [f"{each.__name__}: {problem}" for each in checker.CHECKS for problem in each([])]
        transaction.set_rollback(True)
    return wrong


def flaws() -> list[str]:
    """Return what `manage.py verify_journal` would name."""
    return [str(flaw) for flaw in Survey().flaws()]


def query(*, sql: str) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def whereabouts() -> dict[str, Any]:
    """Return where Redis shows each character at one instant, where the database keeps it, who runs what."""
    copies = list(ZoneCopy.objects.exclude(state="closed").values_list("pk", flat=True))
    kept = dict(CharacterPlace.objects.filter(is_present=True).values_list("character_id", "instance"))
    run_by = {copy: said.process for copy, said in reports.latest().items()}
    return {"shown": _shown(copies, sorted(kept)), "kept": kept, "open": copies, "run_by": run_by}


def _shown(copies: list[str], characters: list[int]) -> dict[int, list[str]]:
    pipe = live.redis().pipeline()
    for copy in copies:
        pipe.smembers(positions._in(copy))
    pipe.mget([positions._at(who) for who in characters] or ["none"])
    *members, rows = pipe.execute()
    there = dict(zip(characters, map(positions._decoded, rows), strict=False))
    return {
        who: [
            copy
            for copy, some in zip(copies, members, strict=True)
            if str(who).encode() in some and position is not None and position.instance == copy
        ]
        for who, position in there.items()
    }


DEEDS: dict[str, Callable[..., Any]] = {
    "migrate": migrate,
    "newcomers": crowd.newcomers,
    "backlog": backlog,
    "redeliver": redeliver,
    "flaws": flaws,
    "query": query,
    "check_damaged": check_damaged,
    "tickets": crowd.tickets,
    "check": checker.check,
    "whereabouts": whereabouts,
}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": DEEDS[request.pop("do")](**request)}
        except Exception:  # noqa: BLE001 - the edge: said to whoever asked
            answer = {"error": traceback.format_exc()}
        finally:
            connections.close_all()
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
