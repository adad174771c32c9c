"""`manage.py runrelay`: carries facts from the outbox to the broker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

import aether.celery  # noqa: F401 - it says where the broker is
from aether.kernel.facts.relay import relay_until


class Command(BaseCommand):
    help = "Carry published facts from the outbox to the broker until SIGINT or SIGTERM. Any number may run."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = threading.Event()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, lambda *_: stop.set())
        relay_until(stop)
