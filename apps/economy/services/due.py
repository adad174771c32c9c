"""What is due, one by one: each in its own transaction, so that one that fails holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from apps.economy.metrics import DUE_FAILED

logger = logging.getLogger(__name__)


def each_alone(work: Callable[[int], bool], ids: Iterable[int], *, what: str) -> int:
    """Do `work` for each id and return for how many it did something; what fails is told and passed over.

    A database that is busy with one of them fails that one; the next round finds it again.
    """
    done = 0
    for one in ids:
        try:
            done += work(one)
        except SoftTimeLimitExceeded:
            raise  # our time is over: that is nothing about this one
        except Exception as error:
            if isinstance(error, OperationalError) and not connection.is_usable():
                raise  # the database is away: it would be so for all others too
            DUE_FAILED.labels(what).inc()
            logger.exception("%s %s is due and cannot be resolved", what, one)
    return done
