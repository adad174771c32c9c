"""A process whose children do deeds of the economy and die by SIGKILL after a statement of choice.

One JSON request a line: what to do, and after how many statements to die (none: never). The answer is how
many there were and which of them were commits, which count as statements, or none where it died.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from aether.kernel import content  # noqa: E402
from aether.kernel.errors import GameError  # noqa: E402
from apps.economy import services  # noqa: E402
from apps.economy.services import rollback, trading  # noqa: E402

DEEDS: dict[str, Callable[..., Any]] = {
    "confirm_trade": lambda **told: services.confirm_trade(services.Step(**told)),
    "place_order": lambda **told: services.place_order(services.Placement(**told)),
    "take_attachments": lambda **told: services.take_attachments(services.Taking(**told)),
    "bid": lambda **told: services.bid_in_auction(services.Offer(**told)),
    "finish_craft": services.settle_crafts,
    "carry_on": rollback.carry_on,
}


class Doom:
    """Counts the statements of this process, and ends it after so many."""

    def __init__(self, last: int | None) -> None:
        self._last = last
        self.counted = 0
        self.commits: list[int] = []

    def execute(self, run: Callable[..., Any], *arguments: Any) -> Any:
        result = run(*arguments)
        self.count()
        return result

    def commit(self) -> None:
        self.commits.append(self.counted + 1)
        self.count()

    def count(self) -> None:
        self.counted += 1
        if self.counted == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def do(deed: str, arguments: dict[str, Any], last: int | None) -> tuple[int, list[int]]:
    """Do a deed and return after how many statements it was done, and which of them were commits."""
    doom = Doom(last)
    connection.ensure_connection()
    end = connection._commit

    def commit() -> None:
        end()
        doom.commit()

    connection._commit = commit  # type: ignore[method-assign]
    with connection.execute_wrapper(doom.execute):
        try:
            DEEDS[deed](**arguments)
        except GameError as refusal:
            print(f"{deed}: {refusal.code}", file=sys.stderr)
    return doom.counted, doom.commits


def main() -> None:
    trading._meeting.clear()
    content.current()
    connections.close_all()
    for line in sys.stdin:
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            os.write(tell, json.dumps(do(**json.loads(line))).encode())
            sys.stderr.flush()
            os._exit(0)
        os.close(tell)
        _, status = os.waitpid(child, 0)
        with os.fdopen(told) as answer:
            counted = answer.read()
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert died or os.waitstatus_to_exitcode(status) == 0, f"{line}: {status}"
        print(counted or "null", flush=True)


if __name__ == "__main__":
    main()
