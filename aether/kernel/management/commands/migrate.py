"""`manage.py migrate`: Django's own, which waits for locks for two seconds only and then lets others pass.

A migration that waits for a lock makes everybody else wait behind it. Each is one transaction, so one that
got none has changed nothing and is tried again, and one that was killed is done or not (`migrating`). Two who
migrate a database, as two who start at the same time do, do so one after the other: the second then finds
nothing to do.
"""

from __future__ import annotations

import threading
from typing import Any

import psycopg
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from aether.kernel.migrating import WholeMigrationExecutor

LOCK_TIMEOUT_MS = 2000
ATTEMPTS = 15
ALONE_ATTEMPTS = 600
PAUSE_S = 1.0

ALONE = "SELECT pg_try_advisory_lock(hashtext('aether'), hashtext('migrate'))"
"""Asked again and again: whoever waits for a lock has a snapshot, for which an index being built waits."""

migrate.MigrationExecutor = WholeMigrationExecutor  # type: ignore[attr-defined]  # Django's command lets nobody choose


class Command(migrate.Command):
    """Tries again where Django would give up."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        for _ in range(ATTEMPTS):
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}; SET statement_timeout = 0")
            try:
                self._wait_until_alone(connection)
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                self.stderr.write("A table is in use: the migration lets it be, and tries again in a moment.")
            else:
                return
            finally:
                connection.close()
            threading.Event().wait(PAUSE_S)
        raise CommandError("A table was in use all the time: nothing of the last migration was done.")

    def _wait_until_alone(self, connection: BaseDatabaseWrapper) -> None:
        """Take the lock of whoever migrates; it goes with the connection."""
        for attempt in range(ALONE_ATTEMPTS):
            with connection.cursor() as cursor:
                cursor.execute(ALONE)
                if cursor.fetchone() == (True,):
                    return
            if attempt == 0:
                self.stderr.write("Somebody else migrates this database: it is waited for.")
            threading.Event().wait(PAUSE_S)
        raise CommandError("Somebody else has migrated all the time: nothing was done.")
