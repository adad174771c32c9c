"""Frames, to and from bytes: JSON text or MessagePack, the same shapes.

Reading is strict. What the fast decoder would let through (keys given twice, characters that no
name or database should hold) is looked for in the text first, by a scan that is cheap while a frame
is ordinary.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, Literal

import msgpack
import msgspec

from aether.kernel.errors import BadJsonError, BadRequestError, GameError, UnknownFieldError, UnknownTypeError
from aether.protocol.base import Command, Update, Wire, command_types
from aether.protocol.gateway import CommandFrame, ErrorBody

FormatName = Literal["json", "msgpack"]
Frame = str | bytes
Fields = dict[str, Any]

DEPTH_MAX = 16
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_decode_json = msgspec.json.Decoder(strict=True).decode
_encode_json = msgspec.json.Encoder().encode
_encode_msgpack = msgspec.msgpack.Encoder().encode


class Encoded:
    """An update on its way out: its body is encoded once per format, whoever receives it."""

    __slots__ = ("_bodies", "_update", "type_name")

    def __init__(self, type_name: str, update: Update | None, json_body: bytes | None = None) -> None:
        self.type_name = type_name
        self._update = update
        self._bodies: dict[FormatName, bytes] = {} if json_body is None else {"json": json_body}

    @classmethod
    def of(cls, update: Update) -> Encoded:
        return cls(update.type_name, update)

    def body(self, form: FormatName) -> bytes:
        """Return the update's `d` in a format."""
        body = self._bodies.get(form)
        if body is None:
            body = self._bodies[form] = self._encode(form)
        return body

    def _encode(self, form: FormatName) -> bytes:
        if form == "json":
            return _encode_json(self._update)
        if self._update is not None:
            return _encode_msgpack(self._update)
        return _encode_msgpack(_decode_json(self._bodies["json"]))


def parse(frame: Frame) -> Fields:
    """Return the fields of a frame: text is JSON, bytes are MessagePack."""
    try:
        fields = _parse_json(frame) if isinstance(frame, str) else _parse_msgpack(frame)
    except RecursionError:
        raise BadJsonError(problem="it is nested too deeply") from None
    except (msgspec.MsgspecError, ValueError, msgpack.UnpackException) as error:
        raise BadJsonError(problem=_plain(error)) from None
    if type(fields) is not dict:
        raise BadJsonError(problem="it is not an object")
    return fields


def id_of(fields: Fields) -> str | None:
    """Return the id that an answer to these fields may echo."""
    given = fields.get("id")
    return given if isinstance(given, str) and 1 <= len(given) <= 36 else None


def id_in(frame: Frame) -> str | None:
    """Return the id of a frame that `parse` has refused, where it is readable all the same."""
    try:
        fields = json.loads(frame, strict=False) if isinstance(frame, str) else msgpack.unpackb(frame)
    except (RecursionError, ValueError, TypeError, msgpack.UnpackException):
        return None
    given = id_of(fields) if isinstance(fields, dict) else None
    return None if given is None or _FORBIDDEN.search(given) else given


def read_command(fields: Fields) -> tuple[CommandFrame, Command]:
    """Return the envelope and the typed command, or refuse by name what is wrong with it."""
    frame = _convert(fields, CommandFrame)
    kind = command_types_by_name().get(frame.t)
    if kind is None:
        raise UnknownTypeError
    return frame, _convert(frame.d, kind)


def command_types_by_name() -> dict[str, type[Command]]:
    """Return every command type by its `t`, computed once."""
    if not _known:
        _known.update(command_types())
    return _known


def reply_frame(
    re_: str | None, reply: Wire | bytes, form: FormatName, *, is_replayed: bool = False
) -> Frame:
    """Return the reply `ok`; bytes are a stored reply, in JSON."""
    if form == "json":
        body = reply if isinstance(reply, bytes) else _encode_json(reply)
        tail = b',"replayed":true}' if is_replayed else b"}"
        return (b'{"re":' + _encode_json(re_) + b',"ok":' + body + tail).decode()
    ok = _decode_json(reply) if isinstance(reply, bytes) else reply
    frame: Fields = {"re": re_, "ok": ok}
    if is_replayed:
        frame["replayed"] = True
    return _encode_msgpack(frame)


def refusal_frame(re_: str | None, error: GameError, language: str, form: FormatName) -> Frame:
    """Return the reply `err`."""
    body = ErrorBody(
        code=error.code, message=error.message(language), retry=error.retry, details=error.details
    )
    frame = {"re": re_, "err": body}
    return _encode_json(frame).decode() if form == "json" else _encode_msgpack(frame)


def update_frame(
    stream: str | None, numbers: tuple[int, int] | None, encoded: Encoded, form: FormatName
) -> Frame:
    """Return an update; those outside every stream have neither `s` nor `n`."""
    body = encoded.body(form)
    if form == "json":
        head = f'{{"t":"{encoded.type_name}",'
        if stream is not None and numbers is not None:
            head += f'"s":"{stream}","n":[{numbers[0]},{numbers[1]}],'
        return f'{head}"d":{body.decode()}}}'
    frame: Fields = {"t": encoded.type_name}
    if stream is not None and numbers is not None:
        frame |= {"s": stream, "n": numbers}
    return _encode_msgpack(frame | {"d": msgspec.Raw(body)})


_known: dict[str, type[Command]] = {}


def _parse_json(text: str) -> Any:
    fields = _decode_json(text)
    is_plain = "\\" not in text and " :" not in text and "\t:" not in text and "\n:" not in text
    if not is_plain or "\r:" in text or text.count('":') != _count_keys(fields):
        fields = json.loads(text, object_pairs_hook=_unique)
        _check_strings(fields, 0)
    elif not text.isascii():
        _check_characters(text)
    return fields


def _parse_msgpack(frame: bytes) -> Any:
    fields = msgpack.unpackb(
        frame, object_pairs_hook=_unique, strict_map_key=True, raw=False, ext_hook=_refuse_extension
    )
    _check_strings(fields, 0)
    return fields


def _count_keys(value: Any) -> int:
    count, nested = 0, [value]
    while nested:
        each = nested.pop()
        if type(each) is dict:
            count += len(each)
            nested += each.values()
        elif type(each) is list:
            nested += each
    return count


def _unique(pairs: list[tuple[str, Any]]) -> Fields:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is given twice")
    return fields


def _check_strings(value: Any, depth: int) -> None:
    """Refuse characters that nothing should hold, numbers that are none, and what is nested too deeply."""
    if depth > DEPTH_MAX:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str):
        _check_characters(value)
    elif isinstance(value, dict):
        _check_strings([*value.keys(), *value.values()], depth)
    elif isinstance(value, list):
        for inner in value:
            _check_strings(inner, depth + 1)
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError("a number is not finite")


def _check_characters(text: str) -> None:
    if found := _FORBIDDEN.search(text):
        raise ValueError(f"the character U+{ord(found[0]):04X} is not allowed")


def _refuse_extension(code: int, body: bytes) -> object:
    raise ValueError("extension types are not used here")


def _convert(fields: Fields, kind: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        if "unknown field" in str(error):
            raise UnknownFieldError(problem=_plain(error)) from None
        raise BadRequestError(problem=_plain(error)) from None


def _plain(error: Exception) -> str:
    """Return what an error says, short, and without what the client has sent."""
    text = str(error).split("(", 1)[0].strip() if isinstance(error, json.JSONDecodeError) else str(error)
    return _FORBIDDEN.sub("", text)[:160].rstrip(".") or "it cannot be read"
