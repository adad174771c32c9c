"""The pack that the game runs on: read at first use, replaced whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from aether.kernel.content.loading import load
from aether.kernel.content.pack import InvalidContentError, Pack

_current: Pack | None = None
_reading = threading.Lock()


def current() -> Pack:
    """Return the running pack; an invalid one stops the start with a sentence."""
    if _current is None:
        with _reading:
            _read_once()
    assert _current is not None
    return _current


def _read_once() -> None:
    if _current is None:
        activate(_read())


def activate(pack: Pack) -> Pack:
    """Run on another pack from now on. Battles go on with the one that they began with."""
    global _current
    _current = pack
    return pack


@contextmanager
def using(pack: Pack) -> Iterator[Pack]:
    """Run on a pack for a while (tests)."""
    global _current
    before, _current = _current, pack
    try:
        yield pack
    finally:
        _current = before


def _read() -> Pack:
    folder = Path(settings.CONTENT_PACK)
    try:
        return load(folder)
    except InvalidContentError as error:
        more = len(error.problems) - 1
        rest = f" and {more} more (`manage.py content check` shows them)" if more else ""
        raise ImproperlyConfigured(
            f"The content pack in {folder} is not valid: {error.problems[0]}{rest}."
        ) from error
