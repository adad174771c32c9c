"""`manage.py audit_transfers`: whether everything that moved between shards is in exactly one place."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from aether.kernel import shards
from apps.accounts import services


class Command(BaseCommand):
    help = (
        "Check that every character that left this shard or came to it is in exactly one place, with all "
        "that it took along. Run it on each shard. Exits with 1 where something is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = services.audit_transfers()
        for finding in findings:
            self.stderr.write(finding)
        if findings:
            raise SystemExit(1)
        self.stdout.write(f"All that left and all that came is where it belongs ({shards.here()}).")
