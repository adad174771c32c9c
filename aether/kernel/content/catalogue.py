"""What clients may know of the content: names and public definitions, in one language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from aether.kernel.content.kinds import registered
from aether.kernel.content.pack import Pack

LANGUAGES = ("en", "fr")

_exposed: dict[str, tuple[str, ...]] = {}


def expose(kind: str, *fields: str) -> None:
    """Show these fields of every document of a kind to clients, besides `id`."""
    _exposed[kind] = ("id", *fields)


def catalogue(pack: Pack, language: str) -> bytes:
    """Return the public part of a pack as JSON: kind → id → fields."""
    return _catalogue(pack, language, tuple(sorted(_exposed.items())))


@lru_cache(maxsize=4)
def _catalogue(pack: Pack, language: str, exposed: tuple[tuple[str, tuple[str, ...]], ...]) -> bytes:
    shown: dict[str, Any] = {"hash": pack.hash, "release": pack.release, "language": language}
    for kind, fields in exposed:
        definitions = pack.all(registered()[kind].definition)
        shown[kind] = {name: _shown(found, fields, language) for name, found in definitions.items()}
    return msgspec.json.encode(shown)


def _shown(definition: msgspec.Struct, fields: tuple[str, ...], language: str) -> dict[str, Any]:
    document = msgspec.to_builtins(definition)
    return {field: _localised(document[field], language) for field in fields if field in document}


def _localised(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        if value.keys() == set(LANGUAGES):
            return value[language]
        return {key: _localised(inner, language) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_localised(inner, language) for inner in value]
    return value
