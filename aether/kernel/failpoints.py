"""Named points at which a process can be made to die, stand still or fail, to prove that nothing is lost.

`FAILPOINTS=after_append=exit:3,before_tx=sleep(0.5)` lets the process be killed the third time that it
gets to `after_append`, and one thread of it wait for half a second each time before a transaction; with
`stop` the whole process stands still until it is sent SIGCONT. Unset, as it always is where people play, a
point costs one look at a constant; production refuses the variable.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NAMES = (
    "before_tx",
    "after_append",
    "after_commit_before_reply",
    "after_reply_before_doorbell",
    "outbox_before_publish",
    "after_publish_before_mark",
    "task_done_before_ack",
    "after_hand_over_before_shown",
    "guild_founded",
    "guild_named",
    "guild_paid",
    "transfer_arrived",
    "transfer_claimed",
    "transfer_declined",
    "transfer_frozen",
    "transfer_packed",
    "transfer_packing",
    "transfer_released",
    "transfer_returned",
    "transfer_returning",
    "transfer_told",
    "transfer_unpacking",
)
EXIT_CODE = 137
"""What the system reports of a process that was killed with -9."""

_ONE = re.compile(r"(?P<name>[a-z_]+)=(?P<action>exit|raise|stop|sleep\((?P<s>[\d.]+)\))(?::(?P<hit>\d+))?\Z")


class FailpointError(Exception):
    """Raised by a point whose action is `raise`."""


class Failpoint(NamedTuple):
    """`hit` says which arrival acts, counted from 1 (0: every one); `sleep_s` None means no sleep."""

    action: str
    sleep_s: float
    hit: int


def parsed(text: str) -> dict[str, Failpoint]:
    """Read the variable; a wrong one stops the start."""
    points = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _ONE.match(part)
        if found is None or found["name"] not in NAMES:
            raise ImproperlyConfigured(
                f"FAILPOINTS does not understand {part!r}: write name=exit, name=raise, name=stop or "
                f"name=sleep(1.5), then perhaps :3 for the third time. The names are {', '.join(NAMES)}."
            )
        action = found["action"].partition("(")[0]
        # What happens once, as dying does, happens the first time where there is no number.
        hit = int(found["hit"] or (0 if action == "sleep" else 1))
        points[found["name"]] = Failpoint(action, float(found["s"] or 0), hit)
    return points


class Failpoints:
    """The points that are armed, and how often each was reached."""

    def __init__(self, points: Mapping[str, Failpoint]) -> None:
        self._points = points
        self._reached = dict.fromkeys(points, 0)
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        """Do what is to be done at a point, if it is its turn."""
        point = self._points.get(name)
        if point is None:
            return
        with self._lock:
            self._reached[name] += 1
            is_due = point.hit in (0, self._reached[name])
        if is_due:
            _act(name, point)


def _act(name: str, point: Failpoint) -> None:
    match point.action:
        case "exit":
            os._exit(EXIT_CODE)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "sleep":
            threading.Event().wait(point.sleep_s)
        case _:
            raise FailpointError(name)


_failpoints = Failpoints(parsed(settings.FAILPOINTS))
reach = _failpoints.reach
is_armed = bool(settings.FAILPOINTS)
"""Ask this first, so that an unarmed process does nothing more: `if failpoints.is_armed: …reach(…)`."""
