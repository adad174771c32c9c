"""Carrying a plan out, step by step. Each step is a transaction that also says that it is done.

A process may die between any two of them, or in one: whoever goes on begins with the first that is not
done. What is to be taken is put into escrow by the first step, whole, so that no later one can lack it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from aether.kernel import clock, facts
from aether.kernel.errors import GameError
from aether.kernel.facts.types import XpRestored, XpRevoked
from apps.economy.buckets import Bucket
from apps.economy.errors import CaseStaleError
from apps.economy.models import BALANCE_BOUND, EntryNote, ItemEvent, RollbackCase, RollbackStep
from apps.economy.rules.rollback import Act, FoundLine, debtors_of, paid_as_owed
from apps.economy.rules.rollback.found import INSTANCE
from apps.economy.rules.rollback.plan import debt_of, escrow_of
from apps.economy.rules.rollback.purse import home_of
from apps.economy.services.due import each_alone
from apps.economy.services.ledger import Move, Posting, lock_holders, post_all
from apps.economy.services.rollback import steps
from apps.economy.services.rollback.debts import open_debts
from apps.economy.services.rollback.gathering import fingerprint, gather, owed_by
from apps.economy.services.rollback.scopes import read_scope
from apps.economy.services.telling import tell_change

logger = logging.getLogger(__name__)

PLAN_KEPT = timedelta(days=1)
"""How long a dry run may be carried out: gifts grow old meanwhile, and prices change."""

_LOCK_HOLDING = "SELECT pg_advisory_xact_lock(hashtext('economy'), hashtext('rollback hold'))"

State = RollbackCase.State


def carry_on_all() -> None:
    """Go on with every case that is under way; one that fails does not stop those after it."""
    running = RollbackCase.objects.filter(state=State.RUNNING).order_by("pk")
    each_alone(carry_on, running.values_list("pk", flat=True), what="rollback")


def carry_on(case_id: int) -> bool:
    """Do the steps of a case that are not done yet; tell if there were any."""
    is_anything_done = False
    while take_step(case_id):
        is_anything_done = True
    return is_anything_done


def take_step(case_id: int) -> bool:
    """Do the next step of a case; tell if there was one.

    If the world is no longer that of the dry run, nothing happens and the case asks for a new one.
    """
    try:
        return _take_step(case_id)
    except GameError as refusal:
        logger.warning("rollback %s refused", case_id, extra={"code": refusal.code})
        return _give_up(case_id)


@transaction.atomic
def _take_step(case_id: int) -> bool:
    # Whoever has the case goes on with it: nobody waits for it.
    case = RollbackCase.objects.select_for_update(skip_locked=True).filter(pk=case_id).first()
    if case is None or case.state != State.RUNNING:
        return False
    step = case.steps.filter(done_at=None).order_by("number").first()
    if step is None:
        return False
    _DO[step.kind](case, step)
    step.done_at = clock.utc_now()
    step.save(update_fields=["done_at"])
    if step.kind == steps.TELL:
        case.state, case.ended_at = State.DONE, step.done_at
        case.save(update_fields=["state", "ended_at"])
    return True


@transaction.atomic
def _give_up(case_id: int) -> bool:
    """Ask for a new dry run, if nothing has moved yet; afterwards a refusal is a mistake of ours."""
    case = RollbackCase.objects.select_for_update().get(pk=case_id)
    if case.steps.filter(done_at__isnull=False).exists():
        raise RuntimeError(f"rollback {case_id} was refused in its middle")
    case.state, case.approved_by, case.approved_name = State.STALE, None, ""
    case.save(update_fields=["state", "approved_by", "approved_name"])
    return False


def _hold(case: RollbackCase, step: RollbackStep) -> None:
    """Check that nothing has changed and take everything that the plan takes."""
    _require_alone(case)
    holds = steps.read_holds(step)
    lock_holders(hold.place.owner_id for hold in holds)
    now = clock.utc_now()
    is_fresh = case.planned_at is not None and now - case.planned_at < PLAN_KEPT
    if not is_fresh or fingerprint(gather(case.pk, read_scope(case.scope), now)) != case.fingerprint:
        raise CaseStaleError
    moves = [
        Move(
            asset=hold.asset,
            amount=hold.amount,
            source=Bucket(*hold.place),
            target=Bucket(*escrow_of(hold.place.owner_id, case.pk)),
        )
        for hold in holds
    ]
    _move_own(case, step, moves)


def _require_alone(case: RollbackCase) -> None:
    """Refuse while another case is in the middle of undoing some of the same entries."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_HOLDING)
    begun = RollbackStep.objects.filter(
        case__state=State.RUNNING, kind=steps.HOLD, done_at__isnull=False
    ).exclude(case=case)
    own = _entries_of(case.steps.filter(kind=steps.ACTS))
    others = RollbackStep.objects.filter(kind=steps.ACTS, case__in=begun.values("case"))
    if own and not own.isdisjoint(_entries_of(others)):
        raise CaseStaleError


def _entries_of(acts: QuerySet[RollbackStep]) -> set[int]:
    return {act.entry_id for step in acts.iterator() for act in steps.read_acts(step)}


def _release(case: RollbackCase, step: RollbackStep) -> None:
    """Give people what the steps before have put aside for them."""
    moves = [
        Move(
            asset=hold.asset,
            amount=hold.amount,
            source=Bucket(*escrow_of(hold.place.owner_id, case.pk)),
            target=Bucket(*hold.place),
        )
        for hold in steps.read_holds(step)
    ]
    lock_holders(move.target.owner_id for move in moves)
    _move_own(case, step, moves)


def _move_own(case: RollbackCase, step: RollbackStep, moves: Iterable[Move]) -> None:
    by_owner: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        by_owner[move.source.owner_id].append(move)
    postings = [
        Posting(
            kind=step.kind,
            idempotency_key=f"rollback:{case.pk}:{step.number}:{owner}",
            cause=_cause(case),
            moves=tuple(own),
        )
        for owner, own in sorted(by_owner.items())
    ]
    if postings:
        _post(case, postings)
    for owner, own in sorted(by_owner.items()):
        tell_change(owner, _cause(case), own)


def _act(case: RollbackCase, step: RollbackStep) -> None:
    planned = steps.read_acts(step)
    debtors = debtors_of(planned)
    players = {line.place.owner_id for act in planned for line in act.lines if line.place.is_player}
    lock_holders(players | debtors)
    acts = paid_as_owed(planned, owed_by(debtors))
    _post(case, [_posting(case, act) for act in acts])
    lines = [line for act in acts for line in act.lines]
    open_debts(case, lines)
    _tell_overpaid(case, [line for line in lines if line.place == home_of(line.place.owner_id, line.asset)])


def _tell_overpaid(case: RollbackCase, lines: Iterable[FoundLine]) -> None:
    """Tell those who get at once what they no longer owe; everything else is told with its release."""
    for line in lines:
        source, target = Bucket(*debt_of(line.place.owner_id)), Bucket(*line.place)
        move = Move(asset=line.asset, amount=line.amount, source=source, target=target)
        tell_change(target.owner_id, _cause(case), [move])


def _post(case: RollbackCase, postings: Sequence[Posting]) -> None:
    posted = post_all(postings, most=BALANCE_BOUND)
    EntryNote.objects.bulk_create(
        [EntryNote(entry_id=each.entry_id, text=case.reason) for each in posted if each.is_new]
    )


def _posting(case: RollbackCase, act: Act) -> Posting:
    return Posting(
        kind=act.kind,
        idempotency_key=f"rollback:{case.pk}:{act.kind}:{act.entry_id}:{act.number}",
        cause=_cause(case),
        moves=moves_of(act.lines),
        reverses=act.entry_id if act.kind == "reversal" else None,
    )


def moves_of(lines: Sequence[FoundLine]) -> tuple[Move, ...]:
    """Return moves that come to these lines."""
    moves: list[Move] = []
    for asset in sorted({line.asset for line in lines}):
        givers = {line.place: -line.amount for line in lines if line.asset == asset and line.amount < 0}
        takers = {line.place: line.amount for line in lines if line.asset == asset and line.amount > 0}
        while givers and takers:
            giver, taker = next(iter(givers)), next(iter(takers))
            amount = min(givers[giver], takers[taker])
            moves.append(Move(asset=asset, amount=amount, source=Bucket(*giver), target=Bucket(*taker)))
            for side, place in ((givers, giver), (takers, taker)):
                side[place] -= amount
                if not side[place]:
                    del side[place]
        assert not givers, "the lines of an act sum to zero"
        assert not takers, "the lines of an act sum to zero"
    return tuple(moves)


def _taint(case: RollbackCase, step: RollbackStep) -> None:
    ItemEvent.objects.bulk_create(
        [
            ItemEvent(
                instance_id=taint.instance.removeprefix(INSTANCE),
                kind="tainted",
                facts={"tainted": case.pk},
                entry_id=taint.entry_id,
            )
            for taint in steps.read_taints(step)
        ]
    )


def _tell(case: RollbackCase, step: RollbackStep) -> None:
    """Tell the other apps what goes with it, or comes back with it."""
    for each in steps.read_ending(step).revocations:
        facts.publish(
            XpRevoked(character=each.character_id, cause=each.cause, amount=each.amount, case=case.pk)
        )
    if case.undoes is not None:
        ending = case.undoes.steps.filter(kind=steps.TELL).get()
        for character in {each.character_id for each in steps.read_ending(ending).revocations}:
            facts.publish(XpRestored(character=character, case=case.undoes.pk))


def _cause(case: RollbackCase) -> str:
    return f"rollback:{case.pk}"


_DO: dict[str, Callable[[RollbackCase, RollbackStep], None]] = {
    steps.HOLD: _hold,
    steps.ACTS: _act,
    steps.TAINT: _taint,
    steps.RELEASE: _release,
    steps.TELL: _tell,
}
