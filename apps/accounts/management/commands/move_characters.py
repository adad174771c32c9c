"""`manage.py move_characters`: this shard's part of every transfer that is due, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import services


class Command(BaseCommand):
    help = "Do this shard's part of every transfer that is due, as the clock does every two seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.move_characters()} steps done.")
