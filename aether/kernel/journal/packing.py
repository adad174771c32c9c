"""Columns of a group as PostgreSQL's binary arrays, packed in one go instead of an element at a time."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i").pack
_INTEGERS = {"smallint": (21, "ih", 2), "int": (23, "ii", 4), "bigint": (20, "iq", 8)}
_BYTES = {"bytea": 17, "text": 25}

TYPES = frozenset([*_INTEGERS, *_BYTES])
"""The column types that can be packed."""


class PackedArray:
    """An array in the form that the server takes as it is. The statement says of which type."""

    __slots__ = ("packed",)

    def __init__(self, packed: bytes) -> None:
        self.packed = packed


class PackedArrayDumper(Dumper):
    """Hands a packed array on."""

    format = Format.BINARY

    def dump(self, obj: PackedArray) -> bytes:
        return obj.packed


def pack(kind: str, values: Sequence[Any]) -> PackedArray:
    """Return a column without NULLs as an array of a type."""
    if kind in _INTEGERS:
        return _integers(*_INTEGERS[kind], values)
    encoded = [value.encode() for value in values] if kind == "text" else values
    return _strings(_BYTES[kind], encoded)


def _integers(oid: int, form: str, size: int, values: Sequence[int]) -> PackedArray:
    items: list[int] = []
    for value in values:
        items += (size, value)
    count = len(values)
    return PackedArray(_header(oid, count) + struct.pack(">" + form * count, *items))


def _strings(oid: int, values: Sequence[bytes]) -> PackedArray:
    parts = [_header(oid, len(values))]
    for value in values:
        parts += (_LENGTH(len(value)), value)
    return PackedArray(b"".join(parts))


def _header(oid: int, count: int) -> bytes:
    """One dimension, no NULLs, the type of the elements, how many, counted from 1."""
    return _HEADER.pack(1, 0, oid, count, 1)
