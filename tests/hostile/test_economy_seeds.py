"""Whatever three people do to one another at the same moment: rows R and E of the hostile table, by seeds.

A seed draws two to fifty acts: mail, trade, market, auctions, and what else people do with the same things
(banks, shops, wearing, using, crafting, gathering, rewards, throwing away), staff who freeze and undo, and
the sweeper. All of them are let loose together on real PostgreSQL. A short set runs always;
`make seeds SEEDS=1000` runs many.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from aether.kernel.errors import GameError
from aether.kernel.retrying import retrying
from apps.economy import auditing, services
from apps.economy.services import shops, surroundings, trading
from tests.economy.cast import character, give
from tests.economy.everyday import Everyday
from tests.economy.undoing import staff
from tests.long_run import seeds

THREADS = 50
AUDITED_EVERY = 50
GIVE_UP_MOST_PCT = 1
"""So many of the acts may have waited too long for a lock, as some do on a busy machine."""
ACTS = (
    *("send", "take", "invite", "accept", "offer", "lock", "confirm", "cancel_trade"),
    *("order", "order", "order", "cancel_order", "auction", "bid", "cancel_auction", "group"),
    *("deposit", "withdraw", "buy", "sell", "equip", "unequip", "use", "discard", "gather"),
    *("craft", "craft", "reforge", "cancel_craft", "finish_craft", "reward", "reward", "freeze", "undo"),
)
IN_STEPS = {"undo"}
"""Acts that are several transactions by themselves."""


class Crowd(Everyday):
    """Three people whose acts have keys of their own, whoever of several threads asks for one."""

    def __init__(self, seed: int) -> None:
        self.names = [f"{name}{seed}" for name in ("Ann", "Bob", "Cez")]
        self.people = [character(name) for name in self.names]
        self._keys = (f"s{seed}:{n}" for n in itertools.count())
        for each in self.people:
            give(each, glim=60, reed_fibre=20, reed_hook=2, iron_link=4, kite_ration=2)

    def key(self) -> str:
        return f"{next(self._keys)}"

    def group(self, who: int, other: int, a: int, b: int) -> None:
        """Place several orders together, as those that arrive at the same time are."""
        wanted = [
            services.Placement(
                character_id=each,
                item="reed_fibre",
                side="buy" if (n + a) % 2 else "sell",
                price=1 + (a + n) % 6,
                quantity=b,
                days=1,
                idempotency_key=f"{who}:{other}:{a}:{b}:{n}:{self.people[0]}",
            )
            for n, each in enumerate(self.people)
        ]
        services.place_orders(wanted)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadPoolExecutor]:
    monkeypatch.setattr(trading, "_meeting", [])
    monkeypatch.setattr(shops, "_presence", [])
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"workbench", "bank"}])
    monkeypatch.setattr(surroundings, "_peace_checks", [])
    for name in ("gwen", "odo"):
        staff(name)
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool
        for closed in [pool.submit(lambda: connection.close()) for _ in range(THREADS * 4)]:
            closed.result()


def acts_of(seed: int, crowd: Crowd) -> list[Callable[[], object]]:
    dice = random.Random(seed)
    acts: list[Callable[[], object]] = []
    for _ in range(dice.randint(2, 50)):
        name = dice.choice(ACTS)
        act = getattr(crowd, name)
        who, other = dice.choice(crowd.people), dice.choice(crowd.people)
        a, b = dice.randint(1, 12), dice.randint(1, 12)
        acts.append(partial(act, who, other, a, b) if name in IN_STEPS else at_once(act, who, other, a, b))
    acts += [at_once(services.sweep)] * dice.randint(0, 2)
    return acts


def count_rows() -> None:
    """Let the planner know how large everything has become: in a database of tests nothing else tells it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def at_once(act: Callable[..., object], *arguments: int) -> Callable[[], object]:
    """Do it in a transaction, as a command is done."""
    return transaction.atomic(partial(act, *arguments))


def tried(act: Callable[[], object]) -> bool:
    """Do it; a refusal is an answer, and anything else a bug.

    False: it waited for a lock so long that its player is told to try again: the machine is too slow.
    """
    try:
        retrying(act)
    except GameError:
        return True
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_at_once_nothing_is_made_lost_or_held_twice(threads: ThreadPoolExecutor) -> None:
    gave_up = tried_in_all = 0
    for seed in seeds(12):
        crowd = Crowd(seed)
        results = [threads.submit(tried, act) for act in acts_of(seed, crowd)]
        errors = [error for each in results if (error := each.exception(timeout=60)) is not None]
        assert errors == [], f"seed {seed}"
        gave_up += sum(not each.result() for each in results)
        tried_in_all += len(results)
        if seed % AUDITED_EVERY == 0:
            count_rows()
            assert auditing.audit_ledger() == [], f"seed {seed}"
            print(f"seed {seed}, {gave_up} have waited too long", flush=True)
    assert auditing.audit_ledger() == []
    assert gave_up * 100 <= tried_in_all * GIVE_UP_MOST_PCT, f"{gave_up} of {tried_in_all} waited too long"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM economy_order WHERE state = 'open' AND remaining <= 0")
        assert cursor.fetchone() == (0,)
