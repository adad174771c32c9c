"""Where the rules end and carrying battles begins: whatever fails in them comes out as one error.

Refusals pass, for they are answers. Everything else that the rules raise, or a log that does not hold what
they need, is a fault of one battle: it is counted there, and no other battle notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aether.kernel.errors import GameError, UnavailableError
from aether.kernel.journal import BrokenChainError
from apps.combat.engine import NotReplayableError


class BattleFailedError(Exception):
    """The rules failed on a battle; the cause says how."""


class UnknownHereError(UnavailableError):
    """A battle needs rules or content that this process does not have; another one may."""


FAULTS = (BattleFailedError, BrokenChainError)
"""What is counted as a fault of a battle: the rules failed, or its log was changed."""


@contextmanager
def of_this_battle() -> Iterator[None]:
    """Turn whatever the rules raise into the error of a failed battle. Let nothing but rules run inside."""
    try:
        yield
    except (GameError, NotReplayableError, *FAULTS):
        raise
    except Exception as error:
        raise BattleFailedError(repr(error)) from error
