"""What tests of accounts share: a pack with two classes, and what sockets were told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from aether.kernel import content, realtime
from aether.kernel.live import redis

TEXTS = {"name": {"en": "Anchorite", "fr": "Anachorète"}, "description": {"en": "Close.", "fr": "Proche."}}


class ClassPack:
    """Stands in for the running pack: accounts only asks for the documents of classes."""

    def raw(self, kind: str) -> dict[str, Any]:
        assert kind == "classes"
        document = {
            **TEXTS,
            "id": "anchorite",
            "icon": "anchor",
            "element": "stone",
            "skills": ["brace"],
            "hp0": 62,
        }
        return {"anchorite": document}


@pytest.fixture(autouse=True)
def pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "current", ClassPack)


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    yield
    cache.clear()
    redis().flushdb()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Any]]:
    """What characters were told on `me`."""
    updates: list[tuple[int, Any]] = []
    monkeypatch.setattr(realtime, "tell_character", lambda *update: updates.append(update))
    return updates


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Which accounts and logins had their sockets closed."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(realtime, "close_account", lambda *call: calls.append(("account", *call)))
    monkeypatch.setattr(realtime, "close_login", lambda *call: calls.append(("login", *call)))
    return calls
