"""`manage.py create_gm`: makes a game master and prints its password, once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aether.console.roles import create_gm, ensure_gm


class Command(BaseCommand):
    help = "Make a game master with a random password, which is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="gm", help="the account's name (gm)")
        parser.add_argument("--if-none", action="store_true", help="only if there is no game master yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        name = options["name"]
        if options["if_none"]:
            password = ensure_gm(name)
        elif get_user_model().objects.filter(username__iexact=name).exists():
            raise CommandError(f"There is an account {name!r} already: choose another name.")
        else:
            password = create_gm(name)
        if password:
            self.stdout.write(f"Game master: {name}   password: {password}   (shown only now)")
