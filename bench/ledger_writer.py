"""One writer of the ledger's measurements: `prepare`, or a kind of work for some seconds."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count

ACCOUNTS = 1_000
GROUP = 4
BATTLES = 6_000
FUNDS = 10**9
SELLER = ACCOUNTS + 1

Step = Callable[[], object]


def prepare() -> None:
    """Make the characters with money in their wallets, and the battles that have ended."""
    from django.db import transaction

    from apps.accounts.models import Account, Character
    from apps.economy.buckets import faucet, wallet
    from apps.economy.services.ledger import Move, Posting, post

    login = Account.objects.create(username="bench")
    Character.objects.bulk_create(
        Character(id=number, account=login, name=f"B{number}", name_key=f"b{number}", class_id="kitewright")
        for number in range(1, ACCOUNTS + 1)
    )
    for number in range(1, ACCOUNTS + 1):
        move = Move(asset="glim", amount=FUNDS, source=faucet("bench"), target=wallet(number))
        with transaction.atomic():
            post(Posting(kind="bench", idempotency_key=f"f{number}", cause="bench:1", moves=(move,)))
    with transaction.atomic():
        _publish_battles()


def _publish_battles() -> None:
    from aether.kernel import facts
    from aether.kernel.facts.types import BattleEnded, Participant, SlainMonster

    dice = random.Random(1)
    for battle in range(1, BATTLES + 1):
        group = dice.sample(range(1, ACCOUNTS + 1), GROUP)
        participants = tuple(
            Participant(character=each, outcome="won", xp=20, loot_key=f"{battle * GROUP + n:064x}")
            for n, each in enumerate(group)
        )
        slain = SlainMonster(monster="mud_skitter", level=1, loot_table="lt_mud_skitter")
        ended = BattleEnded(
            battle=battle,
            mode="pve",
            zone="reedmoor_flats",
            instance="reedmoor_flats.1",
            group=None,
            rounds=4,
            participants=participants,
            slain=(slain,) * 3,
            is_rewarded=True,
        )
        facts.publish(ended)


def steps(work: str, writer: int, writers: int) -> Iterator[Step]:
    """Return what a writer does, one after the other."""
    if work == "loot_settlement":
        return _settlements(writer, writers)
    return _postings(work, writer)


def _postings(work: str, writer: int) -> Iterator[Step]:
    """Yield postings between wallets, out of one faucet, or from many wallets into one."""
    from django.db import transaction

    from apps.economy.buckets import faucet, wallet
    from apps.economy.services.ledger import Move, Posting, post

    dice = random.Random(writer)
    for number in count():
        one, other = dice.sample(range(1, ACCOUNTS + 1), 2)
        source, target = {
            "ledger_spread": (wallet(one), wallet(other)),
            "ledger_hot": (faucet("hot"), wallet(other)),
            "ledger_hot_seller": (wallet(one), wallet(SELLER)),
        }[work]
        move = Move(asset="glim", amount=1 + number % 9, source=source, target=target)
        posting = Posting(
            kind="bench", idempotency_key=f"{work}:{writer}:{number}", cause="bench:2", moves=(move,)
        )

        def step(posting: Posting = posting) -> None:
            with transaction.atomic():
                post(posting)

        yield step


def _settlements(writer: int, writers: int) -> Iterator[Step]:
    """Yield the deliveries of battles to the subscriber that pays the loot."""
    from functools import partial

    from aether.kernel.facts import outbox
    from aether.kernel.facts.delivery import handle

    for delivery in outbox.open_deliveries():
        if delivery.subscriber == "economy.pay_loot" and delivery.event_id % writers == writer:
            yield partial(handle, delivery.event_id, delivery.subscriber)


def write(work: str, seconds: float, writers: int, writer: int) -> None:
    """Do the work once to warm up, say that it can begin, and work until the time is over."""
    from aether.kernel import content

    content.current()  # as every server does when it starts
    todo = steps(work, writer, writers)
    next(todo)()
    print("ready", flush=True)
    sys.stdin.readline()
    times, processor = [], time.process_time()
    until = time.perf_counter() + seconds
    for step in todo:
        began = time.perf_counter()
        if began > until:
            break
        step()
        times.append(time.perf_counter() - began)
    else:
        raise RuntimeError("there was not enough to do")
    print(json.dumps({"times_s": times, "processor_s": time.process_time() - processor}))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aether.settings.embedded")
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        work, seconds, writers, writer = sys.argv[1:]
        write(work, float(seconds), int(writers), int(writer))


if __name__ == "__main__":
    main()
