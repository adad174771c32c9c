"""`manage.py prepare`: what must be done once before the roles of a new version start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from aether.operations.play import prepare


class Command(BaseCommand):
    help = (
        "Apply migrations, check the content pack, make sure that there is a game master. "
        "Safe to run again; nothing needs to stop for it."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        prepare(self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
