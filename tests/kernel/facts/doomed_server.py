"""A process with the embedded worker and relay that dies when it is told to. Run by test_killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import django

django.setup()

from django.db import connection  # noqa: E402

from aether import celery  # noqa: E402
from aether.kernel import facts  # noqa: E402
from aether.kernel.facts import outbox, registry, relay  # noqa: E402
from aether.kernel.facts.types import CharacterCreated, ZoneEntered  # noqa: E402

PATIENCE_S = 20


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def welcome(fact: CharacterCreated, event_id: int) -> None:
    """The effect is another row of the outbox, so that it can be counted."""
    facts.publish(ZoneEntered(character=fact.character, zone="lastmoor"))
    if moment == "in_the_effect":
        die()


def main() -> None:
    registry._subscribers.clear()
    facts.subscribe(CharacterCreated, name="quests.welcome")(welcome)
    if moment == "after_the_claim":
        relay.deliver_fact.apply_async = lambda *_message, **_options: die()  # type: ignore[method-assign]
    if moment == "after_the_effect":
        outbox.settle = lambda *_fact: die()  # type: ignore[assignment]
    celery.start_embedded()
    stop = threading.Event()
    relaying = threading.Thread(target=relay.relay_until, args=[stop])
    relaying.start()
    until = time.monotonic() + PATIENCE_S
    while facts.backlog().pending and time.monotonic() < until:
        stop.wait(0.05)
    stop.set()
    relaying.join()
    celery.stop_embedded()
    connection.close()


moment = sys.argv[1]
main()
