"""The one Channels consumer: the handshake, then a lean read loop of its own.

The stock dispatch of Channels costs two tasks a message; this one reads frame after frame. A frame's `t`
never names a method, so nothing inside can be called from outside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from aether.gateway import metrics, running
from aether.gateway.registry import Registry
from aether.gateway.socket import Peer, Socket
from aether.gateway.writing import write_at_once_of
from aether.protocol.codec import FormatName

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

FORMATS: dict[str, FormatName] = {"aether.v1.json": "json", "aether.v1.msgpack": "msgpack"}
DEFAULT_PORTS = {"http": 80, "https": 443}


class GatewayConsumer(AsyncConsumer):
    """Speaks the turn protocol on one socket."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        registry = running.registry()
        status, result, subprotocol = _judge(scope, registry)
        metrics.HANDSHAKES.labels(result).inc()
        if registry is None or status != HTTPStatus.SWITCHING_PROTOCOLS:
            await _reject(send, status, result)
            return
        socket = Socket(
            registry,
            send,
            form=FORMATS[subprotocol],
            peer=Peer(_language(scope), _address(scope)),
            write_at_once=write_at_once_of(send),
        )
        registry.add(socket)
        try:
            await send({"type": "websocket.accept", "subprotocol": subprotocol})
            await socket.serve(receive)
        except OSError:
            # The peer went away while something was on its way to it.
            return
        finally:
            await socket.leave()


def _judge(scope: Scope, registry: Registry | None) -> tuple[HTTPStatus, str, str]:
    """Return the answer to a handshake, a word for it, and the subprotocol."""
    subprotocol = next((name for name in scope["subprotocols"] if name in FORMATS), "")
    if registry is None or registry.is_draining:
        return HTTPStatus.SERVICE_UNAVAILABLE, "draining", ""
    if not is_origin_allowed(scope, registry.limits.allowed_origins):
        return HTTPStatus.FORBIDDEN, "origin", ""
    if not subprotocol:
        return HTTPStatus.BAD_REQUEST, "subprotocol", ""
    if not registry.may_open(_address(scope)):
        return HTTPStatus.TOO_MANY_REQUESTS, "too_many", ""
    return HTTPStatus.SWITCHING_PROTOCOLS, "accepted", subprotocol


def is_origin_allowed(scope: Scope, allowed: tuple[str, ...]) -> bool:
    """Tell if a page of this origin may open a socket: only programs send none."""
    origins = _headers(scope, b"origin")
    if not origins:
        return True
    if len(origins) > 1:
        return False
    origin = origins[0].lower()
    return origin in allowed or _is_same_origin(origin, scope)


def _is_same_origin(origin: str, scope: Scope) -> bool:
    hosts = _headers(scope, b"host")
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    try:
        ours = urlsplit(f"{scheme}://{hosts[0].lower()}")
        theirs = urlsplit(origin)
        port, other_port = ours.port or DEFAULT_PORTS[scheme], theirs.port or DEFAULT_PORTS[scheme]
    except (ValueError, IndexError):
        return False
    is_ours = validate_host(ours.hostname or "", settings.ALLOWED_HOSTS)
    is_plain = not (theirs.path or theirs.query or theirs.username)
    same = (scheme, ours.hostname, port) == (theirs.scheme, theirs.hostname, other_port)
    return is_ours and is_plain and same


async def _reject(send: Send, status: HTTPStatus, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers.append((b"retry-after", b"2"))
    await send({"type": "websocket.http.response.start", "status": int(status), "headers": headers})
    await send({"type": "websocket.http.response.body", "body": f"{status.phrase}: {reason}\n".encode()})


def _address(scope: Scope) -> str:
    """Return the peer's address; the server replaces it by a forwarded one from a trusted hop only."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _language(scope: Scope) -> str:
    """Return what `?lang=` asks for, since pages cannot set a header here; else what the header prefers."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [])
    for header in [*asked, *_headers(scope, b"accept-language")]:
        for code, _ in parse_accept_lang_header(header[:500].lower()):
            try:
                return get_supported_language_variant(code)[:2]
            except LookupError:
                continue
    return "en"


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
