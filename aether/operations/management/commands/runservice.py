"""`manage.py runservice`: one app in processes of its own."""

from __future__ import annotations

from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import aether.celery  # noqa: F401 - it says where the broker is
from aether.operations import service


class Command(BaseCommand):
    help = (
        "Execute the commands of an app that REMOTE_APPS names, until SIGINT or SIGTERM. "
        "Any number may run: a partition goes to a process that asked for it, else to any other."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", choices=sorted(service.app_labels()))
        parser.add_argument(
            "--health-port", type=int, default=settings.HEALTH_PORT, help="serve /healthz, /readyz, /metrics"
        )
        asked = parser.add_mutually_exclusive_group()
        asked.add_argument("--partitions", metavar="0-7,9", help="the partitions to serve above all (all)")
        asked.add_argument("--shard", metavar="0/2", help="serve every second partition, from the first")

    def handle(self, *_args: Any, **options: Any) -> None:
        app = options["app"]
        if settings.PROFILE != "services":
            raise CommandError("Services need real PostgreSQL and Redis: use aether.settings.services.")
        if app not in settings.REMOTE_APPS:
            raise CommandError(f"{app} is not among REMOTE_APPS, so nobody would ask this process anything.")
        try:
            partitions = asked_partitions(options["partitions"], options["shard"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        uvloop.run(service.run(app, partitions, health_port=options["health_port"]))


def asked_partitions(ranges: str | None, shard: str | None) -> list[int]:
    """Return the partitions that the options name; refuse what there is not."""
    count = settings.REMOTE_PARTITIONS
    if shard is not None:
        number, shards = _numbers(shard, "/", "a shard looks like 0/2")
        if not 0 <= number < shards:
            raise ValueError(f"There is no shard {shard}: they are 0/{shards} to {shards - 1}/{shards}.")
        return list(range(number, count, shards))
    asked: set[int] = set()
    for part in (ranges or f"0-{count - 1}").split(","):
        first, last = _numbers(part if "-" in part else f"{part}-{part}", "-", "partitions look like 0-7,9")
        if not 0 <= first <= last < count:
            raise ValueError(f"There is no partition {part}: they are 0 to {count - 1}.")
        asked.update(range(first, last + 1))
    return sorted(asked)


def _numbers(text: str, separator: str, form: str) -> tuple[int, int]:
    one, _, other = text.strip().partition(separator)
    if not (one.isascii() and one.isdigit() and other.isascii() and other.isdigit()):
        raise ValueError(f"{text!r} cannot be read: {form}.")
    return int(one), int(other)
