"""Server seeds of battles at rest."""

from __future__ import annotations

from aether.kernel import sealing

_LABEL = b"aether.battle.seed.v1"


def seal(seed: bytes, *, battle_id: int) -> bytes:
    """Return the seed as it may lie in the database."""
    return sealing.seal(seed, label=_LABEL, owner=battle_id.to_bytes(8, "big"))


def unseal(sealed: bytes, *, battle_id: int, commitment: str) -> bytes:
    """Return the seed, under the present secret key or one before it."""
    return sealing.unseal(sealed, label=_LABEL, owner=battle_id.to_bytes(8, "big"), commitment=commitment)
