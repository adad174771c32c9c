"""Server seeds at rest: sealed with a pad that follows from the secret key and the battle."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.utils.encoding import force_bytes

from aether.kernel import rng

_LABEL = b"aether.battle.seed.v1"


def seal(seed: bytes, *, battle_id: int) -> bytes:
    """Return the seed as it may lie in the database."""
    return _mixed(seed, settings.SECRET_KEY, battle_id)


def unseal(sealed: bytes, *, battle_id: int, commitment: str) -> bytes:
    """Return the seed, under the present secret key or one before it."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        seed = _mixed(sealed, key, battle_id)
        if rng.commit(seed).hex() == commitment:
            return seed
    raise ValueError(f"the seed of battle {battle_id} was sealed under another SECRET_KEY")


def _mixed(text: bytes, key: str | bytes, battle_id: int) -> bytes:
    derived = hashlib.sha256(_LABEL + force_bytes(key)).digest()
    pad = hmac.digest(derived, battle_id.to_bytes(8, "big"), "sha256")
    return bytes(one ^ other for one, other in zip(text, pad, strict=True))
