"""From a folder to a pack: everything is read and checked before anything is used.

All problems are collected; a pack with one problem is no pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from aether.kernel.content import kinds
from aether.kernel.content.pack import Documents, InvalidContentError, Pack, PackInfo, Problem, Source, place
from aether.kernel.content.reading import Document, read_document

FILES_MAX = 5_000
ID_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,63}$")
INFO_FILE = "pack.json"

_WHERE = re.compile(r" - at `(?:key in )?(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def load(folder: Path) -> Pack:
    """Read the pack of a folder, or raise InvalidContentError with every problem found."""
    reader = _Reader(folder)
    info = reader.info()
    reader.read_kinds()
    return _checked(_pack(info, reader.documents, reader.sources, reader.problems))


def from_documents(info: PackInfo, documents: Documents) -> Pack:
    """Make a pack of plain values, checked like one that is read from files."""
    return _checked(_pack(info, documents, {}, []))


def from_compiled(compiled: bytes) -> Pack:
    """Make the pack of a release again. It was checked when it was published."""
    stored = msgspec.json.decode(compiled)
    return _pack(msgspec.convert(stored["info"], PackInfo), stored["documents"], {}, [])


def from_text(compiled: bytes) -> Pack:
    """Make the pack of a compiled form that comes from outside, checked like one read from files."""
    try:
        stored = msgspec.json.decode(compiled, type=_Compiled)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidContentError([Problem("content", str(error))]) from None
    return _checked(_pack(stored.info, stored.documents, {}, []))


class _Compiled(msgspec.Struct):
    info: PackInfo
    documents: dict[str, dict[str, dict[str, Any]]]


class _Reader:
    """Collects the documents of a folder, and the problems met on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.documents: dict[str, dict[str, Any]] = {}
        self.sources: dict[tuple[str, str], Source] = {}

    def info(self) -> PackInfo:
        if not self.folder.is_dir():
            raise InvalidContentError([Problem(str(self.folder), "there is no such folder")])
        document = read_document(self.folder / INFO_FILE, INFO_FILE)
        try:
            return msgspec.convert(document.value, PackInfo)
        except msgspec.ValidationError as error:
            raise InvalidContentError([Problem(INFO_FILE, str(error))]) from error

    def read_kinds(self) -> None:
        self._find_strays()
        for name, kind in kinds.registered().items():
            self.documents[name] = {}
            for path in self._files(name, kind.suffixes):
                shown = path.relative_to(self.folder).as_posix()
                try:
                    self._read_file(kind, path, shown)
                except InvalidContentError as error:
                    self.problems += error.problems
            self.documents[name] = dict(sorted(self.documents[name].items()))

    def _find_strays(self) -> None:
        """A misspelt folder or ending must not leave its content out in silence."""
        known = kinds.registered()
        for entry in sorted(self.folder.iterdir()):
            if entry.name == INFO_FILE or entry.name.startswith("."):
                continue
            kind = known.get(entry.name)
            if kind is None or not entry.is_dir():
                self.problems.append(Problem(entry.name, f"this is none of {INFO_FILE}, {', '.join(known)}"))
            elif kind.compiler is None:
                self._find_stray_files(entry, kind.suffixes)

    def _find_stray_files(self, folder: Path, suffixes: tuple[str, ...]) -> None:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in suffixes and not path.is_dir() and not path.name.startswith("."):
                shown = path.relative_to(self.folder).as_posix()
                self.problems.append(Problem(shown, f"files of this folder end in {' or '.join(suffixes)}"))

    def _files(self, name: str, suffixes: tuple[str, ...]) -> list[Path]:
        found = sorted(path for path in (self.folder / name).rglob("*") if path.suffix in suffixes)
        if len(found) > FILES_MAX:
            raise InvalidContentError([Problem(name, f"it holds more than {FILES_MAX} files")])
        return found

    def _read_file(self, kind: kinds.Kind, path: Path, shown: str) -> None:
        if kind.compiler:
            compiled = kind.compiler(kinds.SourceFile(path, shown))
            self._keep(kind.name, compiled, Source(shown, {}))
            return
        document = read_document(path, shown)
        for keys, value in _entries(document):
            source = Source(shown, _lines_under(document, keys))
            if not isinstance(value, dict):
                raise InvalidContentError([Problem(place(shown, source.lines, ()), "a mapping is expected")])
            self._keep(kind.name, _written_out(kind, value, source), source)

    def _keep(self, kind: str, document: dict[str, Any], source: Source) -> None:
        name = document.get("id")
        where = place(source.file, source.lines, ("id",))
        if not isinstance(name, str) or not ID_PATTERN.match(name):
            self.problems.append(Problem(where, f"`id` has to be a lower-case word, not {name!r}"))
        elif name in self.documents[kind]:
            first = self.sources[kind, name]
            known = place(first.file, first.lines, ("id",))
            self.problems.append(Problem(where, f"the id `{name}` is taken by {known}"))
        else:
            self.documents[kind][name] = document
            self.sources[kind, name] = source


def _written_out(kind: kinds.Kind, document: dict[str, Any], source: Source) -> dict[str, Any]:
    if kind.expander is None:
        return document
    try:
        return kind.expander(document)
    except kinds.DocumentError as error:
        where = place(source.file, source.lines, error.keys)
        shown = ".".join(map(str, error.keys))
        raise InvalidContentError([Problem(where, f"{shown}: {error}")]) from error


def _entries(document: Document) -> Iterator[tuple[tuple[int, ...], Any]]:
    if isinstance(document.value, list):
        yield from (((index,), value) for index, value in enumerate(document.value))
    else:
        yield (), document.value


def _lines_under(document: Document, keys: tuple[int, ...]) -> dict[tuple[str | int, ...], int]:
    length = len(keys)
    return {path[length:]: line for path, line in document.lines.items() if path[:length] == keys}


def _pack(
    info: PackInfo,
    documents: Documents,
    sources: Mapping[tuple[str, str], Source],
    problems: list[Problem],
) -> Pack:
    definitions: dict[type[msgspec.Struct], dict[str, msgspec.Struct]] = {}
    for name, kind in kinds.registered().items():
        definitions[kind.definition] = found = {}
        for key, value in documents.get(name, {}).items():
            try:
                found[key] = msgspec.convert(value, kind.definition)
            except msgspec.ValidationError as error:
                problems.append(_located(error, sources.get((name, key)), f"{name}/{key}"))
    if problems:
        raise InvalidContentError(problems)
    return Pack(info, {kind: found for kind, found in documents.items() if found}, definitions, sources)


def _checked(pack: Pack) -> Pack:
    problems = [problem for check in kinds.checks() for problem in check(pack)]
    if problems:
        raise InvalidContentError(sorted(problems, key=lambda problem: problem.path))
    return pack


def _located(error: msgspec.ValidationError, source: Source | None, name: str) -> Problem:
    message = str(error)
    match = _WHERE.search(message)
    keys = _keys(match["path"]) if match else ()
    reason = message[: match.start()] if match else message
    shown = ".".join(map(str, keys))
    where = place(source.file, source.lines, keys) if source else name
    return Problem(where, f"{shown}: {reason}" if shown else reason)


def _keys(path: str) -> tuple[str | int, ...]:
    keys: list[str | int] = []
    for word, index in _STEP.findall(path):
        if index == "...":
            break
        keys.append(int(index) if index else word)
    return tuple(keys)
