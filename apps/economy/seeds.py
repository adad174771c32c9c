"""Server seeds of dice at rest."""

from __future__ import annotations

from aether.kernel import sealing

_LABEL = b"aether.dice.seed.v1"


def seal(seed: bytes, *, commitment: str) -> bytes:
    """Return the seed as it may lie in the database."""
    return sealing.seal(seed, label=_LABEL, owner=bytes.fromhex(commitment))


def unseal(sealed: bytes, *, commitment: str) -> bytes:
    """Return the seed, under the present secret key or one before it."""
    return sealing.unseal(sealed, label=_LABEL, owner=bytes.fromhex(commitment), commitment=commitment)
