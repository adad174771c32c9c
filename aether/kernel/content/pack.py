"""A content pack as a value: its documents as they were read, and as the types that apps registered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec

from aether.kernel.errors import NotFoundError

S = TypeVar("S", bound=msgspec.Struct)

Lines = Mapping[tuple[str | int, ...], int]
Documents = Mapping[str, Mapping[str, Any]]
"""Kind → id → the document as plain values."""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong, and where: `path` is a file of the pack, with a line where one is known."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidContentError(Exception):
    """A pack that cannot be used, with everything that was found wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class LocalText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that people read, in both languages."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en


class PackInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `pack.json` says: `version` names the release."""

    id: str
    name: LocalText
    version: str
    rules_version: int


class Source(msgspec.Struct, frozen=True):
    """The file that a document came from, and the line of each of its values."""

    file: str
    lines: Lines


class Pack:
    """The whole content of a release. Nothing in it changes."""

    def __init__(
        self,
        info: PackInfo,
        documents: Documents,
        definitions: Mapping[type[msgspec.Struct], Mapping[str, msgspec.Struct]],
        sources: Mapping[tuple[str, str], Source],
    ) -> None:
        self.info = info
        self.compiled = compiled_bytes(info, documents)
        self.hash = hashlib.sha256(self.compiled).hexdigest()
        self.release = info.version
        self._documents = documents
        self._definitions = definitions
        self._sources = sources

    def get(self, definition: type[S], name: str) -> S:
        """Return one definition by its id."""
        try:
            return cast(S, self._definitions[definition][name])
        except KeyError:
            raise NotFoundError(kind=definition.__name__, id=name) from None

    def all(self, definition: type[S]) -> Mapping[str, S]:
        """Return every definition of a type by id, ids ascending."""
        return cast(Mapping[str, S], self._definitions.get(definition, {}))

    def raw(self, kind: str) -> Mapping[str, Any]:
        """Return the documents of a kind as plain values by id, ids ascending."""
        return self._documents.get(kind, {})

    def where(self, kind: str, name: str, *keys: str | int) -> str:
        """Return the file and line of a value, for `Problem.path`."""
        source = self._sources.get((kind, name))
        return place(source.file, source.lines, keys) if source else f"{kind}/{name}"


def place(file: str, lines: Lines, keys: tuple[str | int, ...]) -> str:
    """Return `file:line` of the value, or of the nearest value around it whose line is known."""
    for length in range(len(keys), -1, -1):
        if (line := lines.get(keys[:length])) is not None:
            return f"{file}:{line}"
    return file


def compiled_bytes(info: PackInfo, documents: Documents) -> bytes:
    """Return the canonical form of a pack: the same content gives the same bytes everywhere."""
    return msgspec.json.encode({"info": info, "documents": documents}, order="sorted")
