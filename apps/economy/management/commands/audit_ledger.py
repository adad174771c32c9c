"""`manage.py audit_ledger`: check every conservation law of the ledger; exit with 1 where one is broken."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.economy import auditing


class Command(BaseCommand):
    help = "Check every conservation law of the ledger. Exits with 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = auditing.audit_snapshot()
        for finding in findings:
            self.stderr.write(f"{finding.law}: broken by {finding.what}")
        if findings:
            raise SystemExit(1)
        self.stdout.write(f"The ledger keeps its {len(auditing.LAWS)} laws.")
