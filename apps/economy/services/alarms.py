"""Alarms: raised when something is found that must not be so, cleared when it is found no more.

Each is logged once as an error, stands in the metrics, and as a banner on every page of the console.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from aether.kernel import clock
from apps.economy import auditing, jumps, radar, telemetry
from apps.economy.metrics import ALARMS, AUDITED
from apps.economy.models import Alarm, RollbackCase

logger = logging.getLogger(__name__)

Kind = Alarm.Kind
Found = tuple[Alarm.Kind, str, dict[str, object]]

LOOKED_INTO_FOR = timedelta(days=7)
"""How long the radar says nothing more about a pair, once it has said it or somebody looks into it."""


def watch() -> None:
    """Audit the ledger and look at the telemetry; raise what is wrong and clear what is right again."""
    found = [_of_law(finding) for finding in auditing.audit_snapshot()]
    AUDITED.set(clock.now())
    found += [(Kind.ISSUANCE, what, details) for what, details in telemetry.unusual_issuance()]
    found += [(Kind.FAUCET_SHARE, what, details) for what, details in telemetry.greedy_accounts()]
    found += [(Kind.MONEY_SUPPLY, what, details) for what, details in jumps.jumps_of_supply()]
    found += [(Kind.GAIN, what, details) for what, details in jumps.jumps_of_accounts()]
    keep(found, kinds=[kind for kind in Kind if kind != Kind.RADAR])


def watch_transfers() -> None:
    """Raise an alarm about whom the radar sees clearly, once per pair and week; a case of it ends it."""
    since = clock.utc_now() - LOOKED_INTO_FOR
    told = Alarm.objects.filter(kind=Kind.RADAR, raised_at__gte=since, cleared_at__isnull=False)
    standing = Alarm.objects.filter(kind=Kind.RADAR, raised_at__lt=since, cleared_at__isnull=True)
    quiet = {*told.values_list("what", flat=True), *standing.values_list("what", flat=True)}
    in_cases = _subjects_of_cases(since)
    keep(
        (
            (Kind.RADAR, each.pair, each.findings)
            for each in _suspicions()
            if each.is_alarming and each.pair not in quiet and each.character_id not in in_cases
        ),
        kinds=[Kind.RADAR],
    )


@transaction.atomic
def keep(found: Iterable[Found], *, kinds: Iterable[Kind] = tuple(Kind)) -> None:
    """Have exactly these alarms of some kinds stand."""
    now, kept = clock.utc_now(), [kind.value for kind in kinds]
    lasting = Alarm.objects.select_for_update().filter(cleared_at=None, kind__in=kept).order_by("pk")
    standing = {(alarm.kind, alarm.what): alarm for alarm in lasting}
    seen: set[tuple[str, str]] = set()
    for what_kind, what, details in found:
        kind = str(what_kind)
        key = kind, what[:300]
        if key in seen:
            continue
        seen.add(key)
        if key in standing:
            Alarm.objects.filter(pk=standing[key].pk).update(seen_at=now, details=details)
        else:
            Alarm.objects.create(kind=kind, what=key[1], details=details, raised_at=now, seen_at=now)
            logger.error("economy alarm: %s: %s", kind, key[1], extra={"details": details})
    gone = [alarm.pk for key, alarm in standing.items() if key not in seen]
    Alarm.objects.filter(pk__in=gone).update(cleared_at=now)
    counts = Counter(of_kind for of_kind, _ in seen)
    for each in kept:
        ALARMS.labels(each).set(counts[each])


@transaction.atomic
def _suspicions() -> list[radar.Suspicion]:
    """Return whom the radar sees, however long a month of a large ledger takes: nobody waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    return radar.suspicions()


def _subjects_of_cases(since: datetime) -> set[int]:
    """Return whom cases are about that were opened since."""
    scopes = RollbackCase.objects.filter(opened_at__gte=since).values_list("scope", flat=True)
    return {who for scope in scopes for who in (scope.get("subjects") or scope.get("characters") or ())}


def _of_law(finding: auditing.Finding) -> Found:
    what = f"{finding.law}: {finding.what}"
    if "instance" in finding.law:
        return Kind.SUPPLY, what, {}
    if "nothing" in finding.law:
        return Kind.BALANCE, what, {}
    return Kind.LAW, what, {}
