"""R10: killed with -9 between any two statements, a deed is done or not done, and its retry does it once.

The short set kills in the middle of a deed, and before and after its first and its last commit; the long run
after each of its statements.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from aether.kernel import clock
from aether.protocol.exchange import Goods
from apps.economy import auditing, selectors, services
from apps.economy.models import CraftJob, Letter, RollbackCase
from apps.economy.services import rollback, surroundings, trading
from tests.economy.cast import character, give, item_id, stacks
from tests.economy.test_auctions import list_one
from tests.economy.test_crafting import begin, pass_time
from tests.economy.test_mail import send
from tests.economy.test_market import place
from tests.economy.test_trading import begun, locked, offered, step
from tests.economy.undoing import hand_over, opened, staff
from tests.kernel.facts.test_killed import PROJECT, database_url
from tests.long_run import SEEDS

pytestmark = pytest.mark.django_db(transaction=True)

Look = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that is about to be done, and how to look at what came of it."""

    deed: str
    arguments: dict[str, Any]
    look: Look


@dataclass(frozen=True, slots=True)
class Done:
    """How many statements a deed took, and which of them were commits, from 1 on."""

    statements: int
    commits: list[int]


class Doomed:
    """Does deeds in processes that die after so many statements."""

    def __init__(self) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "PYTHONPATH": str(PROJECT),
            "DJANGO_SETTINGS_MODULE": "aether.settings.test",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.economy.doomed"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, scene: Scene) -> Done:
        done = self._answer(scene, None)
        assert done is not None
        return done

    def die(self, scene: Scene, last: int) -> None:
        """Begin to do it, and die after so many statements."""
        assert self._answer(scene, last) is None, f"it was done before statement {last}"

    def _answer(self, scene: Scene, last: int | None) -> Done | None:
        request = {"deed": scene.deed, "arguments": scene.arguments, "last": last}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process of the doomed has ended"
        counted = json.loads(answer)
        return None if counted is None else Done(*counted)

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


@pytest.fixture(scope="module")
def doomed(django_db_setup: None) -> Iterator[Doomed]:
    process = Doomed()
    yield process
    process.end()


@pytest.fixture(autouse=True)
def _everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"forge", "workbench"}])
    monkeypatch.setattr(trading, "_meeting", [])


def pair(n: int) -> tuple[int, int]:
    made = character(f"Alice {n}"), character(f"Bob {n}")
    for who in made:
        give(who, glim=500, reed_fibre=20, iron_link=10, reed_hook=1)
    return made


def belongings(*people: int) -> Look:
    """Return what looks at everything that some people have, items by their kinds."""

    def look() -> object:
        return [
            (selectors.glim(who), stacks(who), sorted(each.item for each in selectors.inventory(who).items))
            for who in people
        ]

    return look


def trade(n: int) -> Scene:
    alice, bob = pair(n)
    before = clock.now() - 10
    with clock.replaced(lambda: before):
        seen = offered(alice, begun(alice, bob), glim=70, items=[item_id(alice, "reed_hook")])
        seen = locked(offered(bob, seen, glim=0, items=[item_id(bob, "reed_hook")]), alice, bob)
    services.confirm_trade(step(alice, seen))
    return Scene(
        "confirm_trade", {"character_id": bob, "trade_id": seen.id, "rev": seen.rev}, belongings(alice, bob)
    )


def match(n: int) -> Scene:
    alice, bob = pair(n)
    for price, quantity in ((4, 2), (5, 1)):
        place(alice, "sell", price, quantity)
    arguments = {
        "character_id": bob,
        "item": "reed_fibre",
        "side": "buy",
        "price": 5,
        "quantity": 3,
        "days": 1,
        "idempotency_key": f"o:{bob}",
    }
    people = belongings(alice, bob)

    def look() -> object:
        return people(), in_letters(alice), in_letters(bob)

    return Scene("place_order", arguments, look)


def claim(n: int) -> Scene:
    alice, bob = pair(n)
    goods = Goods(glim=0, items=[item_id(alice, "reed_hook")])
    letter = send(alice, f"Bob {n}", goods=goods, cod=30, key=f"mail:{n}")
    arguments = {
        "character_id": bob,
        "letter_id": letter,
        "cod": 30,
        "asset": None,
        "idempotency_key": f"take:{n}",
    }
    return Scene("take_attachments", arguments, belongings(alice, bob))


def buyout(n: int) -> Scene:
    alice, bob = pair(n)
    auction = list_one(alice, start=100, buyout=200)
    arguments = {"character_id": bob, "auction_id": auction.id, "amount": 200, "idempotency_key": f"b:{n}"}
    people = belongings(alice, bob)

    def look() -> object:
        return people(), in_letters(alice), in_letters(bob)

    return Scene("bid", arguments, look)


def craft(n: int) -> Scene:
    alice, _ = pair(n)
    begin(alice, "r_reforge_reed_hook", pieces=[item_id(alice, "reed_hook")])
    pass_time(alice)
    people = belongings(alice)

    def look() -> object:
        jobs = CraftJob.objects.filter(character_id=alice)
        return people(), list(jobs.values_list("state", flat=True))

    return Scene("finish_craft", {"character_id": alice}, look)


def undo(n: int) -> Scene:
    alice, bob = pair(n)
    give(alice, glim=300, key=f"wrong:{n}")
    hand_over(alice, bob, f"gift:{n}", glim=250)
    case = opened(characters=[alice], subjects=[alice])
    rollback.approve_case(actor=staff("odo"), case_id=case.pk, seen=case.fingerprint, reason="it is right")
    people = belongings(alice, bob)

    def look() -> object:
        return people(), RollbackCase.objects.get(pk=case.pk).state

    return Scene("carry_on", {"case_id": case.pk}, look)


def in_letters(who: int) -> list[int]:
    letters = Letter.objects.filter(recipient_id=who).order_by("pk")
    return [sum(letter.attachments.values_list("amount", flat=True)) for letter in letters]


def moments(done: Done) -> list[int]:
    """Return after which of its statements a deed is killed."""
    if SEEDS:
        return list(range(1, done.statements + 1))
    around = {moment for commit in done.commits[:1] + done.commits[-1:] for moment in (commit - 1, commit)}
    return sorted({max(1, done.statements // 2), *around} - {0})


@pytest.mark.parametrize("prepare", [trade, match, claim, buyout, craft])
def test_a_deed_that_is_killed_is_done_or_not_and_its_retry_does_it_once(
    prepare: Callable[[int], Scene], doomed: Doomed
) -> None:
    first = prepare(0)
    before = first.look()
    done = doomed.do(first)
    after = first.look()
    assert before != after
    seen = []
    for last in moments(done):
        scene = prepare(last)
        assert scene.look() == before
        doomed.die(scene, last)
        seen.append(scene.look())
        doomed.do(scene)
        assert scene.look() == after, f"done again after statement {last} of {done.statements}"
    # Until the commit, which is the last of them, nothing is done.
    assert seen == [before] * (len(seen) - 1) + [after]
    # The ledger forgets nothing: one audit sees whatever was lost or doubled on the way.
    assert auditing.audit_ledger() == []


def test_a_rollback_that_is_killed_goes_on_and_ends_as_if_it_had_not_been(doomed: Doomed) -> None:
    first = undo(0)
    done = doomed.do(first)
    after = first.look()
    for last in moments(done):
        scene = undo(last)
        doomed.die(scene, last)
        doomed.do(scene)
        assert scene.look() == after, f"killed after statement {last} of {done.statements}"
    assert auditing.audit_ledger() == []
