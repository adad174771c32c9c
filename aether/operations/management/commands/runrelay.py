"""`manage.py runrelay`: carries facts from the outbox to the broker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

import aether.celery  # noqa: F401 - it says where the broker is
from aether.kernel import health
from aether.kernel.facts.relay import pulse, relay_until


class Command(BaseCommand):
    help = "Carry published facts from the outbox to the broker until SIGINT or SIGTERM. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--health-port", type=int, default=settings.HEALTH_PORT, help="serve /healthz, /readyz, /metrics"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, lambda *_: stop.set())
        ready: health.Checks = {
            "database": health.is_database_up,
            "broker": health.is_broker_up,
            "relay": pulse.is_fresh,
        }
        with health.serving(options["health_port"], alive={"relay": pulse.is_alive}, ready=ready):
            relay_until(stop)
