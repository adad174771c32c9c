"""Making msgspec ready for threads.

What a struct looks like is worked out when it is first decoded, and not by one thread at a time: two that
come first together crash the process (msgspec 0.22). So every process works it all out before it has threads.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def make_ready() -> None:
    """Work out every struct that is defined by now. Call once the apps are set up."""
    for kind in _below(msgspec.Struct):
        if not kind.__module__.startswith("msgspec") and not getattr(kind, "__parameters__", ()):
            msgspec.json.Decoder(kind)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
