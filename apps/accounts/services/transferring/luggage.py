"""What a character takes along, as the apps further up have it: each packs and unpacks its own part.

A part is packed and unpacked inside the transaction that moves the character, so all of it moves or none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from uuid import UUID

Content = dict[str, Any]
Package = dict[str, Content]
Stage = Literal["out", "in", "back"]


class Blocker(NamedTuple):
    """Something open that a character must close before it may leave."""

    code: str
    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One transfer, as seen by the shard that packs or unpacks: the id is the character's on that shard."""

    transfer: UUID
    character_id: int
    fee: int


def _nothing_blocks(character_id: int, fee: int) -> Iterable[Blocker]:
    return ()


def _nothing_counts(character_id: int) -> dict[str, int]:
    return {}


def _nothing_is_wrong(transfer: UUID, stage: Stage, content: Content) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Luggage:
    """An app's part of a character. `put_back` undoes `pack`, on the shard that has packed."""

    name: str
    pack: Callable[[Journey], Content]
    unpack: Callable[[Journey, Content], None]
    put_back: Callable[[Journey, Content], None]
    blockers: Callable[[int, int], Iterable[Blocker]] = _nothing_blocks
    counts: Callable[[int], dict[str, int]] = _nothing_counts
    """What the player is shown before: how much of what goes along."""
    audit: Callable[[UUID, Stage, Content], list[str]] = _nothing_is_wrong
    """Compares what was packed with what the app has written down about a stage."""


_parts: dict[str, Luggage] = {}


def register_luggage(part: Luggage) -> None:
    """Let an app's part go along. Its name is how the package calls it, for ever."""
    _parts[part.name] = part


def parts() -> Iterator[Luggage]:
    yield from _parts.values()


def blockers_of(character_id: int, fee: int) -> list[Blocker]:
    """Return everything that keeps a character here, which pays so much to leave."""
    return [blocker for part in parts() for blocker in part.blockers(character_id, fee)]


def digest_of(package: Package) -> str:
    """Return what tells whether a package is the one that was packed."""
    text = json.dumps(package, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
