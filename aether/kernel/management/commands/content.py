"""`manage.py content check`: says what is wrong with a pack, and leaves the running one alone."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from aether.kernel import content


class Command(BaseCommand):
    help = "Check a content pack: one problem a line, exit code 1 when there is any."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="Check a pack.")
        check.add_argument("path", nargs="?", default=str(settings.CONTENT_PACK), help="The pack's folder.")
        check.add_argument("--quiet", action="store_true", help="Say nothing when the pack is valid.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = content.load(Path(options["path"]))
        except content.InvalidContentError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise SystemExit(1) from None
        if not options["quiet"]:
            self.stdout.write(f"{options['path']} is valid: release {pack.release}, hash {pack.hash}")
