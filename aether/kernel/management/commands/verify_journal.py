"""Checks that no row of the journal was changed, removed or put in between."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aether.kernel.journal.verifying import Survey


class Command(BaseCommand):
    help = "Walks every chain of the journal; names each bad row and fails if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey()
        count = 0
        for flaw in survey.flaws():
            count += 1
            self.stderr.write(str(flaw))
        if count:
            raise CommandError(f"The journal is damaged: {count} bad rows of {survey.rows}.")
        self.stdout.write(f"The journal is whole: {survey.rows} entries in {survey.streams} streams.")
