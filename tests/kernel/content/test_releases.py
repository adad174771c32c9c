"""Releases: kept whole, found by their hash, and told when they are damaged."""

from __future__ import annotations

import pytest

from aether.kernel import content
from aether.kernel.content import releases
from aether.kernel.content.models import ContentRelease
from aether.kernel.errors import NotFoundError
from tests.kernel.content.charms import Charm, WritePack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_releases_in_memory() -> None:
    releases._earlier.cache_clear()


def test_an_earlier_release_is_found_after_another_was_activated(write_pack: WritePack) -> None:
    earlier = content.load(write_pack(a="id: bead\nprice: 3\n"))
    content.record(earlier)
    later = content.load(write_pack(a="id: bead\nprice: 4\n"))
    with content.using(later):
        assert content.release(earlier.hash).get(Charm, "bead").price == 3
        assert content.release(later.hash) is later


def test_recording_twice_keeps_one(write_pack: WritePack) -> None:
    pack = content.load(write_pack(a="id: bead\nprice: 3\n"))
    content.record(pack)
    content.record(pack)
    assert ContentRelease.objects.filter(hash=pack.hash).count() == 1


def test_a_release_that_never_ran_is_not_found(write_pack: WritePack) -> None:
    with content.using(content.load(write_pack())), pytest.raises(NotFoundError):
        content.release("0" * 64)


def test_a_damaged_release_is_not_used(write_pack: WritePack) -> None:
    earlier = content.load(write_pack(a="id: bead\nprice: 3\n"))
    other = content.load(write_pack(a="id: bead\nprice: 5\n"))
    content.record(earlier)
    content.record(other)
    stolen = ContentRelease.objects.get(hash=other.hash).compiled
    ContentRelease.objects.filter(hash=earlier.hash).update(compiled=stolen)
    with content.using(content.load(write_pack())), pytest.raises(RuntimeError, match="damaged"):
        content.release(earlier.hash)
