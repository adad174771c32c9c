"""A small kind of content for the tests of packs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

WritePack = Callable[..., Path]


class Charm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    price: int
    tags: list[str] = []
    power: dict[str, int] = {}
