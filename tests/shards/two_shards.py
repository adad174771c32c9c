"""How one thread is now this shard and now that: what `default`, `realm` and the settings mean changes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.test import override_settings

from aether.kernel import shards
from tests.emptying import empty

NAMES = {"first": ("Anchorage", "Mouillage"), "second": ("Farside", "Autre-Rive")}
IDS_FROM = 1_000_000
"""Characters of the second shard have other ids, for both share one Redis in these tests."""


class ShardOfThread(threading.local):
    """Stands in for the setting `SHARD`, which is another one in each thread."""

    def __init__(self) -> None:
        self.id = "first"

    def __getitem__(self, key: str) -> Any:
        english, french = NAMES[self.id]
        told = {
            "id": self.id,
            "name_en": english,
            "name_fr": french,
            "address": f"https://{self.id}.example.org",
            "capacity": 100,
        }
        return told[key]


class TwoShards:
    """Serves one shard or the other, in this thread."""

    told = ShardOfThread()

    def __init__(self, *, first: Any, second: Any) -> None:
        self._wrappers = {"first": first, "second": second}

    @contextlib.contextmanager
    def on(self, shard: str) -> Iterator[None]:
        """Be a process that serves a shard, until the block ends."""
        before, said = connections["default"], self.told.id
        is_outermost = "realm" not in connections.settings
        connections.settings["realm"] = connections.settings["default"]
        connections["default"], connections["realm"] = self._wrappers[shard], self._wrappers["first"]
        self.told.id = shard
        try:
            with override_settings(SHARD=self.told, TRANSFER_REST_S=0):
                yield
        finally:
            self.told.id = said
            connections["default"] = before
            if is_outermost:
                del connections.settings["realm"]
                del connections["realm"]

    def for_another_thread(self) -> TwoShards:
        """Return the same with connections of the calling thread, which is another one."""
        return TwoShards(**{name: wrapper.copy() for name, wrapper in self._wrappers.items()})

    def close(self) -> None:
        for wrapper in self._wrappers.values():
            wrapper.close()

    def settings_of(self, shard: str) -> dict[str, Any]:
        """Return where a shard's database is."""
        found: dict[str, Any] = self._wrappers[shard].settings_dict
        return found

    def announce(self) -> None:
        """Let the realm know of both."""
        for shard in self._wrappers:
            with self.on(shard):
                shards.beat()


def made_second() -> Any:
    """Make the second database, under a name of its own, and return its connection."""
    settings = connections.settings["default"]
    name = settings["NAME"]
    connections.settings["second"] = settings | {"TEST": settings["TEST"] | {"NAME": f"{name}_second"}}
    try:
        wrapper = connections["second"]
        wrapper.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        del connections.settings["second"]
        del connections["second"]
    wrapper.settings_dict = wrapper.settings_dict | {"NAME": f"{name}_second"}
    with wrapper.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE accounts_character_id_seq RESTART WITH {IDS_FROM + 1}")
    empty(wrapper)
    return wrapper
