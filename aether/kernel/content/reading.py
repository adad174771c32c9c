"""Reading one file of a pack into plain values: strict, bounded, and with the line of every value.

YAML here is the part that cannot surprise: no tags, anchors or aliases, `true`/`false`/`null` and
decimal numbers only; everything else is text. A leading byte order mark is dropped, line ends are
made `\\n`, and text is brought to Unicode form NFC, so that the same words always hash the same.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from aether.kernel.content.pack import InvalidContentError, Lines, Problem

FILE_BYTES_MAX = 4 * 1024 * 1024
DEPTH_MAX = 32
VALUES_MAX = 200_000

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})$")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Document:
    """What a file says: a value and the line of each of its parts."""

    def __init__(self, value: Any, lines: Lines) -> None:
        self.value = value
        self.lines = lines


def read_document(path: Path, shown: str) -> Document:
    """Read a YAML or JSON file; `shown` is its name in problems."""
    text = read_text(path, shown)
    try:
        if path.suffix == ".yaml":
            return _Builder(shown).build(text)
        return Document(_json(text, shown), {(): 1})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _invalid(f"{shown}:{line}", f"this is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise _invalid(shown, "it holds characters that YAML does not allow") from error


def read_text(path: Path, shown: str) -> str:
    """Read a file as text: no link, not too large, UTF-8, one kind of line end, Unicode form NFC."""
    if path.is_symlink():
        raise _invalid(shown, "links are not followed")
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise _invalid(shown, f"it cannot be read: {error.strerror}") from error
    if len(content) > FILE_BYTES_MAX:
        raise _invalid(shown, f"it is larger than {FILE_BYTES_MAX} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _invalid(f"{shown}:{line}", "this is not UTF-8") from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _json(text: str, shown: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _invalid(shown, f"the key `{twice}` is there twice")
        return found

    def refuse(word: str) -> float:
        raise _invalid(shown, f"{word} is not a number")

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise _invalid(f"{shown}:{error.lineno}", f"this is not valid JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise _invalid(shown, "it is nested too deeply or holds too long a number") from error
    if _depth(value) > DEPTH_MAX:
        raise _invalid(shown, f"it is nested deeper than {DEPTH_MAX}")
    return value


def _depth(value: Any) -> int:
    deepest, pending = 0, [(value, 1)]
    while pending:
        part, depth = pending.pop()
        deepest = max(deepest, depth)
        if isinstance(part, dict):
            pending += [(child, depth + 1) for child in part.values()]
        elif isinstance(part, list):
            pending += [(child, depth + 1) for child in part if isinstance(child, dict | list)]
    return deepest


class _Builder:
    """Builds values from YAML events, so that nothing is ever constructed by name."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.values = 0

    def build(self, text: str) -> Document:
        parser = getattr(yaml, "CLoader", yaml.Loader)
        events = yaml.parse(text, Loader=parser)
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                break
            if found:
                raise self._problem(event, "one file holds one YAML document")
            found.append(self._value(event, events, ()))
        if not found:
            raise _invalid(self.shown, "it is empty")
        return Document(found[0], self.lines)

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: tuple[str | int, ...]) -> Any:
        self._check(event, path)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event)

    def _mapping(self, events: Iterator[yaml.Event], path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self._problem(event, "a key has to be a plain word")
            self._check(event, path)
            key = str(event.value)
            if key in found:
                raise self._problem(event, f"the key `{key}` is there twice")
            self.lines[(*path, key)] = _line(event)
            found[key] = self._value(next(events), events, (*path, key))
        return found

    def _sequence(self, events: Iterator[yaml.Event], path: tuple[str | int, ...]) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, events, (*path, len(found))))
        return found

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        word = str(event.value)
        if event.style:
            return word
        if word in _WORDS:
            return _WORDS[word]
        if _INTEGER.match(word):
            return int(word)
        if _FRACTION.match(word) and math.isfinite(float(word)):
            return float(word)
        return word

    def _check(self, event: yaml.Event, path: tuple[str | int, ...]) -> None:
        self.values += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._problem(event, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise self._problem(event, f"tags such as `{event.tag}` are not allowed")  # type: ignore[attr-defined]
        if len(path) >= DEPTH_MAX:
            raise self._problem(event, f"it is nested deeper than {DEPTH_MAX}")
        if self.values > VALUES_MAX:
            raise self._problem(event, f"it holds more than {VALUES_MAX} values")

    def _problem(self, event: yaml.Event, message: str) -> InvalidContentError:
        return _invalid(f"{self.shown}:{_line(event)}", message)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _invalid(path: str, message: str) -> InvalidContentError:
    return InvalidContentError([Problem(path, message)])
