"""The bounds and the base of everything that content may say."""

from __future__ import annotations

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,47}$")]
Small = Annotated[int, msgspec.Meta(ge=0, le=100)]
Points = Annotated[int, msgspec.Meta(ge=0, le=12)]
Cells = Annotated[int, msgspec.Meta(ge=1, le=12)]
Turns = Annotated[int, msgspec.Meta(ge=1, le=20)]
Reach = Annotated[int, msgspec.Meta(ge=0, le=24)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Signed = Annotated[int, msgspec.Meta(ge=-5_000, le=5_000)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Level = Annotated[int, msgspec.Meta(ge=1, le=100)]
Stacks = Annotated[int, msgspec.Meta(ge=1, le=20)]


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that content may say."""


class Text(Definition, frozen=True, kw_only=True):
    en: str
    fr: str
