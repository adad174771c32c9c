"""`manage.py rebuild_balances`: say which balances differ from their lines; `--apply` puts them right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.economy.services import rebuilding


class Command(BaseCommand):
    help = "Compare balances and folded totals with the lines of the ledger. Exits with 1 where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="Put them right, while people play on.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["apply"]:
            self._show(rebuilding.differences(), "differs")
            return
        repaired, refused = rebuilding.rebuild()
        for each in repaired:
            self.stdout.write(f"{_text(each)}: put right")
        self._show(refused, "cannot be: look for the entry that took too much")

    def _show(self, found: list[rebuilding.Difference], what: str) -> None:
        for each in found:
            self.stderr.write(f"{_text(each)}: {what}")
        if found:
            raise SystemExit(1)
        self.stdout.write("Every balance is the sum of its lines.")


def _text(each: rebuilding.Difference) -> str:
    return f"account {each.account_id} ({each.account}) {each.asset}: {each.said}, its lines {each.summed}"
