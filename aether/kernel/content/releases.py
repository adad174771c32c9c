"""Every release that ever ran, kept whole in the database: what pinned a hash finds its content again."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache

from aether.kernel.content import running
from aether.kernel.content.loading import from_compiled
from aether.kernel.content.pack import Pack
from aether.kernel.errors import NotFoundError


def record(pack: Pack) -> None:
    """Keep a release; one that is there already stays as it is."""
    from aether.kernel.content.models import ContentRelease

    ContentRelease.objects.bulk_create(
        [ContentRelease(hash=pack.hash, release=pack.release, compiled=zlib.compress(pack.compiled, 9))],
        ignore_conflicts=True,
    )


def release(content_hash: str) -> Pack:
    """Return the pack of a hash: the running one, or one that ran before (asks the database once)."""
    pack = running.current()
    return pack if pack.hash == content_hash else _earlier(content_hash)


def is_kept(content_hash: str) -> bool:
    """Tell if a release can still be read; what was kept once is never thrown away."""
    if content_hash in _kept or running.current().hash == content_hash:
        return True
    from aether.kernel.content.models import ContentRelease

    if not ContentRelease.objects.filter(hash=content_hash).exists():
        return False
    _kept.add(content_hash)
    return True


_kept: set[str] = set()


@lru_cache(maxsize=8)
def _earlier(content_hash: str) -> Pack:
    from aether.kernel.content.models import ContentRelease

    found = ContentRelease.objects.filter(hash=content_hash).values_list("compiled", flat=True).first()
    if found is None:
        raise NotFoundError(content=content_hash)
    compiled = zlib.decompress(bytes(found))
    if hashlib.sha256(compiled).hexdigest() != content_hash:
        raise RuntimeError(f"The stored content {content_hash} is damaged: its hash does not match.")
    return from_compiled(compiled)
