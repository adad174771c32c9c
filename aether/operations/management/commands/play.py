"""`manage.py play`: the whole game in one process."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aether.operations.listening import PortError, as_port
from aether.operations.play import PlayError, play


class Command(BaseCommand):
    help = "Start the whole game in one process and print where to go."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000", help="the port to listen on (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            port = as_port(str(options["port"]), command="make play")
            play(host=options["host"], port=port, folder=settings.DATA, say=self._say)
        except (PlayError, PortError) as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        """Print at once, also into a pipe: people watch the progress."""
        self.stdout.write(line)
        self.stdout.flush()
