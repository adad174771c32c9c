"""Migrations that a kill leaves done or undone, never half: who starts next goes on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor


class WholeMigrationExecutor(MigrationExecutor):
    """Writes that a migration is done in the migration's own transaction; Django often does so afterwards.

    One that is no transaction builds its indexes beside the writers. Those of its own that are there already
    were left over by a kill, perhaps half built: they are dropped and built again.
    """

    def apply_migration(
        self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        with self._whole(migration, () if fake else _built(migration, AddIndexConcurrently)):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def unapply_migration(self, state: Any, migration: Migration, fake: bool = False) -> Any:
        with self._whole(migration, () if fake else _built(migration, RemoveIndexConcurrently)):
            return super().unapply_migration(state, migration, fake=fake)

    @contextmanager
    def _whole(self, migration: Migration, built: Iterable[str]) -> Iterator[None]:
        if migration.atomic:
            with transaction.atomic(using=self.connection.alias):
                yield
        else:
            self._drop_left_over(built)
            yield

    def _drop_left_over(self, built: Iterable[str]) -> None:
        with self.connection.cursor() as cursor:
            for name in map(self.connection.ops.quote_name, built):
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _built(
    migration: Migration, kind: type[AddIndexConcurrently] | type[RemoveIndexConcurrently]
) -> Iterable[str]:
    """Return the names of the indexes that a migration adds, or brings back when it is undone."""
    found = [each for each in migration.operations if isinstance(each, kind)]
    return [each.index.name if isinstance(each, AddIndexConcurrently) else each.name for each in found]
