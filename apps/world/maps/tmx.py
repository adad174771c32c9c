"""Tiled's XML as the plain values that its JSON has. No document types, no entities, bounded in all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from aether.kernel.content import InvalidContentError, Problem

ELEMENTS_MAX = 50_000
DEPTH_MAX = 16

Convert = Callable[[str], Any]


class Element:
    """One element with its attributes, its text and what is inside."""

    __slots__ = ("attributes", "children", "line", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.text = ""

    def all(self, *tags: str) -> list[Element]:
        return [child for child in self.children if child.tag in tags]

    def first(self, tag: str) -> Element | None:
        return next((child for child in self.children if child.tag == tag), None)


def map_value(text: str, shown: str) -> dict[str, Any]:
    """Return the map of a .tmx file as the value of the .tmj file that says the same."""
    return _Reader(shown).map(_parsed(text, shown, "map"))


def tileset_value(text: str, shown: str) -> dict[str, Any]:
    """Return the tileset of a .tsx file as the value of the .tsj file that says the same."""
    return _Reader(shown).tileset(_parsed(text, shown, "tileset"))


def _parsed(text: str, shown: str, root: str) -> Element:
    try:
        found = _Builder(shown).build(text)
    except expat.ExpatError as error:
        problem = f"this is not valid XML: {expat.ErrorString(error.code)}"
        raise _refused(shown, error.lineno, problem) from error
    if found.tag != root:
        raise _refused(shown, found.line, f"it holds `{found.tag}` instead of `{root}`")
    return found


class _Builder:
    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.open: list[Element] = []
        self.root: Element | None = None
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda _: self.open.pop()
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def build(self, text: str) -> Element:
        # The text has been decoded already, whatever its first line says about that.
        self.parser.Parse(text.encode(), True)
        assert self.root is not None
        return self.root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        line = self.parser.CurrentLineNumber
        if self.count > ELEMENTS_MAX or len(self.open) >= DEPTH_MAX:
            limit = f"{ELEMENTS_MAX} elements, or is nested deeper than {DEPTH_MAX}"
            raise _refused(self.shown, line, f"it holds more than {limit}")
        element = Element(tag, attributes, line)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _refuse(self, *_: object) -> None:
        raise _refused(self.shown, self.parser.CurrentLineNumber, "document types are not allowed")


class _Reader:
    """Turns elements into values; a value that is no number where one belongs is refused with its line."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def map(self, root: Element) -> dict[str, Any]:
        sizes = ("width", "height", "tilewidth", "tileheight")
        return {
            **self._values(root, dict.fromkeys(sizes, _whole) | {"orientation": str, "infinite": _truth}),
            "layers": [self._layer(each) for each in root.all("layer", "objectgroup", "imagelayer", "group")],
            "tilesets": [self._use(each) for each in root.all("tileset")],
        }

    def tileset(self, root: Element) -> dict[str, Any]:
        return {
            **self._values(root, {"name": str, "source": str}),
            "tiles": [self._tile(each) for each in root.all("tile")],
        }

    def _use(self, element: Element) -> dict[str, Any]:
        return self.tileset(element) | self._values(element, {"firstgid": _whole})

    def _tile(self, element: Element) -> dict[str, Any]:
        image = element.first("image")
        picture = {} if image is None else {"image": image.attributes.get("source", "")}
        return {**self._values(element, {"id": _whole}), **picture, **self._properties(element)}

    def _layer(self, element: Element) -> dict[str, Any]:
        kind = "tilelayer" if element.tag == "layer" else element.tag
        found = {"name": "", "type": kind, **self._values(element, {"name": str})}
        if kind == "tilelayer":
            found |= self._values(element, {"width": _whole, "height": _whole}) | self._cells(element)
        if kind == "objectgroup":
            found["objects"] = [self._object(each) for each in element.all("object")]
        return found

    def _cells(self, layer: Element) -> dict[str, Any]:
        data = layer.first("data")
        if data is None:
            return {}
        encoding = data.attributes.get("encoding", "xml")
        if encoding == "base64":
            known = self._values(data, {"compression": str})
            return {"data": data.text.strip(), "encoding": "base64", **known}
        if encoding == "csv":
            texts = [text.strip() for text in data.text.split(",")] if data.text.strip() else []
        elif encoding == "xml":
            texts = [tile.attributes.get("gid", "0") for tile in data.all("tile")]
        else:
            raise _refused(self.shown, data.line, f"the encoding `{encoding}` is unknown")
        return {"data": [self._converted(text, _whole, data.line) for text in texts]}

    def _object(self, element: Element) -> dict[str, Any]:
        numbers = dict.fromkeys(("x", "y", "width", "height", "rotation"), _number)
        wholes: dict[str, Convert] = {"id": _whole, "gid": _whole}
        words: dict[str, Convert] = dict.fromkeys(("name", "type", "class", "template"), str)
        found = self._values(element, numbers | wholes | words)
        for shape in ("polygon", "polyline"):
            if (drawn := element.first(shape)) is not None:
                found[shape] = self._corners(drawn)
        marks = {mark: True for mark in ("point", "ellipse", "text") if element.first(mark) is not None}
        return found | marks | self._properties(element)

    def _corners(self, shape: Element) -> list[dict[str, float]]:
        corners = []
        for pair in shape.attributes.get("points", "").split():
            x, _, y = pair.partition(",")
            corners.append(
                {
                    "x": self._converted(x, _number, shape.line),
                    "y": self._converted(y, _number, shape.line),
                }
            )
        return corners

    def _properties(self, element: Element) -> dict[str, Any]:
        group = element.first("properties")
        found = [] if group is None else [self._property(each) for each in group.all("property")]
        return {"properties": found} if found else {}

    def _property(self, element: Element) -> dict[str, Any]:
        kinds: dict[str, Convert] = {"bool": _truth, "int": _whole, "float": _number, "object": _whole}
        convert = kinds.get(element.attributes.get("type", "string"), str)
        value = element.attributes.get("value", element.text)
        name = element.attributes.get("name", "")
        return {"name": name, "value": self._converted(value, convert, element.line)}

    def _values(self, element: Element, wanted: dict[str, Convert]) -> dict[str, Any]:
        return {
            name: self._converted(element.attributes[name], convert, element.line)
            for name, convert in wanted.items()
            if name in element.attributes
        }

    def _converted(self, text: str, convert: Convert, line: int) -> Any:
        try:
            return convert(text)
        except ValueError:
            raise _refused(self.shown, line, f"`{text[:40]}` is not a value that belongs there") from None


def _whole(text: str) -> int:
    if len(text) > 20:
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _truth(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


def _refused(shown: str, line: int, message: str) -> InvalidContentError:
    return InvalidContentError([Problem(f"{shown}:{line}", message)])
