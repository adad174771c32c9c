"""Carrying a plan out, step by step. Each step is a transaction that also says that it is done.

A process may die between any two of them, or in one: whoever goes on begins with the first that is not
done. What is to be taken is put into escrow by the first steps, so that no later one can lack it; if one of
these is refused, what they have taken goes back and the case asks for a new dry run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction

from aether.kernel import clock
from aether.kernel.errors import GameError
from apps.economy.buckets import Bucket
from apps.economy.models import ItemEvent, RollbackCase, RollbackStep
from apps.economy.rules.rollback import Act, FoundLine, debtors_of, paid_as_owed
from apps.economy.rules.rollback.found import INSTANCE
from apps.economy.rules.rollback.plan import debt_of
from apps.economy.rules.rollback.purse import home_of
from apps.economy.services.due import each_alone
from apps.economy.services.ledger import Move, Posting, lock_holders
from apps.economy.services.rollback import holding, notifying, steps
from apps.economy.services.rollback.debts import open_debts
from apps.economy.services.rollback.gathering import owed_by
from apps.economy.services.telling import tell_change

logger = logging.getLogger(__name__)

State = RollbackCase.State
UNDER_WAY = (State.RUNNING, State.RETURNING)


def carry_on_all() -> None:
    """Go on with every case that is under way; one that fails does not stop those after it."""
    running = RollbackCase.objects.filter(state__in=UNDER_WAY).order_by("pk")
    each_alone(carry_on, running.values_list("pk", flat=True), what="rollback")


def carry_on(case_id: int) -> bool:
    """Do the steps of a case that are not done yet; tell if there were any."""
    is_anything_done = False
    while take_step(case_id):
        is_anything_done = True
    return is_anything_done


def take_step(case_id: int) -> bool:
    """Do the next step of a case; tell if there was one.

    If the world is no longer that of the dry run, nothing stays changed and the case asks for a new one.
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
    if case is None or case.state not in UNDER_WAY:
        return False
    return _step_back(case) if case.state == State.RETURNING else _step_on(case)


def _step_on(case: RollbackCase) -> bool:
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


def _step_back(case: RollbackCase) -> bool:
    """Undo the last hold; once there is none, ask for a new dry run."""
    step = case.steps.filter(done_at__isnull=False).order_by("-number").first()
    if step is not None and step.kind == steps.HOLD:
        holding.give_back(case, step)
        step.done_at = None
        step.save(update_fields=["done_at"])
        return True
    case.steps.update(done_at=None)
    case.state, case.approved_by, case.approved_name = State.STALE, None, ""
    case.save(update_fields=["state", "approved_by", "approved_name"])
    return False


@transaction.atomic
def _give_up(case_id: int) -> bool:
    """Turn back while nothing has happened but holds; afterwards a refusal is a mistake of ours."""
    case = RollbackCase.objects.select_for_update().get(pk=case_id)
    has_acted = case.steps.filter(done_at__isnull=False).exclude(kind__in=[steps.CHECK, steps.HOLD]).exists()
    if has_acted or case.state != State.RUNNING:
        raise RuntimeError(f"rollback {case_id} was refused in its middle")
    case.state = State.RETURNING
    case.save(update_fields=["state"])
    return _step_back(case)


def _act(case: RollbackCase, step: RollbackStep) -> None:
    planned = steps.read_acts(step)
    debtors = debtors_of(planned)
    players = {line.place.owner_id for act in planned for line in act.lines if line.place.is_player}
    lock_holders(players | debtors)
    acts = paid_as_owed(planned, owed_by(debtors))
    holding.post_noted(case, [_posting(case, act) for act in acts])
    lines = [line for act in acts for line in act.lines]
    open_debts(case, lines)
    _tell_overpaid(case, [line for line in lines if line.place == home_of(line.place.owner_id, line.asset)])


def _tell_overpaid(case: RollbackCase, lines: Iterable[FoundLine]) -> None:
    """Tell those who get at once what they no longer owe; everything else is told with its release."""
    for line in lines:
        source, target = Bucket(*debt_of(line.place.owner_id)), Bucket(*line.place)
        move = Move(asset=line.asset, amount=line.amount, source=source, target=target)
        tell_change(target.owner_id, case.cause, [move])


def _posting(case: RollbackCase, act: Act) -> Posting:
    return Posting(
        kind=act.kind,
        idempotency_key=f"rollback:{case.pk}:{act.kind}:{act.entry_id}:{act.number}",
        cause=case.cause,
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


_DO: dict[str, Callable[[RollbackCase, RollbackStep], None]] = {
    steps.CHECK: holding.check,
    steps.HOLD: holding.hold,
    steps.ACTS: _act,
    steps.TAINT: _taint,
    steps.RELEASE: holding.release,
    steps.LETTERS: notifying.write_people,
    steps.TELL: notifying.tell_apps,
}
