"""Where the rules end and carrying battles begins: whatever fails in them comes out as one error.

Refusals pass, for they are answers. Everything else that the rules raise, or a log that does not hold what
they need, is a fault of one battle: it is counted there, and no other battle notices.
"""

from __future__ import annotations

from types import TracebackType

from aether.kernel.errors import GameError, UnavailableError
from aether.kernel.journal import BrokenChainError
from apps.combat.engine import NotReplayableError


class BattleFailedError(Exception):
    """The rules failed on a battle; the cause says how."""


class UnknownHereError(UnavailableError):
    """A battle needs rules or content that this process does not have; another one may."""


FAULTS = (BattleFailedError, BrokenChainError)
"""What is counted as a fault of a battle: the rules failed, or its log was changed."""

PASSING = (GameError, NotReplayableError, *FAULTS)


class of_this_battle:  # noqa: N801 - a context, not a thing
    """Turn whatever the rules raise into the error of a failed battle. Let nothing but rules run inside.

    A class, since each action enters it several times and a generator costs more than what it guards.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, PASSING):
            raise BattleFailedError(repr(error)) from error
