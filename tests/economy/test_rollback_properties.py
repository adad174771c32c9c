"""Whatever people did and whatever is undone of it: the laws hold, and undoing the undoing is nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aether.kernel.errors import GameError
from apps.economy import auditing, selectors, services
from apps.economy.models import Entry, Line, RollbackCase
from apps.economy.services import rollback
from apps.economy.services.rollback import running
from tests.economy.cast import character, give
from tests.economy.undoing import hand_over, hand_over_item, holdings, opened, staff

pytestmark = pytest.mark.django_db

PEOPLE = 4
DEED = st.one_of(
    st.tuples(st.just("grant"), st.integers(0, 3), st.integers(1, 90)),
    st.tuples(st.just("hook"), st.integers(0, 3)),
    st.tuples(st.just("give"), st.integers(0, 3), st.integers(0, 3), st.integers(1, 90)),
    st.tuples(st.just("pass"), st.integers(0, 3), st.integers(0, 3), st.sampled_from([0, 2, 40])),
    st.tuples(st.just("goods"), st.integers(0, 3), st.integers(0, 3), st.integers(0, 20)),
    st.tuples(st.just("fine"), st.integers(0, 3), st.integers(1, 50)),
    st.tuples(st.just("wear"), st.integers(0, 3)),
)
HISTORY = st.lists(DEED, min_size=1, max_size=14)
CHOICE = st.lists(st.booleans(), min_size=14, max_size=14)
SUBJECTS = st.sets(st.integers(0, 3), max_size=3)
examples = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def play(people: list[int], history: list[tuple[object, ...]]) -> list[int]:
    """Let people do things, as far as they can; return the entries that came of it."""
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for number, (what, *arguments) in enumerate(history):
        with contextlib.suppress(GameError, StopIteration, AssertionError), transaction.atomic():
            DEEDS[str(what)](people, f"deed:{number}", *arguments)
    return list(Entry.objects.filter(pk__gt=first).order_by("pk").values_list("pk", flat=True))


def a_hook(owner: int) -> str:
    return next(each.id for each in selectors.inventory(owner).items if each.slot is None)


DEEDS: dict[str, Callable[..., object]] = {
    "grant": lambda people, key, who, amount: give(people[who], glim=amount, reed_fibre=amount, key=key),
    "hook": lambda people, key, who: give(people[who], reed_hook=1, key=key),
    "give": lambda people, key, who, whom, amount: hand_over(people[who], people[whom], key, glim=amount),
    "pass": lambda people, key, who, whom, price: hand_over_item(
        people[who], people[whom], a_hook(people[who]), key, price=price
    ),
    "goods": lambda people, key, who, whom, price: hand_over(
        people[who], people[whom], key, price=price, reed_fibre=10
    ),
    "fine": lambda people, key, who, amount: services.take(
        character_id=people[who], cause="fine:1", idempotency_key=key, glim=amount
    ),
    "wear": lambda people, key, who: services.equip(
        character_id=people[who], item_id=a_hook(people[who]), idempotency_key=key
    ),
}


@contextlib.contextmanager
def a_world() -> Iterator[list[int]]:
    with transaction.atomic():
        yield [character(f"P{n}") for n in range(PEOPLE)]
        connection.check_constraints()
        transaction.set_rollback(True)


def case_of(people: list[int], entries: list[int], choice: list[bool], subjects: set[int]) -> RollbackCase:
    chosen = [entry for entry, is_chosen in zip(entries, choice, strict=False) if is_chosen]
    return opened(entries=chosen or entries, subjects=[people[each] for each in sorted(subjects)])


def approve(case: RollbackCase) -> None:
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="right")


def net_lines(case: RollbackCase) -> dict[tuple[int, str, str], int]:
    """Return what the entries of a case came to, by character, bucket and asset."""
    net: dict[tuple[int, str, str], int] = {}
    for line in Line.objects.filter(entry__cause=f"rollback:{case.pk}").select_related("account"):
        key = line.account.owner_id, line.account.bucket, line.asset
        net[key] = net.get(key, 0) + line.amount
    return {key: amount for key, amount in net.items() if amount}


def promised(case: RollbackCase) -> dict[tuple[int, str, str], int]:
    effects = case.summary["effects"]
    assert isinstance(effects, list)
    return {(owner, bucket, asset): amount for _, owner, bucket, asset, amount in effects}


@examples
@given(HISTORY, CHOICE, SUBJECTS)
def test_what_happens_is_what_the_dry_run_said(
    history: list[tuple[object, ...]], choice: list[bool], subjects: set[int]
) -> None:
    with a_world() as people:
        entries = play(people, history)
        if not entries:
            return
        case = case_of(people, entries, choice, subjects)
        approve(case)
        rollback.carry_on(case.pk)
        case.refresh_from_db()
        assert case.state == "done"
        assert net_lines(case) == promised(case)
        assert [finding for finding in auditing.audit_ledger() if "described" not in finding.law] == []


@examples
@given(HISTORY, CHOICE, SUBJECTS)
def test_only_subjects_are_left_in_debt(
    history: list[tuple[object, ...]], choice: list[bool], subjects: set[int]
) -> None:
    with a_world() as people:
        entries = play(people, history)
        if not entries:
            return
        case = case_of(people, entries, choice, subjects)
        debtors = {owner for (owner, bucket, _) in promised(case) if bucket.startswith("debt:")}
        assert debtors <= set(case.summary["subjects"])  # type: ignore[arg-type]
        approve(case)
        rollback.carry_on(case.pk)
        assert all(amount >= 0 for amount in holdings().values())
        owing = {owner for (owner, bucket, _) in system_totals() if bucket.startswith("debt:")}
        assert owing <= debtors


@examples
@given(HISTORY, CHOICE, SUBJECTS)
def test_an_entry_and_its_reversal_are_nothing_when_nothing_was_moved_on(
    history: list[tuple[object, ...]], choice: list[bool], subjects: set[int]
) -> None:
    with a_world() as people:
        for each in people:
            give(each, glim=1000, reed_fibre=100, key=f"begin:{each}")
        before = amounts_by_owner()
        entries = play(people, history)
        if not entries:
            return
        case = opened(entries=entries, subjects=people)
        approve(case)
        rollback.carry_on(case.pk)
        assert amounts_by_owner() == before


@examples
@given(HISTORY, CHOICE, SUBJECTS)
@example([("grant", 0, 10), ("grant", 1, 10), ("goods", 0, 1, 10)], [False] * 14, set())
@example([("grant", 1, 40), ("hook", 0), ("pass", 0, 1, 40)], [False] * 14, set())
def test_undoing_a_rollback_brings_back_what_was(
    history: list[tuple[object, ...]], choice: list[bool], subjects: set[int]
) -> None:
    with a_world() as people:
        entries = play(people, history)
        if not entries:
            return
        before = amounts_by_owner()
        case = case_of(people, entries, choice, subjects)
        approve(case)
        rollback.carry_on(case.pk)
        back = rollback.undo_case(actor=staff("gwen"), case_id=case.pk, reason="wrong")
        back = rollback.plan_case(actor=staff("gwen"), case_id=back.pk, reason="look")
        approve(back)
        rollback.carry_on(back.pk)
        assert amounts_by_owner() == before
        assert not any(bucket.startswith("debt:") for _, bucket, _ in system_totals())


@settings(parent=examples, max_examples=15)
@given(HISTORY, CHOICE, SUBJECTS)
def test_a_case_that_is_killed_anywhere_goes_on_and_does_nothing_twice(
    history: list[tuple[object, ...]], choice: list[bool], subjects: set[int]
) -> None:
    with a_world() as people, pytest.MonkeyPatch.context() as patch:
        patch.setattr("apps.economy.services.rollback.steps.AT_ONCE", 1)
        entries = play(people, history)
        if not entries:
            return
        case = case_of(people, entries, choice, subjects)
        approve(case)
        while True:
            kill_in_the_step(case.pk)
            if not rollback.take_step(case.pk):
                break
        case.refresh_from_db()
        assert case.state == "done"
        assert net_lines(case) == promised(case)


class Killed(BaseException):
    """What a process that dies raises in no handler of it."""


def kill_in_the_step(case_id: int) -> None:
    """Let the next step do all that it does, and die before it is committed."""

    def do_and_die(do: Callable[..., None]) -> Callable[..., None]:
        def dying(*arguments: object) -> None:
            do(*arguments)
            raise Killed

        return dying

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
        patch.setattr(running, "_DO", {kind: do_and_die(do) for kind, do in running._DO.items()})
        rollback.take_step(case_id)


def amounts_by_owner() -> dict[tuple[int, str], int]:
    """Return what everybody has, wherever about themselves."""
    total: dict[tuple[int, str], int] = {}
    for (owner, _, asset), amount in holdings().items():
        total[owner, asset] = total.get((owner, asset), 0) + amount
    return total


def system_totals() -> dict[tuple[int, str, str], int]:
    total: dict[tuple[int, str, str], int] = {}
    for line in Line.objects.filter(account__owner_type="system").select_related("account"):
        key = line.account.owner_id, line.account.bucket, line.asset
        total[key] = total.get(key, 0) + line.amount
    return {key: amount for key, amount in total.items() if amount}
