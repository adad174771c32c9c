"""The wire contract as a document: AsyncAPI 3 with JSON Schemas, every refusal and every close code.

A client that nobody here wrote can be made from it alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

import aether.kernel.journal
import aether.kernel.rest  # noqa: F401 - their refusals are part of the contract
from aether.gateway.errors import Close
from aether.kernel.errors import GameError
from aether.protocol import typescript
from aether.protocol.base import Command, Update, command_types, update_types
from aether.protocol.gateway import ErrorBody

Document = dict[str, Any]

SCHEMA_PATH = Path(typescript.__file__).with_name("schema.json")
TYPESCRIPT_PATH = settings.PROJECT / "client" / "src" / "app" / "protocol" / "generated.ts"
REF = "#/components/schemas/{name}"
CLOSE_MEANINGS = {
    Close.WRONG_FRAME_TYPE: "a binary frame on a JSON socket, or text on a MessagePack one",
    Close.FLOOD: "too many frames, bad frames or sockets",
    Close.TOO_LARGE: "a frame larger than the limit",
    Close.DRAIN: "the server goes; resume at once, elsewhere",
    Close.PROTOCOL: "the protocol was broken",
    Close.NOT_AUTHENTICATED: "no hello in time, a ticket that is not valid, or a login that was revoked",
    Close.TOO_SLOW: "the client reads too slowly, or was silent for too long",
    Close.TAKEN_OVER: "another socket plays this character now",
    Close.UNSUPPORTED_VERSION: "the client speaks another version of the protocol",
}


@cache
def document() -> Document:
    """Return the whole contract."""
    commands, updates = command_types(), update_types()
    replies = [kind.reply_type for kind in commands.values()]
    kinds = [*commands.values(), *replies, *updates.values(), ErrorBody]
    refs, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    named = dict(zip(kinds, refs, strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Aether turn protocol",
            "version": "1.0.0",
            "description": "One WebSocket per client: commands, replies and updates.",
        },
        "defaultContentType": "application/json",
        "channels": {"socket": _channel(commands, updates)},
        "operations": _operations(commands, updates),
        "components": {"schemas": schemas, "messages": _messages(commands, updates, named)},
        "x-error-codes": error_codes(),
        "x-close-codes": {str(int(code)): CLOSE_MEANINGS[code] for code in Close},
    }


def error_codes() -> Document:
    """Return every refusal by its code, with its sentences."""
    autodiscover_modules("errors")
    found: dict[str, type[GameError]] = {}
    waiting = [GameError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        # Two types may share a code where they mean the same; the kernel's is the one that counts.
        if kind.code not in found or kind.__module__ == GameError.__module__:
            found[kind.code] = kind
    return {
        code: {"en": kind.en, "fr": kind.fr, "retry": kind.retry, "http_status": kind.http_status}
        for code, kind in sorted(found.items())
        if kind.__module__.startswith("aether.") or kind.__module__.endswith(".errors")
    }


def rendered() -> dict[Path, str]:
    """Return each generated file with what it should hold."""
    schema = msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=1).decode() + "\n"
    return {SCHEMA_PATH: schema, TYPESCRIPT_PATH: typescript.render()}


def _channel(commands: dict[str, type[Command]], updates: dict[str, type[Update]]) -> Document:
    names = [*_message_names(commands, "command"), *_message_names(commands, "reply"), "refusal"]
    names += _message_names(updates, "update")
    return {
        "address": "/ws/",
        "description": "Subprotocol aether.v1.json (text) or aether.v1.msgpack (binary, the same shapes).",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET"}},
    }


def _operations(commands: dict[str, type[Command]], updates: dict[str, type[Update]]) -> Document:
    channel = {"$ref": "#/channels/socket"}
    sent = [*_message_names(commands, "reply"), "refusal", *_message_names(updates, "update")]
    received = _message_names(commands, "command")
    return {
        "command": {"action": "receive", "channel": channel, "messages": _in_channel(received)},
        "tell": {"action": "send", "channel": channel, "messages": _in_channel(sent)},
    }


def _messages(
    commands: dict[str, type[Command]], updates: dict[str, type[Update]], named: dict[Any, Document]
) -> Document:
    messages: Document = {"refusal": _message("A command is refused.", _refusal(named[ErrorBody]))}
    for t, kind in commands.items():
        summary = f"{t}: durable, answered once" if kind.is_durable else t
        messages[f"command-{t}"] = _message(summary, _command(t, named[kind]))
        messages[f"reply-{t}"] = _message(f"The answer to {t}.", _reply(named[kind.reply_type]))
    for t, update in updates.items():
        messages[f"update-{t}"] = _message(t, _update(t, named[update]))
    return messages


def _message(summary: str, payload: Document) -> Document:
    return {"summary": summary, "payload": payload}


def _command(t: str, d: Document) -> Document:
    fields = {
        "t": {"const": t},
        "id": {"type": "string", "minLength": 1, "maxLength": 36},
        "d": d,
        "on": {"type": ["integer", "null"], "minimum": 0},
    }
    return _object(fields, ["t", "id"]) | {"additionalProperties": False}


def _reply(ok: Document) -> Document:
    return _object({"re": {"type": "string"}, "ok": ok, "replayed": {"const": True}}, ["re", "ok"])


def _refusal(error: Document) -> Document:
    return _object({"re": {"type": ["string", "null"]}, "err": error}, ["re", "err"])


def _update(t: str, d: Document) -> Document:
    number = {"type": "integer"}
    numbers = {"type": "array", "prefixItems": [number, number], "minItems": 2, "maxItems": 2}
    return _object({"t": {"const": t}, "s": {"type": "string"}, "n": numbers, "d": d}, ["t", "d"])


def _object(properties: Document, required: list[str]) -> Document:
    return {"type": "object", "properties": properties, "required": required}


def _message_names(types: dict[str, Any], role: str) -> list[str]:
    return [f"{role}-{t}" for t in types]


def _in_channel(names: list[str]) -> list[Document]:
    return [{"$ref": f"#/channels/socket/messages/{name}"} for name in names]
