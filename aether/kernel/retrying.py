"""Transactions that the database has undone for certain are tried again, a few times and not at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

import psycopg
import structlog
from django.db import OperationalError

R = TypeVar("R")

RETRIES = 3
PAUSE_S = 0.02

logger = structlog.get_logger(__name__)


def undone_by_others(error: BaseException) -> bool:
    """Tell if a transaction was undone because it met another one, so that it may succeed next time."""
    return isinstance(error.__cause__, (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure))


def is_of_old_plan(error: BaseException) -> bool:
    """Tell if a statement's kept plan may give other types than its tables do since they were altered."""
    return isinstance(error.__cause__, psycopg.errors.FeatureNotSupported)


def waited_too_long(error: BaseException | None) -> bool:
    """Tell if something was undone because it did not get a lock, or did not end, in time."""
    while error is not None:
        if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
            return True
        error = error.__cause__
    return False


def retrying(work: Callable[[], R]) -> R:
    """Do `work`, which is a transaction, again when others were in its way; raise when they stay there."""
    for attempt in range(RETRIES):
        try:
            return work()
        except OperationalError as error:
            if not undone_by_others(error):
                raise
            logger.info("a transaction is tried again", attempt=attempt + 1, error=str(error.__cause__))
        threading.Event().wait(PAUSE_S * (attempt + random.random()))
    return work()
