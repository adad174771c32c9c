"""Writes what is generated from the wire types: the contract as a document, and the client's TypeScript."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aether.gateway import contract


class Command(BaseCommand):
    help = "Write aether/protocol/schema.json and the client's generated.ts from the wire types."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if one is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in contract.rendered().items():
            if options["check"]:
                if not path.exists() or path.read_text() != text:
                    raise CommandError(f"{path.name} is out of date: run `manage.py export_protocol`.")
                continue
            path.write_text(text)
            self.stdout.write(f"wrote {path}")
