"""The first steps of a case: is everything as the dry run saw it, then all that the plan takes into escrow.

People are taken from some at a time, so that nobody waits long. If anything lacks, or an item has moved,
what has been taken goes back and the case asks for a new dry run: nothing else has happened yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from aether.kernel import clock
from apps.economy.buckets import Bucket
from apps.economy.case_errors import CaseStaleError
from apps.economy.models import BALANCE_BOUND, EntryNote, RollbackCase, RollbackStep
from apps.economy.rules.rollback import Hold
from apps.economy.rules.rollback.plan import escrow_of
from apps.economy.rules.rollback.purse import home_of
from apps.economy.services.ledger import Move, Posting, lock_holders, post_all
from apps.economy.services.rollback import steps
from apps.economy.services.rollback.gathering import fingerprint, gather
from apps.economy.services.rollback.scopes import PLAN_KEPT, read_scope
from apps.economy.services.telling import tell_change

_LOCK_CHECKING = "SELECT pg_advisory_xact_lock(hashtext('economy'), hashtext('rollback hold'))"
_LAST_HOPS = "SELECT asset, max(id) FROM economy_line WHERE asset = ANY(%s) GROUP BY asset"

State = RollbackCase.State


def check(case: RollbackCase, step: RollbackStep) -> None:
    """Refuse unless the ledger says what it said to the dry run. Nobody has to wait for this."""
    _require_alone(case)
    now = clock.utc_now()
    is_fresh = case.planned_at is not None and now - case.planned_at < PLAN_KEPT
    if not is_fresh or fingerprint(gather(case.pk, read_scope(case.scope), now)) != case.fingerprint:
        raise CaseStaleError


def hold(case: RollbackCase, step: RollbackStep) -> None:
    """Take what the plan takes from some people, if it is all there and no item has moved meanwhile."""
    holds = steps.read_holds(step)
    lock_holders(each.place.owner_id for each in holds)
    _require_unmoved(holds)
    moves = [_move(each, Bucket(*each.place), _escrow(case, each)) for each in holds]
    move_own(case, step, "hold", moves)


def give_back(case: RollbackCase, step: RollbackStep) -> None:
    """Undo a hold: what was worn comes into the bag, as something else may be worn by now."""
    holds = steps.read_holds(step)
    lock_holders(each.place.owner_id for each in holds)
    moves = [_move(each, _escrow(case, each), _home(each)) for each in holds]
    move_own(case, step, "return", moves)


def release(case: RollbackCase, step: RollbackStep) -> None:
    """Give people what the steps before have put aside for them."""
    releases = steps.read_holds(step)
    lock_holders(each.place.owner_id for each in releases)
    moves = [_move(each, _escrow(case, each), Bucket(*each.place)) for each in releases]
    move_own(case, step, "release", moves)


def move_own(case: RollbackCase, step: RollbackStep, kind: str, moves: Iterable[Move]) -> None:
    """Move things of people between their own buckets. Call while holding their locks."""
    by_owner: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        by_owner[move.source.owner_id].append(move)
    # A new dry run has new steps, which take anew what an earlier one has given back.
    postings = [
        Posting(
            kind=kind,
            idempotency_key=f"rollback:{case.pk}:{kind}:{step.pk}:{owner}",
            cause=case.cause,
            moves=tuple(own),
        )
        for owner, own in sorted(by_owner.items())
    ]
    if postings:
        post_noted(case, postings)
    for owner, own in sorted(by_owner.items()):
        tell_change(owner, case.cause, own)


def post_noted(case: RollbackCase, postings: Sequence[Posting]) -> None:
    """Post entries that say why."""
    posted = post_all(postings, most=BALANCE_BOUND)
    EntryNote.objects.bulk_create(
        [EntryNote(entry_id=each.entry_id, text=case.reason) for each in posted if each.is_new]
    )


def _require_alone(case: RollbackCase) -> None:
    """Refuse while another case is in the middle of undoing some of the same entries."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CHECKING)
    is_begun = Q(case__state=State.RUNNING, kind=steps.CHECK, done_at__isnull=False)
    begun = RollbackStep.objects.filter(is_begun | Q(case__state=State.RETURNING)).exclude(case=case)
    own = _entries_of(case.steps.filter(kind=steps.ACTS))
    others = RollbackStep.objects.filter(kind=steps.ACTS, case__in=begun.values("case"))
    if own and not own.isdisjoint(_entries_of(others)):
        raise CaseStaleError


def _require_unmoved(holds: Iterable[Hold]) -> None:
    expected = {each.asset: each.line_id for each in holds if each.line_id}
    if not expected:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LAST_HOPS, [list(expected)])
        if dict(cursor.fetchall()) != expected:
            raise CaseStaleError


def _entries_of(acts: QuerySet[RollbackStep]) -> set[int]:
    return {act.entry_id for step in acts.iterator() for act in steps.read_acts(step)}


def _move(held: Hold, source: Bucket, target: Bucket) -> Move:
    return Move(asset=held.asset, amount=held.amount, source=source, target=target)


def _escrow(case: RollbackCase, held: Hold) -> Bucket:
    return Bucket(*escrow_of(held.place.owner_id, case.pk))


def _home(held: Hold) -> Bucket:
    is_worn = held.place.bucket.startswith("equipped")
    return Bucket(*(home_of(held.place.owner_id, held.asset) if is_worn else held.place))
