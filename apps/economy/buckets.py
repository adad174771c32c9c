"""Where assets are, by name: the buckets of characters, the faucets and the sinks, and what staff give."""

from __future__ import annotations

from typing import NamedTuple

from apps.economy.models import CHARACTER, SYSTEM

EQUIPPED = "equipped:"


class Bucket(NamedTuple):
    """Names a ledger account; the account itself is opened at its first use."""

    owner_type: str
    owner_id: int
    name: str

    @property
    def is_system(self) -> bool:
        return self.owner_type == SYSTEM


def wallet(character_id: int) -> Bucket:
    return Bucket(CHARACTER, character_id, "wallet")


def bag(character_id: int) -> Bucket:
    return Bucket(CHARACTER, character_id, "bag")


def equipped(character_id: int, slot: str) -> Bucket:
    return Bucket(CHARACTER, character_id, EQUIPPED + slot)


def faucet(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"faucet:{kind}")


def sink(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"sink:{kind}")


def staff(kind: str) -> Bucket:
    return Bucket(SYSTEM, 0, f"gm:{kind}")
