"""Server seeds at rest: sealed with a pad that follows from the secret key and from whose seed it is."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.utils.encoding import force_bytes

from aether.kernel import rng


def seal(seed: bytes, *, label: bytes, owner: bytes) -> bytes:
    """Return the seed as it may lie in the database. An owner has one seed for ever: a pad is used once."""
    return _mixed(seed, settings.SECRET_KEY, label, owner)


def unseal(sealed: bytes, *, label: bytes, owner: bytes, commitment: str) -> bytes:
    """Return the seed, under the present secret key or one before it.

    Raises:
        ValueError: if none of these keys gives the seed that was committed to.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        seed = _mixed(sealed, key, label, owner)
        if rng.commit(seed).hex() == commitment:
            return seed
    raise ValueError(f"the seed committed to by {commitment} was sealed under another SECRET_KEY")


def _mixed(text: bytes, key: str | bytes, label: bytes, owner: bytes) -> bytes:
    derived = hashlib.sha256(label + force_bytes(key)).digest()
    pad = hmac.digest(derived, owner, "sha256")
    return bytes(one ^ other for one, other in zip(text, pad, strict=True))
