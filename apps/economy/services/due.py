"""What is due, one by one: each in its own transaction, so that one that fails holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from apps.economy.metrics import DUE_FAILED

logger = logging.getLogger(__name__)


def each_alone(work: Callable[[int], bool], ids: Iterable[int], *, what: str) -> int:
    """Do `work` for each id and return for how many it did something; what fails is told and passed over."""
    done = 0
    for one in ids:
        try:
            done += work(one)
        except (OperationalError, SoftTimeLimitExceeded):
            raise  # the database is away or busy, or our time is over: that is nothing about this one
        except Exception:
            DUE_FAILED.labels(what).inc()
            logger.exception("%s %s is due and cannot be resolved", what, one)
    return done
