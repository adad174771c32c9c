"""What apps registered: the kinds of content with their types, and the checks over a whole pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from aether.kernel.content.pack import Pack, Problem


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a kind reads and compiles by itself. `shown` is its name in problems."""

    path: Path
    shown: str


Compiler = Callable[[SourceFile], dict[str, Any]]
"""Turns a foreign file into the document of its kind, or raises InvalidContentError."""

Expander = Callable[[dict[str, Any]], dict[str, Any]]
"""Writes out what a document says in short, or raises DocumentError."""

Keys = tuple[str | int, ...]


class DocumentError(Exception):
    """A document is wrong at `keys`; the message says how."""

    def __init__(self, keys: Keys, message: str) -> None:
        super().__init__(message)
        self.keys = keys


Check = Callable[[Pack], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A folder of the pack: what its documents decode into, and from which files."""

    name: str
    definition: type[msgspec.Struct]
    suffixes: tuple[str, ...] = (".yaml",)
    compiler: Compiler | None = None
    expander: Expander | None = None


_kinds: dict[str, Kind] = {}
_checks: list[Check] = []


def register(
    kind: str,
    definition: type[msgspec.Struct],
    *,
    suffixes: tuple[str, ...] = (".yaml",),
    compiler: Compiler | None = None,
    expander: Expander | None = None,
) -> None:
    """Say what the documents of a folder are.

    `compiler` is for files that are not written by hand, `expander` for documents that say things in short.
    """
    _kinds[kind] = Kind(kind, definition, suffixes, compiler, expander)


def register_check(check: Check) -> None:
    """Have every pack checked as a whole: references, ranges, what may not loop."""
    if check not in _checks:
        _checks.append(check)


def registered() -> dict[str, Kind]:
    """Return every kind by its folder's name."""
    return dict(sorted(_kinds.items()))


def checks() -> tuple[Check, ...]:
    return tuple(_checks)
