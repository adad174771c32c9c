"""One after another: what fails is told to operators and does not keep the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery.exceptions import SoftTimeLimitExceeded

logger = logging.getLogger(__name__)


def do_each(what: str, ids: Iterable[int], work: Callable[[int], object]) -> None:
    """Do the work for each id, and go on with the next one where it fails."""
    for each in ids:
        try:
            work(each)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one that fails must not keep the others from their turn
            logger.exception("%s %s failed", what, each)
